"""The predicates of the rooms above the networks, person by person, against the table of roles.

In the order of tests/permissions/world.py: nobody, editor of the reference network, of another of
the région, of another région, manager of the reference network, officer, administrator.
"""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from calls.permissions import (
    can_answer_questions,
    can_give_opinion,
    can_run_calls,
    can_see_opinions,
)
from core.allowed import Allowed
from poles import answering, recognition, reports
from poles.keeping import can_write_organisation
from poles.merging.undoing import can_undo
from poles.models import Merge
from tests.networks.test_permissions import is_reason
from tests.permissions.world import build
from workspace import acts

pytestmark = pytest.mark.django_db

MINISTRY = "-----yy"
PUBLISHERS = "----yyy"

TABLE: dict[tuple[str, str], tuple[Callable[[Any, Any], Allowed], str]] = {
    ("answer", "proposal"): (answering.can_answer, PUBLISHERS),
    ("read", "proposal"): (answering.can_read, "-y--yyy"),
    ("decide recognition", "published"): (recognition.can_decide_recognition, MINISTRY),
    ("see", "report"): (reports.can_see, "-yy-yyy"),
    ("answer", "report"): (reports.can_answer, PUBLISHERS),
    # Who may publish refuses a submission, and has nobody to submit to.
    ("take back", "submitted"): (acts.can_take_back, "-y-----"),
    ("hand over", "draft"): (acts.can_hand_over, "-y-----"),
    ("hand over", "orphan"): (acts.can_hand_over, "-yy-y--"),
    ("hand over", "published"): (acts.can_hand_over, "-------"),
    ("hand over", "archived"): (acts.can_hand_over, "-------"),
    ("run calls", "application"): (lambda user, _: can_run_calls(user), MINISTRY),
    ("answer questions", "application"): (lambda user, _: can_answer_questions(user), MINISTRY),
    # The networks that a call names have theirs in tests/workspace/test_opinions.py.
    ("see opinions of", "application"): (can_see_opinions, MINISTRY),
    ("give an opinion on", "application"): (
        lambda user, application: can_give_opinion(user, application, 0),
        "-------",
    ),
    ("write", "organisation"): (can_write_organisation, PUBLISHERS),
    ("undo the merge", "published"): (
        lambda user, pole: can_undo(user, Merge(), [pole]),
        PUBLISHERS,
    ),
}


def test_who_may_do_what() -> None:
    world = build()
    people = [person or AnonymousUser() for person in world.people]
    wrong, silent = [], []
    for (what, record), (may, expected) in TABLE.items():
        answers = [may(person, world.records[record]) for person in people]
        found = "".join("y" if answer else "-" for answer in answers)
        if found != f"{expected}-":
            wrong.append(f"{what} {record}: {found} rather than {expected}-")
        silent += [answer.reason for answer in answers if not answer and not is_reason(answer)]
    assert wrong == []
    assert silent == []


def test_every_predicate_is_in_the_table() -> None:
    """Those of the networks have theirs in tests/networks/test_permissions.py."""
    written = {
        f"{path.stem}.{node.name}"
        for room in ("poles", "calls", "members", "catalogue", "workspace")
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("can_")
    }
    wrapped = {"can_undo", "can_answer_questions", "can_run_calls", "can_give_opinion"}
    tested = {may.__name__ for may, _ in TABLE.values()} | wrapped
    assert {name.partition(".")[2] for name in written} <= tested
