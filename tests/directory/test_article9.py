"""Article 9 as the public reads it: a pole’s panel, another day, a planned composition."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from poles.article9 import MINIMUM
from poles.models import Membership
from poles.recognition import recognise, withdraw
from tests.breaking import ALOUD, SILENTLY, run
from tests.factories import (
    FactEvidenceFactory,
    MembershipFactory,
    PoleFactory,
    UserFactory,
)
from tests.html import assert_clean_html
from tests.poles.compositions import TODAY
from tests.poles.recognised import recognised, trio

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    html = response.content.decode()
    assert_clean_html(html)
    return " ".join(html.split())


def between(html: str, start: str, end: str) -> str:
    return html.partition(start)[2].partition(end)[0]


def panel(html: str) -> str:
    return between(html, 'id="composition"', "</section>")


def test_the_panel_says_the_roles_who_holds_them_the_day_and_the_rule(client: Client) -> None:
    pole, members = trio(published=True)
    shown = panel(read(client, pole.get_absolute_url()))
    assert "Composition satisfaite" in shown
    for each in members:
        assert f'<a href="{each.organisation.get_absolute_url()}">' in shown
    assert MINIMUM.source_url in shown
    assert "règle du registre, d’après l’article 9" in shown
    assert str(TODAY.year) in shown
    assert "exigée par l’article" not in shown


def test_the_panel_says_what_is_unknown_and_what_would_settle_it(client: Client) -> None:
    pole, members = trio(published=True)
    run(
        "UPDATE members_organisation SET is_legal_person = NULL WHERE id = %s",
        members[2].organisation_id,
    )
    shown = panel(read(client, pole.get_absolute_url()))
    assert "Composition indéterminée" in shown
    assert "Personne n’est connu pour le tenir" in shown
    assert f"« {members[2].organisation.name} » est-il une personne morale" in shown


def test_the_panel_says_who_might_hold_a_role(client: Client) -> None:
    pole, members = trio(published=True)
    unknown = MembershipFactory(pole=pole, organisation__name="Mal connue").organisation
    Membership.objects.filter(pk=members[2].pk).delete()
    shown = panel(read(client, pole.get_absolute_url()))
    perhaps = between(shown, "On l’ignore de", "</span>")
    assert f'<a href="{unknown.get_absolute_url()}">Mal connue</a>' in perhaps


def test_the_panel_says_the_recognition_and_that_it_is_no_label(client: Client) -> None:
    pole, _ = recognised(published=True)
    shown = panel(read(client, pole.get_absolute_url()))
    assert "Reconnu, le 15 janvier 2026" in shown
    assert "ni label, ni droit à une aide" in shown


def test_a_masked_member_is_not_named(client: Client) -> None:
    pole, members = trio(published=True)
    run(
        "UPDATE members_organisation SET publication_status = 'P' WHERE id = %s",
        members[0].organisation_id,
    )
    html = read(client, pole.get_absolute_url())
    assert members[0].organisation.name not in html
    assert "Organisation non diffusible" in panel(html)


def test_a_day_of_the_past(client: Client) -> None:
    pole, members = trio(published=True, founding_year=2015)
    for each, begins in zip(members, (date(2016, 1, 1), date(2018, 1, 1), None), strict=True):
        Membership.objects.filter(pk=each.pk).update(begins_on=begins)
    address = pole.get_absolute_url()
    shown = read(client, f"{address}?au=2017-06-01")
    assert "Le pôle au 1er juin 2017" in shown
    assert "Composition indéterminée" in panel(shown)
    assert "À venir" in shown
    assert "Déjà membres ce jour-là" in shown
    assert "ceux de ce jour-là" in shown
    before = read(client, f"{address}?au=2014-01-01")
    assert "Le pôle n’était pas encore créé" in before
    assert "n’était pas en vigueur ce jour-là" in before
    assert "Composition satisfaite" in panel(read(client, address))


def test_a_day_to_come(client: Client) -> None:
    pole, members = trio(published=True)
    ends = TODAY + timedelta(days=10)
    Membership.objects.filter(pk=members[2].pk).update(ends_on=ends)
    address = pole.get_absolute_url()
    assert "Composition satisfaite" in panel(read(client, f"{address}?au={ends}"))
    after = ends + timedelta(days=1)
    assert "Composition indéterminée" in panel(read(client, f"{address}?au={after}"))


@pytest.mark.parametrize("wrong", ["hier", "2021-02-30", "2021", "%00", "20211-01-01"])
def test_a_wrong_day_is_left_off_with_a_message(client: Client, wrong: str) -> None:
    pole, _ = trio(published=True)
    shown = read(client, f"{pole.get_absolute_url()}?au={wrong}")
    assert ("n’est pas une date du calendrier" in shown) == (wrong != "%00")
    assert "Composition satisfaite" in panel(shown)


def test_recognition_is_that_of_the_day(client: Client) -> None:
    pole, _ = trio(published=True)
    officer = UserFactory(officer=True)
    recognise(pole, officer, "Motif", on=date(2020, 3, 1))
    withdraw(pole, officer, "Motif", on=date(2022, 3, 1), heard_on=date(2022, 2, 1))
    address = pole.get_absolute_url()

    def box(day: str) -> str:
        return between(read(client, f"{address}?au={day}"), 'id="fiche"', "</section>")

    assert "Aucune ce jour-là" in box("2019-01-01")
    assert "Reconnu, le" in box("2021-01-01")
    assert "Retiré, le" in box("2023-01-01")


def test_the_page_has_as_few_statements_on_another_day(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    pole, _ = recognised(published=True)
    for _ in range(12):
        MembershipFactory(pole=pole)
    for address in ("", "?au=2021-01-01"):
        client.get(pole.get_absolute_url() + address)
        with django_assert_max_num_queries(8):
            client.get(f"{pole.get_absolute_url()}{address}{'&' if address else '?'}x=1")


def test_the_list_is_filtered_by_verdict_and_shows_it(client: Client) -> None:
    satisfied, _ = trio(published=True, name="Pôle établi")
    PoleFactory(published=True, name="Pôle mal connu")
    shown = read(client, "/poles/?article9=satisfaite")
    assert "Pôle établi" in shown
    assert "Pôle mal connu" not in shown
    assert "Composition satisfaite" in shown
    wrong = read(client, "/poles/?article9=parfaite")
    assert "n’existe pas, elle est laissée de côté" in wrong
    data = client.get("/carte/poles.geojson?article9=satisfaite").json()
    assert [f["properties"]["v"] for f in data["features"]] == ["s"]
    assert data["features"][0]["properties"]["s"] == satisfied.slug


def test_the_list_follows_the_calendar(client: Client) -> None:
    pole, members = trio(published=True, name="Pôle d’hier")
    run(SILENTLY)
    yesterday = TODAY - timedelta(days=1)
    run("UPDATE poles_membership SET ends_on = %s WHERE id = %s", yesterday, members[0].pk)
    run("UPDATE catalogue_poleindex SET true_until = %s WHERE pole_id = %s", TODAY, pole.pk)
    run(ALOUD)
    assert "Pôle d’hier" not in read(client, "/poles/?article9=satisfaite")
    data = client.get("/carte/poles.geojson?article9=indeterminee").json()
    assert pole.slug in {each["properties"]["s"] for each in data["features"]}


def test_what_a_member_page_says_of_its_evidence(client: Client) -> None:
    _, members = trio(published=True)

    FactEvidenceFactory(
        organisation=members[2].organisation,
        aspect="is_training_body",
        value="oui",
        origin="agent",
        source="Liste publique",
        stated_by=UserFactory(full_name="Dominique Agent"),
    )
    shown = read(client, members[2].organisation.get_absolute_url())
    assert "agent du ministère" in shown.lower()
    assert "Dominique Agent" not in shown
    assert "Liste publique" not in shown, "a source in free words may name a person"


def test_a_declaration_is_told_by_the_role_of_who_made_it(client: Client) -> None:
    _, members = trio(published=True)
    FactEvidenceFactory(
        organisation=members[2].organisation,
        aspect="is_training_body",
        value="non",
        origin="declaration",
        source="Camille Dupré, voir https://www.exemple.invalid/liste et la suite",
        stated_on=date(2025, 3, 1),
        stated_by=UserFactory(full_name="Camille Réseau"),
    )
    shown = " ".join(unescape(read(client, members[2].organisation.get_absolute_url())).split())
    assert "« non » d’après : déclaration (personnel d’un réseau), 1er mars 2025" in shown
    assert 'href="https://www.exemple.invalid/liste"' in shown
    assert "Camille" not in shown


def test_a_deduced_fact_is_the_one_that_the_panel_counts(client: Client) -> None:
    _, members = trio(published=True)
    assert members[1].organisation.is_legal_person is None
    shown = read(client, members[1].organisation.get_absolute_url())
    person = between(shown, "Personne morale", "</div>")
    assert "Oui" in person
    assert "se déduit de sa nature" in person
