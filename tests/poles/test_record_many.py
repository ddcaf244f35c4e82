"""Many records written at once: the same as one by one, in as many statements for 2 as for 40."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from poles.models import Membership, Pole
from poles.recognition import BreaksRecognition
from poles.record import Change, Conflicted, current_values, write
from poles.record.many import read_whole, values_of, write_many
from tests.breaking import undone
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleNetworkFactory,
    PoleProjectFactory,
    PoleSourceFactory,
    PoleThemeFactory,
    ThemeFactory,
)
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db


def whole_pole() -> Pole:
    pole = PoleFactory(seat=CommuneFactory(), latitude=48.5, longitude=2, position_origin="main")
    MembershipFactory(pole=pole, role="porteur", begins_on=date(2020, 1, 1))
    MembershipFactory.create_batch(2, pole=pole)
    project = PoleProjectFactory(pole=pole, pooled=["locaux"])
    project.members.add(OrganisationFactory())
    PoleFiguresFactory(pole=pole, year=2020, jobs_fte=3)
    PoleSourceFactory(pole=pole)
    PoleThemeFactory(pole=pole)
    PoleNetworkFactory(pole=pole)
    return Pole.objects.get(pk=pole.pk)


def wishes(pole: Pole, number: int) -> list[Change]:
    """A change of every sort: columns, sets, rows that go, change and come."""
    before = current_values(pole)
    lead, first, second = (key for key in before if key.startswith("members/"))
    (project,) = (key for key in before if key.startswith("projects/"))
    (source,) = (key for key in before if key.startswith("sources/"))
    organisation = OrganisationFactory()
    after = {
        "name": f"Un autre nom {number}",
        "latitude": "47.25",
        "founding_year": 2010,
        "themes": sorted(each.pk for each in ThemeFactory.create_batch(2)),
        "networks": [],
        "coverage": [CommuneFactory().pk],
        # The lead changes place with a member: each alone would break a rule for a moment.
        lead: before[lead] | {"role": "actif"},
        first: before[first] | {"role": "porteur", "begins_on": "2020-01-01"},
        second: None,
        "members/+1": {"organisation": organisation.pk, "role": "partenaire"},
        project: before[project] | {"members": [organisation.pk], "title": "Autre"},
        "projects/+1": {"title": "Nouveau", "members": [organisation.pk], "pooled": []},
        "figures/2020": before["figures/2020"] | {"jobs_fte": "4.5"},
        "figures/2021": {"year": 2021, "members": 4, "turnover_eur": "10"},
        source: None,
        "sources/+1": {"url": "https://exemple.invalid/nouvelle"},
    }
    return [Change(key, before.get(key), value) for key, value in after.items()]


def comparable(pole: Pole) -> dict[str, Any]:
    """The values by what the rows say, since the numbers of new ones come from a sequence."""
    fields, rows = {}, []
    for key, value in current_values(Pole.objects.get(pk=pole.pk)).items():
        if "/" in key:
            rows.append((key.split("/")[0], sorted(value.items(), key=str)))
        else:
            fields[key] = value
    return fields | {"rows": sorted(rows, key=str)}


def test_it_is_what_one_by_one_writes() -> None:
    pole = whole_pole()
    changes = wishes(pole, 1)
    with undone():
        write(pole, changes)
        expected = comparable(pole)
        version = Pole.objects.get(pk=pole.pk).version
    write_many({pole.pk: changes})
    assert comparable(pole) == expected
    assert Pole.objects.get(pk=pole.pk).version > pole.version
    assert version > pole.version


def test_values_are_those_of_each() -> None:
    poles = [whole_pole() for _ in range(3)]
    again = list(Pole.objects.filter(pk__in=[pole.pk for pole in poles]))
    read_whole(again)
    for pole in again:
        assert values_of(pole) == current_values(Pole.objects.get(pk=pole.pk))


def statements(number: int) -> int:
    poles = [whole_pole() for _ in range(number)]
    changes = {pole.pk: wishes(pole, pole.pk) for pole in poles}
    with CaptureQueriesContext(
        connection,
    ) as captured:
        write_many(changes)
    assert Pole.objects.filter(pk__in=changes, founding_year=2010).count() == number
    return len(captured)


def test_statements_do_not_grow_with_the_poles() -> None:
    assert statements(2) == statements(20) < 60


def test_nothing_is_written_of_any_where_one_was_crossed() -> None:
    poles = PoleFactory.create_batch(2, summary="Ancien")
    changes = {pole.pk: [Change("summary", "Ancien", "Nouveau")] for pole in poles}
    write(poles[1], [Change("summary", "Ancien", "Autre")])
    with pytest.raises(Conflicted):
        write_many(changes)
    assert Pole.objects.get(pk=poles[0].pk).summary == "Ancien"


@pytest.mark.parametrize(
    "change",
    [
        Change("founding_year", None, 12),
        Change("website", "", "n’importe quoi"),
        Change("contact_name", "", "Une personne"),
        Change("members/+1", None, {"role": "chef"}),
    ],
    ids=lambda change: change.key,
)
def test_what_a_rule_refuses_is_refused_for_all(change: Change) -> None:
    first, second = PoleFactory.create_batch(2)
    if change.after and isinstance(change.after, dict):
        change.after["organisation"] = OrganisationFactory().pk
    with pytest.raises(ValidationError):
        write_many({first.pk: [Change("summary", "", "Nouveau")], second.pk: [change]})
    assert Pole.objects.get(pk=first.pk).summary == ""


def test_a_recognised_pole_that_would_break_is_told_or_regularised() -> None:
    (pole, _), other = recognised(), PoleFactory()
    changes = {
        pole.pk: [
            Change(key, value, None)
            for key, value in current_values(pole, (), ("members",)).items()
        ],
        other.pk: [Change("summary", "", "Nouveau")],
    }
    with pytest.raises(BreaksRecognition) as caught:
        write_many(changes)
    assert list(caught.value.after) == [pole.pk]
    assert Membership.objects.filter(pole=pole).exists()
    write_many(changes, regularising=[pole.pk])
    assert Pole.objects.get(pk=pole.pk).recognition == "regularisation"
    assert Pole.objects.get(pk=other.pk).summary == "Nouveau"
