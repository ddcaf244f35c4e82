"""What the kind and the facts leave no doubt about, the same in Python and in SQL."""

from itertools import product

import pytest
from django.db import connection

from members.kinds import FACTS, NEVER_GROUPINGS, OrganisationKind, facts_of, facts_sql

VALUES = (True, False, None)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OrganisationKind)
def test_python_and_sql_agree_on_every_set_of_facts(kind: OrganisationKind) -> None:
    sql = ", ".join(facts_sql("o")[fact] for fact in FACTS)
    sets = list(product(VALUES, repeat=len(FACTS)))
    columns = ", ".join(f"{fact} boolean" for fact in FACTS)
    rows = ", ".join(f"({n}, '{kind}', {_written(each)})" for n, each in enumerate(sets))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE drawn (n int, kind text, {columns}) ON COMMIT DROP")
        cursor.execute(f"INSERT INTO drawn VALUES {rows}")
        cursor.execute(f"SELECT {sql} FROM drawn o ORDER BY n")
        found = cursor.fetchall()
        cursor.execute("DROP TABLE drawn")
    for stored, facts in zip(sets, found, strict=True):
        assert dict(zip(FACTS, facts, strict=True)) == facts_of(
            kind, dict(zip(FACTS, stored, strict=True))
        )


def _written(values: tuple) -> str:
    return ", ".join({True: "true", False: "false", None: "NULL"}[value] for value in values)


def test_nothing_known_stays_unknown_but_for_the_kind() -> None:
    nothing = dict.fromkeys(FACTS)
    for kind in OrganisationKind:
        facts = facts_of(kind, nothing)
        assert facts["is_non_ess_grouping"] is (False if kind in NEVER_GROUPINGS else None)
        assert facts["is_legal_person"] is (True if kind == OrganisationKind.AUTHORITY else None)
        assert facts["is_training_body"] is None
