"""The first page of the admin site: what waits, room by room."""

from dataclasses import replace

from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

import calls.waiting
import networks.waiting
import poles.waiting
from core.models import BackgroundTask
from core.waiting import Found, Waits, read
from networks.models import User
from ptce_registry.admin import name_of_task


def _task(pk: str) -> str:
    return reverse("admin:core_backgroundtask_change", args=[pk])


def failed_tasks() -> list[Waits]:
    return [
        Waits(
            slug="taches",
            title="Tâches qui n’ont pas abouti",
            rows=BackgroundTask.objects.filter(status="FAILED"),
            name=name_of_task(),
            day=TruncDate("finished_at"),
            page=_task,
            listed=reverse("admin:core_backgroundtask_changelist") + "?etat=FAILED",
        )
    ]


def what_waits(user: User) -> list[Found]:
    """In one statement; failed tasks are the administrators'."""
    rooms = [poles.waiting.waiting, calls.waiting.waiting, networks.waiting.waiting]
    rooms += [failed_tasks] if user.is_administrator else []
    found = read([each for room in rooms for each in room()], timezone.localdate())
    return [_to_read(each) for each in found] if user.is_auditor else found


def _to_read(found: Found) -> Found:
    """Without what leads to the workspace, where an auditor has no place."""

    def shown(url: str) -> str:
        return "" if url.startswith(reverse("workspace:dashboard")) else url

    items = [replace(item, url=shown(item.url)) for item in found.items]
    return replace(found, address=shown(found.address), items=items)
