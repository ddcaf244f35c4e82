"""Drafts: what a person typed and has not saved, kept until it is saved, dropped or old."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from networks.models import User
from poles.models import Draft, Pole
from poles.record.fields import Json


def keep_draft(
    user: User,
    pole: Pole | None,
    section: str,
    data: Mapping[str, list[str]],
    base: Mapping[str, Json],
) -> Draft:
    """In place of the one that was kept; see `Draft` for ``data`` and ``base``."""
    draft = Draft(
        user=user,
        pole=pole,
        section=section,
        data=dict(data),
        base=dict(base),
        saved_at=timezone.now(),
    )
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["user", "pole", "section"],
        update_fields=["data", "base", "saved_at"],
    )
    return draft


def draft_of(user: User, pole: Pole | None, section: str) -> Draft | None:
    return Draft.objects.filter(user=user, pole=pole, section=section).first()


def drop_draft(user: User, pole: Pole | None, section: str) -> None:
    Draft.objects.filter(user=user, pole=pole, section=section).delete()


def forget_old_drafts() -> int:
    """Those that nobody came back to; how many."""
    before = timezone.now() - timedelta(days=settings.DRAFT_DAYS)
    return Draft.objects.filter(saved_at__lt=before).delete()[0]
