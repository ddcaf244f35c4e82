"""What is done apart from the pages, by ``manage.py db_worker``."""

import base64
import logging
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.tasks import task
from django.utils import timezone

# A server that is down for a night is waited for; then the failure stays among the tasks.
_PAUSES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=8))
_logger = logging.getLogger(__name__)


@task
def send_mail(
    to: str,
    subject: str,
    text: str,
    html: str,
    attempt: int = 0,
    headers: dict[str, str] | None = None,
    attachments: list[list[str]] | None = None,
) -> None:
    """Sends one mail to one address; tried again after a pause if the server refuses.

    ``attachments``: name, content in base 64, media type.
    """
    message = EmailMultiAlternatives(subject=subject, body=text, to=[to], headers=headers)
    message.attach_alternative(html, "text/html")
    for name, content, kind in attachments or []:
        message.attach(name, base64.b64decode(content), kind)
    try:
        message.send()
    except OSError:
        if attempt >= len(_PAUSES):
            raise
        _logger.warning("Un courriel n’est pas parti : nouvel essai dans %s.", _PAUSES[attempt])
        later = send_mail.using(run_after=timezone.now() + _PAUSES[attempt])
        later.enqueue(to, subject, text, html, attempt + 1, headers, attachments)
