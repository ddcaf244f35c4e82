"""Texts name what exists and say where one appeals; a letter says what is so, and is kept."""

from typing import Any

import pytest

from tests.breaking import Break, as_server, cases, check_form, check_sql, refused, run, update
from tests.call_factories import (
    LetterFactory,
    LetterTemplateFactory,
    call_at,
    file_of,
    laureate,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def same_template(row: Any) -> dict[str, Any]:
    return {"kind": LetterTemplateFactory(call=row.call, kind="recu").kind}


BREAKS = cases(
    Break("calls_lettertemplate_once", LetterTemplateFactory, same_template),
    # The general one is seeded.
    Break("calls_lettertemplate_once", LetterTemplateFactory, {"call_id": None}),
    Break("calls_lettertemplate_kind", LetterTemplateFactory, {"kind": "carte"}),
    Break("calls_lettertemplate_fields", LetterTemplateFactory, {"subject": ""}),
    Break("calls_lettertemplate_fields", LetterTemplateFactory, {"body": "{pole} {inconnu}"}),
    Break("calls_lettertemplate_fields", LetterTemplateFactory, {"body": "{{ pole.name }}"}),
    Break("calls_lettertemplate_fields", LetterTemplateFactory, {"subject": "Seule {"}),
    Break("calls_lettertemplate_appeal", LetterTemplateFactory, {"kind": "refuse"}),
    Break(
        "calls_lettertemplate_appeal",
        LetterTemplateFactory,
        {"kind": "irrecevable", "body": "Motifs\u00a0: {motifs}"},
    ),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("calls_letter_values", {"kind": "carte"}),
        ("calls_letter_values", {"body": ""}),
        ("calls_letter_printed", {"printed": True}),
        ("calls_letter_stage", {"kind": "laureat"}),
        ("calls_letter_stage", {"kind": "irrecevable"}),
        ("calls_letter_stage", {"kind": "relance"}),
    ],
)
def test_a_letter_says_what_is_so(rule: str, values: dict[str, Any]) -> None:
    with refused(rule):
        LetterFactory(**values)


def test_a_letter_is_sent_once_unless_it_is_said_why() -> None:
    first = LetterFactory()
    with refused("calls_letter_once"):
        LetterFactory(application=first.application)
    LetterFactory(application=first.application, because="L’objet était faux.")
    unknown = file_of(call_at(), received_on="2024-03-01")
    LetterFactory(application=unknown, kind="recevable", about_on=None)
    with refused("calls_letter_once"):
        LetterFactory(application=unknown, kind="recevable", about_on=None)


def test_a_decision_is_told_from_the_step_decided_on() -> None:
    call = call_at()
    file = file_of(call)
    laureate(file, 1000)
    with refused("calls_letter_stage"):
        LetterFactory(application=file, kind="laureat")
    run("UPDATE calls_call SET state = 'decide' WHERE id = %s", call.pk)
    with refused("calls_letter_stage"):
        LetterFactory(application=file, kind="refuse")
    assert LetterFactory(application=file, kind="laureat").pk


def test_a_letter_is_kept_as_it_was_sent() -> None:
    letter = LetterFactory()
    for column, value in (
        ("body", "Autre"),
        ("address", "autre@exemple.invalid"),
        ("officer_id", UserFactory(officer=True).pk),
        ("because", "Rien"),
    ):
        with as_server(), refused("calls_letter_kept"):
            update(letter, **{column: value})
    with as_server(), refused("calls_letter_kept"):
        run("DELETE FROM calls_letter WHERE id = %s", letter.pk)
    # What says who it was can be erased.
    update(letter, officer_id=None)
    update(letter, address="")
    letter.refresh_from_db()
    assert (letter.officer, letter.address, letter.printed) == (None, "", False)
