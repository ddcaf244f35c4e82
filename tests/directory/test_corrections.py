"""Anyone suggests what is right in a record; nothing of it is written before it is accepted."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from directory.forms.correctable import ORGANISATION, POLE
from directory.forms.correction import _STALE
from poles.models import Pole, Proposal, Theme
from poles.record import current_values
from tests.breaking import undone, with_database
from tests.directory.sending import moment, words
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    PoleThemeFactory,
)
from tests.forms import fields_of
from tests.posted import ADDRESSES, TEXT, moments, posted

pytestmark = pytest.mark.django_db


def opened(client: Client, address: str, **typed: Any) -> dict[str, Any]:
    """What a browser would send of the page at ``address``, ``typed`` over it."""
    return fields_of(client.get(address)) | {"moment": moment("correction")} | typed


@pytest.fixture
def pole() -> Pole:
    pole = PoleFactory(
        slug="corrige",
        name="Pôle d’avant",
        description="Une ligne.\nUne autre.",
        founding_year=2014,
        closed_on="2020-02-01",
        maturity="clos",
        seat=CommuneFactory(name="Bourg-d’essai", code="96999"),
        published=True,
    )
    PoleThemeFactory(pole=pole, theme=Theme.objects.get(slug="culture"))
    pole.refresh_from_db()
    return pole


ADDRESS = "/poles/corrige/corriger/"


def test_the_page_shows_todays_values(client: Client, pole: Pole) -> None:
    page = client.get(ADDRESS)
    said = words(page)
    assert "Le nom du pôle Pôle d’avant" in said
    assert "La commune de son siège Bourg-d’essai (96)" in said
    assert "Ses thèmes Culture" in said
    assert "La date de sa fermeture 1 février 2020" in said
    assert "Son sigle non renseigné" in said
    assert "<details" in page.content.decode()
    assert "open" not in re.findall(r"<details([^>]*)>", page.content.decode())[0]


def test_only_what_is_changed_is_proposed(client: Client, pole: Pole) -> None:
    before = current_values(pole)
    culture, other = Theme.objects.get(slug="culture"), Theme.objects.exclude(slug="culture")[0]
    sent = opened(
        client,
        ADDRESS,
        name="Pôle d’après",
        seat="44109",
        closed_on="2021-02-01",
        themes=["", str(culture.pk), str(other.pk)],
        members="La MJC nous a rejoints",
        source="J’y travaille",
        email="passante@exemple.invalid",
    )
    answer = client.post(ADDRESS, sent)
    assert answer.status_code == 302
    assert "Merci" in words(client.get(answer["Location"]))
    proposal = Proposal.objects.get()
    nantes = "Nantes (44)"
    assert {key: each["after"] for key, each in proposal.changes.items()} == {
        "name": "Pôle d’après",
        "themes": sorted([culture.pk, other.pk]),
        "seat": proposal.changes["seat"]["after"],
        "closed_on": "2021-02-01",
    }
    assert str(type(pole.seat).objects.get(pk=proposal.changes["seat"]["after"]).label) == nantes
    assert (
        proposal.message == "Membres\u00a0: La MJC nous a rejoints\n\nSource\u00a0: J’y travaille"
    )
    assert proposal.author_email == "passante@exemple.invalid"
    assert (proposal.origin, proposal.base_version) == ("public", pole.version)
    pole.refresh_from_db()
    assert current_values(pole) == before


def test_a_theme_or_a_date_can_be_taken_off(client: Client, pole: Pole) -> None:
    sent = opened(client, ADDRESS, themes="", closed_on="", founding_year="")
    assert client.post(ADDRESS, sent).status_code == 302
    changes = Proposal.objects.get().changes
    assert {key: each["after"] for key, each in changes.items()} == {
        "themes": [],
        "closed_on": None,
        "founding_year": None,
    }


def test_nothing_said_is_told(client: Client, pole: Pole) -> None:
    answer = client.post(ADDRESS, opened(client, ADDRESS))
    assert "Dites ce qui est à corriger" in words(answer)
    assert not Proposal.objects.exists()


def test_a_commune_that_several_are_is_asked_again(client: Client, pole: Pole) -> None:
    answer = client.post(ADDRESS, opened(client, ADDRESS, seat="Saint-Denis", other="Un mot"))
    said = words(answer)
    assert "Précisez laquelle" in said
    assert "Saint-Denis (93)" in said
    assert 'value="Saint-Denis"' in answer.content.decode()
    assert "Un mot" in answer.content.decode()
    answer = client.post(ADDRESS, opened(client, ADDRESS, seat="zzqxjw"))
    assert "Aucune commune" in words(answer)


def test_what_the_rules_refuse_is_told_at_its_field(client: Client, pole: Pole) -> None:
    # The founding after the closing: the database alone says so.
    answer = client.post(ADDRESS, opened(client, ADDRESS, founding_year="2022", name=""))
    assert answer.status_code == 200
    said = words(answer)
    assert "Ce n’est pas encore envoyé" in said
    assert not Proposal.objects.exists()
    answer = client.post(ADDRESS, opened(client, ADDRESS, founding_year="jadis"))
    assert "id_founding_year_error" in answer.content.decode()


def test_someone_else_changed_the_same_line(client: Client, pole: Pole) -> None:
    sent = opened(client, ADDRESS, name="Le mien")
    pole.name, pole.acronym = "Le sien", "SIEN"
    pole.save()
    answer = client.post(ADDRESS, sent)
    said = words(answer)
    assert "vient d’être changée" in said
    assert "Le nom du pôle Le sien" in said
    # Sent again as it comes back, what was not touched stays as the other made it.
    again = fields_of(answer) | {"moment": moment("correction")}
    assert again["name"] == ["Le mien"]
    assert client.post(ADDRESS, again).status_code == 302
    assert Proposal.objects.get().changes == {"name": {"before": "Le sien", "after": "Le mien"}}


def test_another_line_changed_meanwhile_is_not_reverted(client: Client, pole: Pole) -> None:
    sent = opened(client, ADDRESS, name="Le mien")
    pole.acronym = "SIEN"
    pole.save()
    assert client.post(ADDRESS, sent).status_code == 302
    assert set(Proposal.objects.get().changes) == {"name"}


@pytest.mark.parametrize("shown", ["", "x", None])
def test_a_page_that_forgot_what_it_showed(client: Client, pole: Pole, shown: str | None) -> None:
    if shown is None:
        # The values of another pole.
        PoleFactory(slug="autre", published=True)
        shown = fields_of(client.get("/poles/autre/corriger/"))["shown"][0]
    answer = client.post(ADDRESS, opened(client, ADDRESS, name="Le mien", shown=shown))
    assert unescape(_STALE) in unescape(answer.content.decode())
    again = fields_of(answer) | {"moment": moment("correction")}
    assert client.post(ADDRESS, again).status_code == 302
    assert set(Proposal.objects.get().changes) == {"name"}


def test_too_many_are_told(client: Client, pole: Pole) -> None:
    codes = [
        client.post(ADDRESS, opened(client, ADDRESS, other=f"Mot {number}")).status_code
        for number in range(21)
    ]
    assert codes == [302] * 20 + [429]
    assert Proposal.objects.count() == 20


@pytest.mark.parametrize(("state", "code"), [("brouillon", 404), ("soumis", 404), ("archive", 410)])
def test_only_what_is_published_is_corrected(client: Client, state: str, code: int) -> None:
    PoleFactory(slug="corrige", record_state=state, archive_reason="Doublon")
    for method in (client.get, client.post):
        assert method(ADDRESS).status_code == code
    assert client.get(f"{ADDRESS}merci/").status_code == 404


def test_an_old_address_leads_to_the_new(client: Client, pole: Pole) -> None:
    pole.slug = "renomme"
    pole.save()
    assert client.get(ADDRESS)["Location"] == "/poles/renomme/corriger/"


def test_a_member_is_corrected_too(client: Client) -> None:
    member = MembershipFactory(
        pole=PoleFactory(published=True), organisation=OrganisationFactory(slug="jardins")
    ).organisation
    page = client.get("/membres/jardins/").content.decode()
    address = "/membres/jardins/corriger/"
    assert f'href="{address}"' in page
    sent = opened(client, address, kind="association", is_training_body="non", other="x")
    assert "members" not in sent
    answer = client.post(address, sent)
    assert answer.status_code == 302
    assert "Merci" in words(client.get(answer["Location"]))
    proposal = Proposal.objects.get()
    assert proposal.organisation == member
    assert {key: each["after"] for key, each in proposal.changes.items()} == {
        "kind": "association",
        "is_training_body": False,
    }
    answer = client.post(address, opened(client, address, kind="association", is_ess="non"))
    assert "contredisent sa nature" in words(answer)
    assert client.post(address, opened(client, address, siren="123")).status_code == 200


def test_who_is_not_shown_is_not_corrected(client: Client) -> None:
    OrganisationFactory(slug="seule")
    MembershipFactory(
        pole=PoleFactory(published=True),
        organisation=OrganisationFactory(slug="masquee", publication_status="P"),
    )
    for slug in ("seule", "masquee", "inconnue"):
        for end in ("corriger", "corriger/merci"):
            assert client.get(f"/membres/{slug}/{end}/").status_code == 404


def test_the_form_costs_few_statements(
    client: Client, pole: Pole, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        client.get(ADDRESS)


VALUES: dict[str, st.SearchStrategy] = {
    "name": st.sampled_from(["Pôle d’avant", "Autre"]),
    "themes": st.lists(st.sampled_from(["", "1", "2", "999999", "x"]), max_size=3),
    "seat": st.sampled_from(["44109", "Nantes (44)", "Saint-Denis", "2A004"]),
    "maturity": st.sampled_from(["existant", "clos", "mûr"]),
    "founding_year": st.sampled_from(["2014", "-3", "999999999999", "2020", "1e3", "٢٠١٤"]),
    "closed_on": st.sampled_from(["2020-02-01", "01/02/2020", "0001-01-01", "9999-12-31"]),
    "website": st.sampled_from(["exemple.fr", "javascript:alert(1)", "http://[", "https://é.fr"]),
    "contact_email": ADDRESSES,
    "email": ADDRESSES,
    "kind": st.sampled_from(["association", "entreprise", "x"]),
    "is_ess": st.sampled_from(["oui", "non", "", "peut-être"]),
    "siren": st.sampled_from(["123456789", "732829320"]),
    "moment": moments("correction"),
    "complement": st.just(""),
    "members": TEXT,
    "other": TEXT,
    "source": TEXT,
}


@with_database
@given(sent=posted(**VALUES), genuine=st.booleans(), about=st.sampled_from(["poles", "membres"]))
def test_whatever_is_sent(client: Client, sent: dict[str, Any], genuine: bool, about: str) -> None:
    with undone():
        pole = PoleFactory(slug="corrige", name="Pôle d’avant", published=True)
        MembershipFactory(pole=pole, organisation=OrganisationFactory(slug="corrige"))
        pole.refresh_from_db()
        before = current_values(pole)
        address = f"/{about}/corrige/corriger/"
        if genuine:
            shown = fields_of(client.get(address))["shown"]
            sent = {"moment": moment("correction"), **sent, "shown": shown}
        answer = client.post(address, sent)
        assert answer.status_code in {200, 302, 429}
        proposals = list(Proposal.objects.all())
        assert len(proposals) == (answer.status_code == 302)
        for proposal in proposals:
            # Nothing but what was sent, and over what was shown.
            assert set(proposal.changes) <= set(sent)
            assert genuine
            for each in proposal.changes.values():
                assert each["before"] != each["after"]
            assert proposal.author_email == sent.get("email", "").strip()
        pole.refresh_from_db()
        assert current_values(pole) == before


def test_what_can_be_corrected_is_what_is_shown() -> None:
    for each in (*POLE, *ORGANISATION):
        assert each.label[0].isupper()
        assert "'" not in each.label + each.help
