"""The first page of the admin site: what waits, room by room."""

from django.db.models import F
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

import calls.waiting
import networks.waiting
import poles.waiting
from core.waiting import Found, Waits, read
from networks.models import User


def _task(pk: str) -> str:
    return reverse("admin:django_tasks_database_dbtaskresult_change", args=[pk])


def failed_tasks() -> list[Waits]:
    return [
        Waits(
            slug="taches",
            title="Tâches qui n’ont pas abouti",
            rows=DBTaskResult.objects.filter(status="FAILED"),
            name=F("task_path"),
            day=TruncDate("finished_at"),
            page=_task,
            listed=reverse("admin:django_tasks_database_dbtaskresult_changelist")
            + "?status__exact=FAILED",
        )
    ]


def what_waits(user: User) -> list[Found]:
    """In one statement; failed tasks are the administrators'."""
    rooms = [poles.waiting.waiting, calls.waiting.waiting, networks.waiting.waiting]
    rooms += [failed_tasks] if user.is_administrator else []
    return read([each for room in rooms for each in room()], timezone.localdate())
