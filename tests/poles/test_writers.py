"""Who wrote what of a record, from its history."""

from collections.abc import Callable
from typing import Any

import pghistory
import pytest

from networks.models import User
from poles.models import Pole
from poles.record import Change, write
from poles.record.writers import last_written
from tests.breaking import run
from tests.factories import MembershipFactory, PoleFactory, ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Callable[..., None]:
    """Writes a change as a person does, in a context of its own."""

    def change(user: User, pole: Pole, key: str, before: Any, after: Any) -> None:
        with pghistory.context(user=user.pk):
            write(pole, [Change(key, before, after)])
        run("SELECT set_config('pghistory.context_id', '', true)")

    return change


def test_the_last_who_changed_a_value_and_not_who_saved_after(by: Callable[..., None]) -> None:
    pole, one, other = PoleFactory(), UserFactory(), UserFactory()
    by(one, pole, "summary", "", "De l’une")
    by(other, pole, "acronym", "", "AUTRE")
    told = last_written(pole, ["summary", "acronym", "description"])
    assert told["summary"].by == str(one)
    assert told["acronym"].by == str(other)
    assert told["description"].by == ""


def test_sets_and_rows(by: Callable[..., None]) -> None:
    member, one, other = MembershipFactory(), UserFactory(), UserFactory()
    pole, key, theme = member.pole, f"members/{member.pk}", ThemeFactory()
    row = {"organisation": member.organisation_id, "role": "actif", "source_words": ""}
    row |= {"begins_on": None, "ends_on": None}
    by(one, pole, "themes", [], [theme.pk])
    by(other, pole, key, row, None)
    told = last_written(pole, ["themes", key, "members/+1"])
    assert {each: written.by for each, written in told.items()} == {
        "themes": str(one),
        key: str(other),
    }


def test_an_account_that_was_erased_and_a_command(by: Callable[..., None]) -> None:
    pole, one = PoleFactory(), UserFactory()
    by(one, pole, "summary", "", "Un résumé")
    one.delete()
    assert last_written(pole, ["summary"])["summary"].by == "une personne qui n’a plus de compte"
    with pghistory.context(command="load_registry"):
        write(pole, [Change("summary", "Un résumé", "Un autre")])
    assert last_written(pole, ["summary"])["summary"].by == "un traitement automatique"
