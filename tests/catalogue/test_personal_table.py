"""The table of personal data: nothing that can name somebody is kept without being in it."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client

from catalogue.personal.table import NOT_PERSONAL, TABLE, Basis, lasting, night_steps
from networks.models import User
from ptce_registry.management.commands.nightly import SCHEDULED

# All that these applications keep is of accounts, or could be.
_OF_ACCOUNTS = {
    *("account", "mfa", "socialaccount", "usersessions", "sessions", "admin", "auth"),
    "django_tasks_database",
}
_NAMING = re.compile(
    r"(^|_)(authors?|full_name|first_name|last_name|contact|phone|e?mail|recipient|address|ip"
    r"|user_agent|account)(_|$)"
)


def is_account(field: models.Field) -> bool:
    return bool(field.remote_field and field.remote_field.model is User)


def names_somebody(field: models.Field) -> bool:
    typed = isinstance(field, models.EmailField | models.GenericIPAddressField)
    return typed or is_account(field) or bool(_NAMING.search(field.name))


def columns() -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model")
        for field in model._meta.local_fields
    ]


def known() -> set[str]:
    return {where for kept in TABLE for where in kept.where} | set(NOT_PERSONAL)


def test_whatever_names_somebody_is_in_the_table() -> None:
    unsaid = {
        f"{model._meta.label}.{field.name}"
        for model, field in columns()
        if names_somebody(field)
        or (model._meta.app_label in _OF_ACCOUNTS and not model._meta.auto_created)
        if not {model._meta.label, f"{model._meta.label}.{field.name}"} & known()
    }
    assert unsaid == set()


def test_the_table_names_what_exists_and_once() -> None:
    said = [where for kept in TABLE for where in kept.where]
    assert len(said) == len(set(said))
    assert not set(said) & set(NOT_PERSONAL)
    for where in known():
        app, model, *field = where.split(".")
        found = apps.get_model(app, model)
        assert not field or found._meta.get_field(field[0])
    assert len({kept.slug for kept in TABLE}) == len(TABLE)


def test_the_history_names_nobody_but_where_the_table_says() -> None:
    """It keeps the numbers of accounts; a name or an address, where the row says so."""
    allowed = {where for kept in TABLE if kept.in_history for where in kept.where}
    allowed |= set(NOT_PERSONAL)
    named = {
        f"{model.pgh_tracked_model._meta.label}.{field.name}"
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model")
        for field in model._meta.local_fields
        if names_somebody(field) and not field.is_relation
    }
    assert named <= allowed


def test_archives_are_never_forgotten() -> None:
    archives = [kept for kept in TABLE if kept.basis == Basis.ARCHIVES]
    assert archives
    assert not any(kept.forgets for kept in archives)
    in_archives = {where.partition(".")[0] for kept in archives for where in kept.where}
    assert in_archives == {"calls"}
    # Of calls the night takes a working copy alone.
    of_calls = [f.__name__ for f in night_steps().values() if f.__module__.startswith("calls")]
    assert of_calls == ["forget_old_exports"]


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (timedelta(hours=12), "12 heures"),
        (timedelta(days=2), "2 jours"),
        (timedelta(days=30), "30 jours"),
        (timedelta(days=120), "4 mois"),
        (timedelta(days=180), "6 mois"),
        (timedelta(days=365), "12 mois"),
    ],
)
def test_durations_are_told_as_they_are_kept(kept: timedelta, words: str) -> None:
    assert lasting(kept) == words


@pytest.mark.django_db
def test_the_public_reads_the_table(client: Client) -> None:
    page = " ".join(client.get("/donnees-personnelles/").content.decode().split())
    for kept in TABLE:
        for words in (kept.what, kept.why, kept.until):
            assert " ".join(words.split()) in page


@pytest.mark.django_db
def test_the_night_forgets_by_the_table() -> None:
    assert "forget" in SCHEDULED
    told = StringIO()
    call_command("forget", stdout=told)
    assert [line.partition(" : ")[0] for line in told.getvalue().splitlines()] == [*night_steps()]
    with pytest.raises(CommandError, match=r"Inconnu : rien\."):
        call_command("forget", "rien")


@pytest.mark.django_db
def test_what_cannot_be_forgotten_keeps_nothing_else(monkeypatch: Any) -> None:
    def fails() -> int:
        raise RuntimeError("Rien ne va.")

    done: list[str] = []

    def works() -> int:
        done.append("deux")
        return 1

    steps = {"un": fails, "deux": works}
    monkeypatch.setattr("catalogue.management.commands.forget.night_steps", lambda: steps)
    errors = StringIO()
    with pytest.raises(CommandError, match=r"N’ont pas été oubliés : un\."):
        call_command("forget", stdout=StringIO(), stderr=errors)
    assert done == ["deux"]
    assert "un : Rien ne va." in errors.getvalue()
