"""A composition that is not saved is assessed as it will be once it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.models import Organisation
from poles.composition import assess_pole
from poles.planned import assess_rows, organisations_in
from poles.record import COLLECTIONS, Change, current_values, write
from tests.breaking import undone, with_database
from tests.factories import OrganisationFactory, PoleFactory
from tests.poles.compositions import TODAY, organisations, poles
from tests.poles.recognised import trio

pytestmark = pytest.mark.django_db

SCHOOL = {"name": "École d’essai", "kind": "formation", "is_legal_person": True}


def rows_of(pole) -> dict[str, Any]:
    return current_values(pole, (), ("members",))


def known(rows) -> dict[int, Organisation]:
    return Organisation.objects.in_bulk(organisations_in(rows))


def told(assessment) -> tuple:
    names = [(role.code, holder and holder.name) for role, holder in assessment.holders]
    return assessment.verdict, assessment.counted, assessment.perhaps_counted, names


def test_what_is_saved_is_assessed_as_it_is() -> None:
    pole, _ = trio()
    rows = rows_of(pole)
    assert told(assess_rows(pole, rows, known(rows))) == told(assess_pole(pole))


def test_a_member_that_comes_and_one_that_leaves() -> None:
    pole, (_, _, school) = trio()
    rows = rows_of(pole)
    organisations_known = known(rows)
    rows[f"members/{school.pk}"] |= {"ends_on": "2020-01-01"}
    assert assess_rows(pole, rows, organisations_known).verdict == "indeterminee"
    rows["members/+1"] = {"organisation": SCHOOL, "role": "actif", "begins_on": None}
    after = assess_rows(pole, rows, organisations_known)
    assert after.verdict == "satisfaite"
    assert dict(after.holders)[after.rule.roles[2]].name == SCHOOL["name"]


@with_database
@given(data=st.data())
def test_what_was_planned_is_what_is_found_once_it_is_saved(db: None, data: Any) -> None:
    """Some organisations are there already, others come with the save."""
    orgs = data.draw(st.lists(organisations(), min_size=1, max_size=4))
    drawn = data.draw(poles(len(orgs)))
    with undone():
        pole = PoleFactory(members_confirmed_on=drawn.confirmed_on)
        named: dict[int, Any] = {}
        for place, org in enumerate(orgs):
            if org.closed_on is not None or data.draw(st.booleans()):
                facts = {"kind": org.kind, **org.facts, "closed_on": org.closed_on}
                named[place] = OrganisationFactory(**facts).pk
            else:
                named[place] = {"name": f"À venir {place}", "kind": org.kind, **org.facts}
        rows = {}
        for number, part in enumerate(drawn.parts, start=1):
            # Who left and came back is made once: the second period would be another's.
            if isinstance(named[part.org], dict) and part.org in [
                p.org for p in drawn.parts[: number - 1]
            ]:
                continue
            days = {"begins_on": part.begins_on, "ends_on": part.ends_on}
            rows[f"members/+{number}"] = {
                "organisation": named[part.org],
                "role": part.role,
                **{name: day.isoformat() if day else None for name, day in days.items()},
                "source_words": "",
            }
        planned = assess_rows(pole, rows, known(rows))
        saved = write(pole, [Change(key, None, row) for key, row in rows.items()])
        found = assess_pole(saved, day=TODAY)
        assert (planned.verdict, planned.counted, planned.perhaps_counted, planned.lacking) == (
            found.verdict,
            found.counted,
            found.perhaps_counted,
            found.lacking,
        )


def test_what_cannot_be_read_is_left_out() -> None:
    pole = PoleFactory()
    rows = {"members/+1": {"organisation": 999_999, "role": "actif"}, "members/+2": {}}
    assert assess_rows(pole, rows, {}).perhaps_counted == 0
    assert set(COLLECTIONS["members"].columns) >= {"organisation", "role"}
