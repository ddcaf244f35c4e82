"""A pole's record is made once, at an address of its own, after its probable doubles were seen."""

import pytest
from django.core.exceptions import ValidationError

from poles.creating import create_pole, free_slug
from poles.finding import likely_poles
from tests.factories import CommuneFactory, NetworkFactory, PoleFactory

pytestmark = pytest.mark.django_db

NAME = "Pôle territorial des Jardins de Kerbihan"


def test_a_draft_with_its_network_and_its_address() -> None:
    network, commune = NetworkFactory(), CommuneFactory()
    pole = create_pole(NAME, seat=commune, network=network, acronym="JDK")
    assert (pole.record_state, pole.reference_network, pole.seat) == ("brouillon", network, commune)
    assert pole.slug == "pole-territorial-des-jardins-de-kerbihan"
    assert create_pole(NAME, seat=None, network=None).slug.endswith("kerbihan-2")


def test_an_address_that_a_pole_once_had_is_left_to_it() -> None:
    pole = PoleFactory(name="Kerbihan", slug="kerbihan")
    pole.slug = "kerbihan-les-bains"
    pole.save()
    assert free_slug("Kerbihan") == "kerbihan-2"


@pytest.mark.parametrize("name", ["…", "é" * 250, "🙂 !", "L’Île-Saint-Denis (93)"])
def test_any_name_has_an_address(name: str) -> None:
    create_pole(name, seat=None, network=None).full_clean()


def test_what_the_rules_refuse_is_told_by_field() -> None:
    with pytest.raises(ValidationError) as caught:
        create_pole("", seat=None, network=None, website="nulle part")
    assert set(caught.value.message_dict) >= {"name", "website"}


@pytest.mark.parametrize(
    ("known", "typed", "why"),
    [
        ({"name": NAME}, {"name": NAME}, "même nom"),
        ({"name": "PTCE Jardins de Kerbihan"}, {"name": "Les jardins de Kerbihan"}, "nom proche"),
        (
            {"name": "Autre chose", "acronym": "XZQV"},
            {"name": "Zébulon", "acronym": "xzqv"},
            "même sigle",
        ),
        ({"name": "XZQV"}, {"name": "Zébulon", "acronym": "xzqv"}, "même sigle"),
        (
            {"name": "Autre chose", "website": "https://www.kerbihan.invalid/a"},
            {"name": "Zébulon", "website": "http://kerbihan.invalid"},
            "même site internet",
        ),
    ],
)
def test_probable_doubles_and_why(known: dict[str, str], typed: dict[str, str], why: str) -> None:
    pole = PoleFactory(**known)
    found = likely_poles(**typed)
    assert found[0].pole == pole
    assert found[0].why[0] == why


def test_the_same_seat_makes_a_name_nearer() -> None:
    commune = CommuneFactory()
    here = PoleFactory(name="Kerbihan textile", seat=commune)
    PoleFactory(name="Kerbihan textiles")
    found = likely_poles("Kerbihan textile et mode", commune)
    assert found[0].pole == here
    assert "même siège" in found[0].why


def test_a_page_on_a_shared_site_is_no_double() -> None:
    PoleFactory(name="Autre chose", website="https://www.facebook.com/autre")
    assert likely_poles("Zébulon xzqv", website="https://facebook.com/zebulon") == []


@pytest.mark.parametrize("website", ["https://[", "pas une adresse", "https://"])
def test_a_site_that_is_none_is_no_fault(website: str) -> None:
    assert likely_poles("Zébulon xzqv", website=website) == []
