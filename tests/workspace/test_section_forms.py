"""What each section asks, takes and refuses."""

from datetime import date
from html import unescape
from typing import Any

import pytest

from poles.models import Draft, Pole
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    PoleCoverageFactory,
    PoleNetworkFactory,
    PoleSourceFactory,
)
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.sections import address, opened, save
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in
from workspace.sections import FORMS

pytestmark = pytest.mark.django_db


def saved(record: Kept, slug: str, **typed: Any) -> Pole:
    response = save(record.editor, record.pole, slug, **typed)
    assert response.status_code == 302, errors(response)
    return Pole.objects.get(pk=record.pole.pk)


def refused(record: Kept, slug: str, **typed: Any) -> dict[str, str]:
    """The errors by field; the page itself keeps all that was typed."""
    before = Pole.objects.get(pk=record.pole.pk).version
    response = save(record.editor, record.pole, slug, **typed)
    assert response.status_code == 200
    assert_clean_html(response.content.decode())
    html = unescape(response.content.decode())
    for name, value in typed.items():
        if isinstance(value, str) and value and "radio" not in name:
            assert value in html
    assert Pole.objects.get(pk=record.pole.pk).version == before
    Draft.objects.all().delete()
    return errors(response)


def errors(response: Any) -> dict[str, str]:
    return {name: " ".join(told) for name, told in response.context["form"].errors.items()}


def test_maturity_years_and_closing() -> None:
    person = OrganisationFactory()
    pole = saved(
        record := kept(),
        "etat",
        maturity="existant",
        maturity_year="2025",
        founding_year=" 2014 ",
        closed_on="2026-03-31",
        legal_person=[str(person.pk)],
        legal_form="SCIC",
    )
    assert (pole.maturity, pole.maturity_year, pole.founding_year) == ("existant", 2025, 2014)
    assert (pole.closed_on, pole.legal_person) == (date(2026, 3, 31), person)
    assert set(refused(record, "etat", founding_year="2031")) == {"closed_on"}
    assert "quatre chiffres" in refused(record, "etat", maturity_year="21")["maturity_year"]
    assert saved(record, "etat", legal_person=[""]).legal_person is None


@pytest.mark.parametrize("typed", ["03/09/2024", "2024-09-03", "3/9/2024"])
def test_dates_are_typed_as_french_writes_them_too(typed: str) -> None:
    pole = saved(kept(), "etat", closed_on=typed)
    assert pole.closed_on == date(2024, 9, 3)


def test_a_name_needs_its_consent() -> None:
    record = kept()
    told = refused(record, "contact", contact_name="Camille Essai")
    assert "donné son accord" in told["contact_consent_on"]
    pole = saved(record, "contact", contact_name="Camille Essai", contact_consent_on="2026-01-02")
    assert (pole.contact_name, pole.contact_consent_on) == ("Camille Essai", date(2026, 1, 2))


def test_zoning_needs_its_basis_and_its_day() -> None:
    record = kept()
    assert set(refused(record, "zonages", rural_area="oui")) == {"rural_basis", "rural_on"}
    pole = saved(record, "zonages", rural_area="non", rural_basis="INSEE", rural_on="2026-01-02")
    assert (pole.rural_area, pole.priority_district) == (False, None)
    pole = saved(record, "zonages", rural_area="")
    assert pole.rural_area is None


def test_territories_are_added_by_name_and_removed_by_their_box() -> None:
    record = kept()
    old = PoleCoverageFactory(pole=record.pole).territory
    pole = saved(
        record,
        "territoire",
        **{"coverage-mots": "hérault", "coverage_words": "La vallée d’essai"},
    )
    assert {each.name for each in pole.coverage.all()} == {old.name, "Hérault"}
    assert pole.coverage_words == "La vallée d’essai"
    pole = saved(record, "territoire", coverage=[])
    assert not pole.coverage.exists()


def test_words_that_mean_several_are_chosen_among() -> None:
    record = kept()
    one, other = CommuneFactory.create_batch(2, name="Doubleville d’essai")
    client = signed_in(record.editor)
    url = address(record.pole, "territoire")
    sent = filled(
        opened(client, record.pole, "territoire"), **{"coverage-mots": "doubleville d'essai"}
    )
    response = client.post(url, sent)
    assert "Plusieurs territoires" in errors(response)["coverage"]
    html = response.content.decode()
    assert f'value="{one.pk}"' in html
    assert f'value="{other.pk}"' in html
    response = client.post(url, filled(response, coverage=[str(other.pk)]))
    assert response.status_code == 302
    assert list(record.pole.coverage.all()) == [other]


def test_words_that_mean_nothing_are_told() -> None:
    told = refused(kept(), "territoire", **{"coverage-mots": "zzzz introuvable"})
    assert "Aucun territoire" in told["coverage"]
    told = refused(kept(), "etat", **{"legal_person-mots": "zzzz introuvable"})
    assert "Aucune organisation" in told["legal_person"]


@pytest.mark.parametrize("sent", ["999999999", "-1", "abc", "9" * 30])
def test_a_choice_that_does_not_exist_is_no_fault(sent: str) -> None:
    record = kept()
    response = save(record.editor, record.pole, "territoire", coverage=[sent])
    assert response.status_code in {200, 302}
    assert not record.pole.coverage.exists()


def test_a_person_that_is_a_member_is_refused_in_words() -> None:
    member = MembershipFactory()
    record = kept()
    member.pole = record.pole
    member.save()
    response = save(record.editor, record.pole, "etat", legal_person=[str(member.organisation_id)])
    assert response.status_code == 200
    assert "jamais son propre membre" in response.content.decode()


def test_networks_and_sources() -> None:
    record = kept()
    source = PoleSourceFactory(pole=record.pole, seen_on=date(2024, 3, 1))
    other = PoleSourceFactory(pole=record.pole)
    network = NetworkFactory()
    pole = saved(
        record,
        "reseaux",
        networks=[str(network.pk)],
        **{
            f"source-{source.pk}-url": "",
            f"source-{other.pk}-seen_on": "2026-02-03",
            "source-+1-url": "https://exemple.invalid/nouvelle",
        },
    )
    assert list(pole.networks.all()) == [network]
    assert list(pole.sources.values_list("url", "seen_on")) == [
        (other.url, date(2026, 2, 3)),
        ("https://exemple.invalid/nouvelle", None),
    ]
    told = refused(record, "reseaux", **{"source-+1-url": other.url})
    assert told == {"source-+1-url": "Cette source est déjà citée."}
    told = refused(record, "reseaux", **{"source-+2-url": "pas une adresse"})
    assert set(told) == {"source-+2-url"}


def test_a_draft_of_rows_survives_what_others_do_to_them() -> None:
    record = kept()
    gone = PoleSourceFactory(pole=record.pole)
    stays = PoleSourceFactory(pole=record.pole)
    client = signed_in(record.editor)
    typed = {
        f"source-{gone.pk}-seen_on": "2026-02-03",
        "source-+2-url": "https://exemple.invalid/x",
    }
    sent = filled(opened(client, record.pole, "reseaux"), **typed)
    client.post(address(record.pole, "reseaux") + "brouillon/", sent)
    gone.delete()
    PoleSourceFactory(pole=record.pole, url="https://exemple.invalid/autre")
    again = opened(client, record.pole, "reseaux")
    html = again.content.decode()
    assert "https://exemple.invalid/autre" in html
    assert 'value="https://exemple.invalid/x"' in html
    assert stays.url in html
    response = client.post(address(record.pole, "reseaux"), filled(again))
    assert response.status_code == 409
    assert "rien" in response.content.decode()
    assert Draft.objects.exists()


@pytest.mark.parametrize("slug", FORMS)
@pytest.mark.parametrize("rows", [1, 10])
def test_statements(slug: str, rows: int, django_assert_max_num_queries: Any) -> None:
    record = kept(published=True, legal_person=OrganisationFactory())
    PoleCoverageFactory.create_batch(rows, pole=record.pole)
    PoleNetworkFactory.create_batch(rows, pole=record.pole)
    PoleSourceFactory.create_batch(rows, pole=record.pole)
    client = signed_in(record.editor)
    page = opened(client, record.pole, slug)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(address(record.pole, slug))
    client.post(address(record.pole, slug) + "brouillon/", filled(page, why="x"))
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(address(record.pole, slug))


@pytest.mark.parametrize(
    ("path", "first"),
    [("territoires/?q=vannes", "Vannes (56)"), ("territoires/?q=56000", "Vannes (56)")],
)
def test_what_is_proposed_while_one_types(path: str, first: str) -> None:
    found = signed_in(kept().editor).get(f"/espace/choix/{path}").json()["suggestions"]
    assert found[0]["label"] == first
    assert set(found[0]) >= {"value", "label", "detail", "latitude", "longitude"}


@pytest.mark.parametrize("typed", ["", "a", "\x00", "🙂", "x" * 5000])
def test_nothing_is_proposed_to_nothing(typed: str) -> None:
    client = signed_in(kept().editor)
    for what in ("territoires", "organisations"):
        assert client.get(f"/espace/choix/{what}/", {"q": typed}).json() == {"suggestions": []}


def test_organisations_are_proposed() -> None:
    OrganisationFactory(name="Les Jardins d’essai", acronym="JDE")
    client = signed_in(kept().editor)
    found = client.get("/espace/choix/organisations/", {"q": "jardins d'ess"}).json()
    assert found["suggestions"][0]["label"] == "Les Jardins d’essai"
