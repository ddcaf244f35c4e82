"""A planned composition, tried out on the page of article 9: nothing is stored."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from directory.try_out import FACTS, MOST_ROWS, try_out
from members.kinds import CERTAIN_FACTS, OrganisationKind
from poles.article9 import MINIMUM, RULES
from poles.models import Pole
from tests.directory.test_article9 import between, read

pytestmark = pytest.mark.django_db


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
    assert "Aucun autre membre connu ne peut le tenir" in result(two)
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


def test_the_longest_list_fits_in_an_address(client: Client) -> None:
    """The server reads a request line of 4094 bytes at most."""
    longest = int(re.search(r'name="nom" maxlength="(\d+)"', attempt(client))[1])  # type: ignore[index]
    names = ("nom", "nature", *FACTS)
    row = dict.fromkeys(FACTS, "") | {"nom": "n" * longest, "nature": "collectivite"}
    query = urlencode([(name, row[name]) for _ in range(MOST_ROWS) for name in names])
    assert len(f"GET /article-9/?regle=decret-2015&{query}&complete=oui HTTP/1.1") < 4094
