"""Mails, written in the transaction that causes them and sent by the worker after its commit."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.template.loader import render_to_string

from core.tasks import send_mail


def send_later(
    *, to: Sequence[str], subject: str, template: str, context: Mapping[str, object]
) -> None:
    """Writes to each address by itself, from ``templates/mail/<template>.txt`` and ``.html``.

    The mails are rows of the transaction under way: they are sent once it is committed, and with
    it they are undone. Nothing is written where there is no address.
    """
    addresses = list(dict.fromkeys(address for address in to if address))
    if not addresses:
        return
    known = {**context, "site_url": settings.SITE_URL}
    text = render_to_string(f"mail/{template}.txt", known)
    html = render_to_string(f"mail/{template}.html", known)
    for address in addresses:
        send_mail.enqueue(address, " ".join(subject.split()), text.strip() + "\n", html)
