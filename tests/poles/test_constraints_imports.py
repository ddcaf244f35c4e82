"""The rules of imports, broken one by one."""

from typing import Any

import pytest
from django.utils import timezone

from poles.models import ImportQuestion, ImportRow, ImportRun
from tests.breaking import Break, cases, check_form, check_sql
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(**values: Any) -> ImportRun:
    return ImportRun.objects.create(author=UserFactory(), file_name="essai.xlsx", **values)


def row(**values: Any) -> ImportRow:
    return ImportRow.objects.create(run=run(), table="poles", line=2, **values)


def second_row() -> ImportRow:
    first = row()
    return ImportRow.objects.create(run=first.run, table="poles", line=3)


def second_question() -> ImportQuestion:
    first = run()
    for key in ("un", "deux"):
        question = ImportQuestion.objects.create(
            run=first, key=key, kind="pole", text="Lequel ?", options=[["1", "Celui-ci"]]
        )
    return question


BREAKS = (
    Break("poles_importrun_state", run, {"state": "perdu"}),
    Break("poles_importrun_progress", lambda: run(total=3), {"done": 4}),
    Break("poles_importrun_applied", run, {"state": "fait"}),
    Break("poles_importrow_line", second_row, {"line": 2}),
    Break("poles_importrow_outcome", row, {"outcome": "perdu"}),
    Break("poles_importrow_reason", row, {"outcome": "refuse"}),
    Break("poles_importquestion_once", second_question, {"key": "un"}),
)


@cases(*BREAKS)
def test_the_database_refuses(case: Break) -> None:
    check_sql(case)


@cases(*BREAKS)
def test_the_form_says_why(case: Break) -> None:
    check_form(case)


def test_what_keeps_to_the_rules_is_let_in() -> None:
    run(state="fait", applied_at=timezone.now(), total=3, done=3)
    row(outcome="refuse", reason="Le nom manque.")
