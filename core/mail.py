"""Mails, written in the transaction that causes them and sent by the worker after its commit."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.tasks import send_mail

# So that what was missed can be sent again.
KEPT = timedelta(days=14)

# A subject is one line; the spaces that do not break are part of its French.
_ONE_LINE = re.compile(r"[^\S\u00a0\u202f]+")


class Attachment(NamedTuple):
    """A file that goes with a mail; ``kind``: its media type."""

    name: str
    content: bytes
    kind: str


def send_later(
    *,
    to: Sequence[str],
    subject: str,
    template: str,
    context: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Writes to each address by itself, from ``templates/mail/<template>.txt`` and ``.html``.

    The mails are rows of the transaction under way: they are sent once it is committed, and with
    it they are undone. Nothing is written where there is no address.
    """
    # One mailbox, however it was typed; written to as it was typed first.
    addresses: dict[str, str] = {}
    for address in filter(None, map(str.strip, to)):
        addresses.setdefault(address.casefold(), address)
    if not addresses:
        return
    known = {**context, "site_url": settings.SITE_URL}
    text = render_to_string(f"mail/{template}.txt", known)
    html = render_to_string(f"mail/{template}.html", known)
    # The arguments of a task are JSON.
    attached = [
        [each.name, base64.b64encode(each.content).decode(), each.kind] for each in attachments
    ]
    # A task an address, so that a refusal of one is not tried again on the others; all or none.
    with transaction.atomic():
        for address in addresses.values():
            send_mail.enqueue(
                address,
                _ONE_LINE.sub(" ", subject.strip()),
                text.strip() + "\n",
                html,
                headers=dict(headers or {}),
                attachments=attached,
            )


def forget_old_mails() -> int:
    """Deletes the copies of what was sent, or given up, a while ago; how many."""
    old = DBTaskResult.objects.finished().filter(finished_at__lte=timezone.now() - KEPT)
    return old.delete()[0]


def forget_mails(address: str) -> int:
    """Deletes the mails to one address that wait, or of which the tasks keep a copy; how many."""
    kept = DBTaskResult.objects.filter(task_path=send_mail.module_path)
    return kept.filter(args_kwargs__args__0__iexact=address).delete()[0]
