"""Saves of one author, and answers of two managers, at the same moment, in real transactions."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.real_data import database_of_its_own

pytestmark = pytest.mark.django_db
SAVES = 8
_RUN = f"""
import json, threading
import django
django.setup()
from django.core.exceptions import ValidationError
from django.db import connection
from poles.models import Pole, Proposal
from poles.proposals import answer, propose, to_decide
from poles.record import Change
from tests.factories import *

pole = PoleFactory(published=True, reference_network=NetworkFactory())
pole = Pole.objects.get(pk=pole.pk)
author, managers = UserFactory(), [UserFactory(), UserFactory()]
organisations = [OrganisationFactory() for _ in range({SAVES})]

def together(jobs):
    gate, said = threading.Barrier(len(jobs)), []
    def run(job):
        gate.wait()
        try:
            said.append(job())
        except ValidationError as error:
            said.append(error.messages[0])
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return said

def save(organisation):
    row = {{"organisation": organisation.pk, "role": "actif"}}
    made = propose(pole, [Change("members/+1", None, row)], origin="redacteur",
        base_version=pole.version, author=author)
    return made.pk

pks = together([lambda o=o: save(o) for o in organisations])
made = Proposal.objects.get(author=author)
wanted = len({{v["after"]["organisation"] for v in made.changes.values()}})
keys = dict.fromkeys(to_decide(made), True)
answers = together([lambda m=m: answer(made, keys, by=m).state for m in managers])
print(json.dumps([len(set(pks)), wanted, sorted(answers), pole.memberships.count()]))
"""


def test_nothing_is_lost_and_nothing_answered_twice() -> None:
    with database_of_its_own() as database:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
            "DATABASE_URL": database,
            "LOCK_TIMEOUT_MS": "60000",
        }
        done = subprocess.run(
            [sys.executable, "-c", _RUN],
            env=environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    said: list[Any] = json.loads(done.stdout.splitlines()[-1])
    proposals, wanted, answers, members = said
    assert (proposals, wanted, members) == (1, SAVES, SAVES)
    assert answers == ["Cette proposition a déjà reçu sa réponse.", "acceptee"]
