"""An answer once given is the answer, whatever is written since and whoever asks at once."""

import os
import subprocess
import sys
from datetime import date
from textwrap import dedent

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from calls.answers.keeping import ask
from calls.answers.perimeter import Where
from calls.models import Call
from poles.models import Pole
from territories.models import Territory
from tests.breaking import undone, with_database
from tests.factories import ApplicationFactory, InstalmentFactory, PoleFactory, UserFactory
from tests.real_data import database_of_its_own

pytestmark = pytest.mark.django_db

THEN = date(2023, 12, 31)


def change(what: str) -> None:
    match what:
        case "file":
            ApplicationFactory(
                call=Call.objects.get(code="ami-2023"), received_on=date(2023, 6, 2), imported=True
            )
        case "pay":
            InstalmentFactory(
                application__call=Call.objects.get(code="ami-2023"), state="verse", paid_on=THEN
            )
        case "publish":
            PoleFactory(published=True, founding_year=2001)
        case "archive":
            Pole.objects.update(record_state="archive", archive_reason="Essai.")
        case "announce":
            Call.objects.update(announced_laureates=999, name="Autre nom")
        case "move":
            Pole.objects.update(seat=Territory.objects.filter(kind="region").latest("code"))


@hypothesis_settings(with_database, max_examples=6)
@given(
    changes=st.lists(
        st.sampled_from(["file", "pay", "publish", "archive", "announce", "move"]), max_size=3
    )
)
def test_the_same_question_has_the_same_answer_whatever_is_written(changes: list[str]) -> None:
    with undone():
        user = UserFactory(officer=True)
        where = Where(call=Call.objects.get(code="ami-2023"))
        first = ask(THEN, where, user)
        for each in changes:
            change(each)
        again = ask(THEN, where, UserFactory(officer=True))
        assert again.pk == first.pk
        assert (again.text, again.figures) == (first.text, first.figures)
        assert again.asked_by == user


_AT_ONCE = """
    import sys, threading
    import django
    django.setup()
    from datetime import date
    from calls.answers.keeping import ask, new_edition
    from calls.answers.perimeter import Where
    from django.core.exceptions import ValidationError
    from django.db import connection
    from networks.models import User

    users = [User.objects.create(email=f"a{n}@exemple.invalid", role="agent") for n in range(6)]
    together = threading.Barrier(len(users))
    found, refused = set(), []

    def act(user, kept=None):
        together.wait(60)
        try:
            if kept is None:
                answer = ask(date(2023, 12, 31), Where(), user)
            else:
                answer = new_edition(kept, f"Motif de {user.pk}", user)
            found.add((answer.pk, answer.edition, answer.text))
        except ValidationError as error:
            refused.append(error.messages[0])
        finally:
            connection.close()

    def all_at_once(kept=None):
        found.clear()
        threads = [threading.Thread(target=act, args=(user, kept)) for user in users]
        for thread in threads: thread.start()
        for thread in threads: thread.join(120)

    all_at_once()
    assert len(found) == 1 and not refused, (found, refused)
    from calls.models import ParliamentaryAnswer
    all_at_once(ParliamentaryAnswer.objects.get())
    assert [edition for _, edition, _ in found] == [2], found
    assert len(refused) == 5 and len(set(refused)) == 1, refused
    assert ParliamentaryAnswer.objects.count() == 2
"""


def test_officers_who_ask_at_the_same_moment_get_the_same_answer() -> None:
    """So do those who make an edition at once: the first is told to the others."""
    with database_of_its_own() as address:
        done = subprocess.run(
            [sys.executable, "-c", dedent(_AT_ONCE)],
            env=_environment(address),
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr


def _environment(address: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
        "PTCE_DEVELOPMENT": "1",
    }
