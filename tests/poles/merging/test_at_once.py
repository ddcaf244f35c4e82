"""Merges at the same moment as others, and as saves that name the double, in real transactions."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from poles.record.writing import GONE
from tests.real_data import database_of_its_own

pytestmark = pytest.mark.django_db
_RUN = """
import json, threading
import django
django.setup()
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from core.admin.refusals import refusal
from members.models import Organisation
from poles.merging.organisations import merge_organisations
from poles.merging.poles import merge_poles
from poles.merging.undoing import undo
from poles.models import Membership, Merge, Pole
from poles.record import Change, write
from tests.factories import *

officer = UserFactory(officer=True)

def together(jobs):
    gate, said = threading.Barrier(len(jobs)), []
    def run(job):
        gate.wait()
        try:
            job()
            said.append("fait")
        except ValidationError as error:
            said.append(error.messages[0])
        except DatabaseError as error:
            said.append(refusal(error) or repr(error))
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return sorted(said)

def insist(job):
    # As whoever is told to try again in a few seconds.
    for _ in range(9):
        try:
            return job()
        except DatabaseError as error:
            if "réessayez" not in (refusal(error) or ""):
                raise
    return job()

one, other = OrganisationFactory(), OrganisationFactory()
asked = {"by": officer, "reason": "Double."}
crossed = together([lambda: insist(lambda: merge_organisations(one, other, **asked)),
    lambda: insist(lambda: merge_organisations(other, one, **asked))])

first, second, third = (PoleFactory(published=True) for _ in range(3))
apart = together([lambda: insist(lambda: merge_poles(first, third, **asked)),
    lambda: insist(lambda: merge_poles(second, third, **asked))])

kept, double = OrganisationFactory(), OrganisationFactory()
poles = [PoleFactory(published=True) for _ in range(6)]
row = {"organisation": double.pk, "role": "actif", "begins_on": None, "ends_on": None,
    "source_words": ""}
joined = together([lambda: insist(lambda: merge_organisations(kept, double, **asked)),
    *[lambda p=p: write(p, [Change("members/+1", None, row)]) for p in poles]])
members = list(
    Membership.objects.filter(pole__in=poles).values_list("organisation", flat=True))
made = Merge.objects.get(merged_organisation=double.pk)
twice = together([lambda: insist(lambda: undo(made, by=officer, reason="Deux."))] * 2)
print(json.dumps([crossed, apart, joined, sorted(set(members)), len(members),
    kept.pk, double.pk, twice]))
"""
_ANOTHER_DEPENDS = "Un autre enregistrement en dépend, ou celui dont il dépend n’existe plus."
_BUSY = (
    "Quelqu’un d’autre enregistre cette fiche en ce moment. Rien n’est perdu\u00a0: réessayez "
    "dans quelques secondes."
)


def test_nothing_is_done_twice_and_nothing_names_what_is_gone() -> None:
    with database_of_its_own() as database:
        done = subprocess.run(
            [sys.executable, "-c", _RUN],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
                "DATABASE_URL": database,
                "LOCK_TIMEOUT_MS": "60000",
            },
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    said: list[Any] = json.loads(done.stdout.splitlines()[-1])
    crossed, apart, joined, named, members, kept, double, twice = said
    assert crossed == ["L’une des deux organisations n’est plus dans le registre.", "fait"]
    assert "fait" in apart
    assert any("est archivée" in each for each in apart), apart
    # A member that was being added as the double went is told to be added again, or is the other.
    assert set(joined) <= {"fait", _ANOTHER_DEPENDS, _BUSY, GONE}, joined
    assert members == joined.count("fait") - 1
    assert named in ([], [kept])
    assert double not in named
    assert twice == ["Cette fusion a déjà été annulée.", "fait"]
