"""The page that shows the mails that a development site would have sent."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ptce_registry.demonstration import demo_codes

# How Django's file backend ends each message.
_END = b"-" * 79 + b"\n"
_SHOWN_FILES = 50


@dataclass(frozen=True)
class SentMail:
    sender: str
    recipients: str
    subject: str
    date: str
    text: str


@never_cache
@require_safe
def sent_mails(request: HttpRequest) -> HttpResponse:
    folder = Path(settings.DEMO_DIR) / "courriels"
    return render(
        request,
        "development/mails.html",
        {
            "title": "Courriels envoyés",
            "breadcrumb_data": {"links": [], "current": "Courriels envoyés"},
            "mails": read_mails(folder),
            "codes": demo_codes(),
        },
    )


def read_mails(folder: Path) -> list[SentMail]:
    """The messages written by Django's file backend, the latest first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [
        _read(raw)
        for file in files[:_SHOWN_FILES]
        for raw in reversed(file.read_bytes().split(_END))
        if raw.strip()
    ]


def _read(raw: bytes) -> SentMail:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    return SentMail(
        sender=str(message["From"] or ""),
        recipients=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        text=body.get_content() if body else "",
    )
