"""Mails to accounts, as each chose: at once, once a day, or none. Never two for one thing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.mail import send_later
from networks.models import Notice, NoticeChoice, NoticePreference, User

# Nothing is told again after that: its page has long been read.
REMEMBERED = timedelta(days=120)


def notify(
    users: Iterable[User],
    *,
    about: str,
    subject: str,
    path: str,
    template: str,
    context: Mapping[str, object],
) -> None:
    """Tells each active account of the thing ``about``, unless it was told already.

    ``template``: of ``templates/mail``, which extends ``_notice``; ``path``: the page that shows
    the thing. Part of the transaction under way, as `send_later` is.
    """
    active = {user.pk: user for user in users if user.is_active and user.email}
    chosen = choices_of(active)
    wanted = [pk for pk in sorted(active) if chosen[pk] != NoticeChoice.NONE]
    now = timezone.now()
    with transaction.atomic():
        told = dict(Notice.objects.filter(user__in=wanted, about=about).values_list("user", "pk"))
        new = [pk for pk in wanted if pk not in told]
        # Another transaction may tell the same thing: of the two, the second writes no row.
        Notice.objects.bulk_create(
            (
                Notice(
                    user_id=pk,
                    about=about,
                    subject=subject[:300],
                    path=path,
                    sent_at=now if chosen[pk] == NoticeChoice.AT_ONCE else None,
                )
                for pk in new
            ),
            ignore_conflicts=True,
        )
        written = Notice.objects.filter(user__in=new, about=about, sent_at=now)
        at_once = set(written.values_list("user", flat=True))
        send_later(
            to=[active[pk].email for pk in new if pk in at_once],
            subject=subject,
            template=template,
            context={**context, "path": path},
        )


def choices_of(users: Iterable[int]) -> dict[int, str]:
    """What each account chose, by primary key."""
    users = list(users)
    made = NoticePreference.objects.filter(user__in=users).values_list("user", "choice")
    return dict.fromkeys(users, str(NoticeChoice.AT_ONCE)) | dict(made)


def choose(user: User, choice: str) -> None:
    NoticePreference.objects.update_or_create(user=user, defaults={"choice": choice})


def send_daily() -> int:
    """Writes to each account that has something waiting, one mail for all of it; how many mails."""
    waiting = Notice.objects.filter(sent_at=None).order_by().values_list("user", flat=True)
    return sum(_send_waiting(user) for user in sorted(set(waiting)))


def _send_waiting(pk: int) -> bool:
    """In one transaction on the locked rows; whether a mail was written."""
    with transaction.atomic():
        rows = Notice.objects.select_for_update(of=("self",)).filter(user=pk, sent_at=None)
        notices = list(rows.select_related("user").order_by("pk"))
        if not notices:
            return False
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
            sent_at=timezone.now()
        )
        user = notices[0].user
        # Who asked for silence since, or left, is told nothing more.
        if choices_of([pk])[pk] == NoticeChoice.NONE or not user.is_active:
            return False
        by_page: dict[str, list[str]] = defaultdict(list)
        for notice in notices:
            by_page[notice.path].append(notice.subject)
        number = len(notices)
        send_later(
            to=[user.email],
            subject=f"Registre des PTCE\u00a0: {number} nouvelle{'s' if number > 1 else ''}",
            template="daily",
            context={"pages": dict(by_page), "path": ""},
        )
        return True


def forget_old_notices() -> int:
    """Deletes what was told long ago; how many."""
    old = Notice.objects.filter(sent_at__lt=timezone.now() - REMEMBERED)
    return old.delete()[0]
