"""Article 9 as the public reads it: a pole’s panel, another day, a planned composition."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from directory.try_out import FACTS, try_out
from members.kinds import CERTAIN_FACTS, OrganisationKind
from poles.article9 import MINIMUM, RULES
from poles.models import Membership, Pole
from poles.recognition import recognise, withdraw
from tests.breaking import run
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
    run("SET session_replication_role = replica")
    yesterday = TODAY - timedelta(days=1)
    run("UPDATE poles_membership SET ends_on = %s WHERE id = %s", yesterday, members[0].pk)
    run("UPDATE catalogue_poleindex SET true_until = %s WHERE pole_id = %s", TODAY, pole.pk)
    run("SET session_replication_role = origin")
    assert "Pôle d’hier" not in read(client, "/poles/?article9=satisfaite")
    data = client.get("/carte/poles.geojson?article9=indeterminee").json()
    assert pole.slug in {each["properties"]["s"] for each in data["features"]}


# Trying out a composition.


def attempt(client: Client, *members: dict[str, str], **more: str) -> str:
    names = ("nom", "nature", "commerciale", "ess", "formation", "groupement", "morale")
    query = [(name, member.get(name, "")) for member in members for name in names]
    return read(client, f"/article-9/?{urlencode([*query, *more.items()])}")


def result(html: str) -> str:
    return between(html, 'id="resultat"', "</form>") or html.partition('id="resultat"')[2]


COMPANY = {"nom": "Scierie", "nature": "entreprise"}
SCIC = {"nom": "Coopérative", "nature": "ess"}
SCHOOL = {"nom": "École", "nature": "formation", "morale": "oui"}


def test_a_planned_composition_is_answered_as_a_pole_is(client: Client) -> None:
    shown = result(attempt(client, COMPANY, SCIC, SCHOOL))
    assert "Composition satisfaite" in shown
    assert "Scierie" in shown
    two = attempt(client, COMPANY, SCIC | {"formation": "non"}, complete="oui")
    assert "Composition non satisfaite" in result(two)
    assert "Aucun membre connu ne peut le tenir" in result(two)
    unsure = attempt(client, COMPANY, SCIC, {"nom": "Lycée", "nature": "autre"})
    assert "Composition indéterminée" in result(unsure)
    assert "« Lycée » est-il un organisme de formation déclaré" in result(unsure)


def test_the_decree_may_be_tried_too(client: Client) -> None:
    other = {"nom": "Ville", "nature": "collectivite"}
    company = COMPANY | {"morale": "oui"}
    shown = attempt(client, company, SCIC, other, regle="decret-2015")
    assert "Composition satisfaite" in result(shown)
    untrained = [each | {"formation": "non"} for each in (company, SCIC, other)]
    assert "Composition non satisfaite" in result(attempt(client, *untrained, complete="oui"))


def test_rows_are_added_and_what_was_typed_stays(client: Client) -> None:
    shown = attempt(client, COMPANY, SCIC, SCHOOL, ajouter="1")
    assert 'id="nom-4"' in shown
    assert 'id="nom-5"' not in shown
    assert 'value="Coopérative"' in shown
    many = attempt(client, *[COMPANY] * 40)
    assert "L’essai s’arrête à 30 membres" in many
    assert 'id="nom-31"' not in many


def test_bad_values_are_left_off(client: Client) -> None:
    hostile = {"nom": "<script>alert(1)</script>", "nature": "pirate", "ess": "peut-être"}
    shown = attempt(client, hostile, SCIC, regle="rien")
    assert "la nature « pirate » n’existe pas" in shown
    assert "<script>alert" not in shown


def member(html: str, number: int) -> str:
    return between(html, f'id="membre-{number}"', "</fieldset>")


def asks(html: str, number: int) -> set[str]:
    """The facts that are asked of a row."""
    return set(re.findall(rf'<select class="fr-select" id="(\w+)-{number}"', html)) - {"nature"}


@given(
    kind=st.sampled_from(["", *OrganisationKind.values]),
    rule=st.sampled_from(["minimum", "decret-2015"]),
    answers=st.fixed_dictionaries({name: st.sampled_from(["", "oui", "non"]) for name in FACTS}),
)
def test_what_the_kind_settles_is_shown_and_not_asked(
    kind: str, rule: str, answers: dict[str, str]
) -> None:
    asked = QueryDict(urlencode([("nature", kind), ("regle", rule), *answers.items()]))
    row = try_out(asked).rows[0]
    certain = CERTAIN_FACTS[OrganisationKind(kind or "inconnu")]
    for choice in row.choices:
        assert not (choice.asked and choice.answer), "asked, or settled"
        fact = FACTS[choice.name]
        if fact in certain:
            assert not choice.asked
            assert row.facts[fact] is certain[fact]
        if choice.asked:
            assert row.facts[fact] is {"oui": True, "non": False, "": None}[choice.value]
        if choice.answer:
            assert row.facts[fact] is (choice.answer == "oui")
    assert not (row.facts["is_commercial"] and row.facts["is_ess"])
    assert not (row.facts["is_ess"] and row.facts["is_legal_person"] is False)


def test_only_what_the_rule_looks_at_is_asked(client: Client) -> None:
    other = {"nature": "association"}
    minimum = attempt(client, other)
    assert asks(minimum, 1) == {"formation"}
    assert "entité de l’ESS&nbsp;– <strong>oui</strong>" in member(minimum, 1)
    assert asks(attempt(client, other, regle="decret-2015"), 1) == {"groupement"}
    assert asks(attempt(client, {"nature": "autre"}), 1) == {
        "commerciale",
        "ess",
        "formation",
        "morale",
    }
    assert asks(attempt(client, {"nom": "Sans nature"}), 1) == set()


def test_every_row_sends_every_field(client: Client) -> None:
    """Fields of one name are told apart by their order alone."""
    shown = attempt(client, COMPANY, SCIC, SCHOOL, ajouter="1", regle="decret-2015")
    for name in ("nom", "nature", *FACTS):
        assert len(re.findall(rf'name="{name}"', shown)) == 4, name


def test_an_answer_that_the_rule_ignores_is_kept_for_the_other(client: Client) -> None:
    shown = attempt(client, SCIC | {"formation": "oui"}, regle="decret-2015")
    assert 'name="formation" value="oui"' in member(shown, 1)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"commerciale": "oui", "ess": "oui"}, "n’est pas une entité de l’ESS"),
        ({"ess": "oui", "morale": "non"}, "une entité de l’ESS est une personne morale"),
        ({"formation": "peut-être"}, "n’est ni oui ni non"),
    ],
)
def test_what_contradicts_is_left_off_with_a_message(
    client: Client, typed: dict[str, str], message: str
) -> None:
    assert message in attempt(client, {"nature": "autre"} | typed)


def test_a_rule_that_demands_nothing_cannot_be_tried(client: Client) -> None:
    assert "La règle « aucune » ne peut pas être essayée" in unescape(
        attempt(client, SCIC, regle="aucune")
    )


@pytest.mark.parametrize("place", ["2", "0", "99", "-1", "x", "²", "9" * 5000])
def test_a_row_is_taken_away(client: Client, place: str) -> None:
    asked = QueryDict(mutable=True)
    for name in ("Une", "Deux", "Trois", "Quatre"):
        asked.appendlist("nom", name)
        asked.appendlist("nature", "ess")
    asked["retirer"] = place
    left = ["Une", "Trois", "Quatre"] if place == "2" else ["Une", "Deux", "Trois", "Quatre"]
    assert [row.name for row in try_out(asked).rows] == left


def test_the_rules_are_told_from_the_rules(client: Client) -> None:
    table = between(read(client, "/article-9/"), "Tableau des règles", "</table>")
    for rule in RULES.values():
        assert rule.name[1:] in table
        assert rule.source[1:] in table
        for role in rule.roles:
            assert role.name[1:] in table
    assert f"Au moins {MINIMUM.number}, chacun personne morale ou entreprise" in unescape(table)


def test_nothing_is_stored(client: Client, django_assert_num_queries: Any) -> None:
    poles = Pole.objects.count()
    attempt(client, COMPANY, SCIC, SCHOOL)
    assert Pole.objects.count() == poles
    with django_assert_num_queries(0):
        client.get("/article-9/?nature=ess&nature=entreprise")


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
