"""The mails that were sent: in tests each leaves at once."""

from dataclasses import dataclass

from django.core import mail


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str


def mails() -> list[Mail]:
    """In the order of their addresses."""
    found = [
        Mail(each.to[0], each.subject, each.body, each.alternatives[0].content)
        for each in mail.outbox
    ]
    return sorted(found, key=lambda each: each.to)


def forget_mails() -> None:
    mail.outbox.clear()
