"""The rules of recognition, broken with SQL: whatever the path, the commit refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from poles.models import Membership, Pole
from tests.breaking import (
    ALOUD,
    SILENTLY,
    Break,
    as_server,
    cases,
    check_form,
    check_sql,
    refused,
    run,
    update,
)
from tests.factories import OrganisationFactory, PoleFactory
from tests.poles.compositions import TODAY
from tests.poles.recognised import recognised, trio

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
_DECIDED = {"recognition_on": TODAY, "recognition_reason": "Motif"}


def commit() -> None:
    """What happens at the commit, here where all is one transaction."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


CHECKS = cases(
    Break(
        "poles_pole_regularisation_delay",
        lambda: trio(recognition="reconnu", **_DECIDED)[0],
        {"recognition": "regularisation"},
    ),
    Break(
        "poles_pole_withdrawal_heard",
        lambda: trio(recognition="reconnu", **_DECIDED)[0],
        {"recognition": "retire"},
    ),
    Break(
        "poles_pole_withdrawal_heard",
        lambda: trio(recognition="reconnu", **_DECIDED)[0],
        {
            "recognition": "retire",
            "recognition_on": YESTERDAY.isoformat(),
            "heard_on": TODAY.isoformat(),
        },
    ),
    Break(
        "poles_pole_recognition_after_law",
        lambda: trio(recognition="reconnu", **_DECIDED)[0],
        {"recognition_on": "2014-07-30"},
    ),
    Break("poles_pole_exception", PoleFactory, {"exception_until": TODAY.isoformat()}),
    Break("poles_pole_exception", PoleFactory, {"exception_reason": "Motif"}),
)


@CHECKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@CHECKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


def membership(members: list[Membership], n: int, values: str, *given: Any) -> tuple:
    return f"UPDATE poles_membership SET {values} WHERE id = %s", *given, members[n].pk


def organisation(members: list[Membership], n: int, values: str, *given: Any) -> tuple:
    of = members[n].organisation_id
    return f"UPDATE members_organisation SET {values} WHERE id = %s", *given, of


_RECOGNISED = "recognition = 'reconnu', recognition_on = current_date, recognition_reason = 'Motif'"
_SOME_POLE = "UPDATE poles_pole SET {} WHERE id = %s"

# Of a recognised pole and its company, ESS entity and training body, what would break it, in SQL.
BREAKS: dict[str, Callable[[Pole, list[Membership]], list[tuple]]] = {
    "a departure": lambda _, m: [("DELETE FROM poles_membership WHERE id = %s", m[2].pk)],
    "an end": lambda _, m: [membership(m, 0, "ends_on = %s", YESTERDAY)],
    "a beginning put off": lambda _, m: [membership(m, 0, "begins_on = %s", TOMORROW)],
    "a member made a partner": lambda _, m: [membership(m, 1, "role = 'partenaire'")],
    "a member moved to another pole": lambda _, m: [
        membership(m, 1, "pole_id = %s", PoleFactory().pk)
    ],
    "another organisation in its place": lambda _, m: [
        membership(m, 1, "organisation_id = %s", OrganisationFactory().pk)
    ],
    "a fact that turns unknown": lambda _, m: [organisation(m, 2, "is_legal_person = NULL")],
    "a kind that changes": lambda _, m: [organisation(m, 1, "kind = 'autre', is_ess = false")],
    "a closing": lambda _, m: [organisation(m, 0, "closed_on = %s", TODAY)],
    "a recognition without composition": lambda _, __: [
        (_SOME_POLE.format(_RECOGNISED), PoleFactory().pk)
    ],
    "an exception that is over": lambda p, m: [
        (
            _SOME_POLE.format("exception_until = %s, exception_reason = 'Motif'"),
            YESTERDAY,
            p.pk,
        ),
        ("DELETE FROM poles_membership WHERE id = %s", m[2].pk),
    ],
    "its own person among its members": lambda p, m: [
        (SILENTLY,),
        (_SOME_POLE.format("legal_person_id = %s"), m[0].organisation_id, p.pk),
        (ALOUD,),
        (_SOME_POLE.format("summary = 'Autre'"), p.pk),
    ],
}


@pytest.mark.parametrize("name", BREAKS)
def test_whatever_the_path_a_recognised_pole_is_not_broken(name: str) -> None:
    pole, members = recognised()
    commit()
    steps = BREAKS[name](pole, members)
    with refused("poles_pole_article9"):
        for sql, *given in steps:
            run(sql, *given)
        commit()


def test_a_pole_is_not_made_recognised() -> None:
    with refused("poles_pole_article9"):
        PoleFactory(recognition="reconnu", recognition_on=TODAY, recognition_reason="Motif")
        commit()


def test_the_refusal_names_the_pole_and_says_what_to_do() -> None:
    _, members = recognised(name="Pôle du Val")
    members[0].delete()
    with pytest.raises(IntegrityError, match="« Pôle du Val » est reconnu, mais"):
        commit()


def test_emptying_the_members_at_once_is_refused() -> None:
    recognised()
    commit()
    with as_server(), refused("poles_pole_article9"):
        run("TRUNCATE poles_membership CASCADE")


@pytest.mark.parametrize("sql", ["UPDATE {} SET reason = 'Autre'", "DELETE FROM {}"])
def test_a_decision_is_kept_as_it_was(sql: str) -> None:
    recognised()
    commit()
    with as_server(), refused("poles_recognitiondecision_kept"):
        run(sql.format("poles_recognitiondecision"))


STEPS = {"aucune", "reconnu", "regularisation", "retire"}
ALLOWED = {
    ("aucune", "reconnu"),
    ("reconnu", "regularisation"),
    ("reconnu", "retire"),
    ("regularisation", "reconnu"),
    ("regularisation", "retire"),
    ("retire", "reconnu"),
}
COLUMNS: dict[str, Any] = {
    "recognition_on": TODAY,
    "recognition_reason": "Motif",
    "regularise_by": TODAY,
    "heard_on": TODAY,
}


@pytest.mark.parametrize("after", sorted(STEPS))
@pytest.mark.parametrize("before", sorted(STEPS))
def test_only_some_states_follow_others(before: str, after: str) -> None:
    pole, _ = trio(recognition=before, **COLUMNS)
    commit()
    sql = "UPDATE poles_pole SET recognition = %s WHERE id = %s"
    if before == after or (before, after) in ALLOWED:
        run(sql, after, pole.pk)
        commit()
    else:
        with refused("poles_pole_recognition_step"):
            run(sql, after, pole.pk)


@pytest.mark.parametrize("column", ["recognition_on", "heard_on"])
def test_no_decision_is_dated_from_a_day_to_come(column: str) -> None:
    pole = trio(recognition="reconnu", **_DECIDED)[0]
    with refused("poles_pole_decision_to_come"):
        update(pole, **{column: TOMORROW.isoformat()})
