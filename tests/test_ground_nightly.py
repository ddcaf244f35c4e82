"""The night: all that is scheduled, each by itself."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command, get_commands
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from ptce_registry.management.commands import nightly

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_database(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def finished(days: int, status: str = "SUCCESSFUL") -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="core.tasks.send_mail",
        backend_name="default",
        run_after=get_date_max(),
        finished_at=timezone.now() - timedelta(days=days) if status != "READY" else None,
    )


def test_what_is_scheduled_exists() -> None:
    assert set(nightly.SCHEDULED) <= set(get_commands())


def test_only_what_is_long_finished_is_pruned() -> None:
    finished(15)
    finished(15, "FAILED")
    kept = {finished(13).pk, finished(13, "FAILED").pk, finished(99, "READY").pk}
    call_command("nightly", stdout=StringIO())
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept


@pytest.mark.parametrize("error", [CommandError("Rien ne va."), RuntimeError("Rien ne va.")])
def test_a_step_that_fails_is_told_and_stops_no_other(error: Exception, monkeypatch: Any) -> None:
    now = timezone.now()
    Session.objects.create(session_key="ancienne", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="encours", expire_date=now + timedelta(days=1))
    finished(15)
    begun: list[str] = []

    def failing(name: str, **options: Any) -> None:
        begun.append(name)
        if name == "refresh_catalogue":
            raise error
        call_command(name, **options)

    monkeypatch.setattr(nightly, "call_command", failing)
    told = StringIO()
    with pytest.raises(CommandError, match=r"N’ont pas abouti : refresh_catalogue\.") as ended:
        call_command("nightly", stdout=StringIO(), stderr=told)
    assert ended.value.returncode == 1
    assert "refresh_catalogue : Rien ne va." in told.getvalue()
    assert begun == list(nightly.SCHEDULED)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["encours"]
    assert not DBTaskResult.objects.exists()
