"""What the night takes out of calls: working copies alone, never a file of a call."""

from datetime import timedelta

from django.utils import timezone

from calls.models import PlatformImport

EXPORTS_KEPT = timedelta(days=7)


def forget_old_exports() -> int:
    """Deletes the exports of the forms platform that nobody moved on for a week; how many rows."""
    old = PlatformImport.objects.filter(moved_at__lt=timezone.now() - EXPORTS_KEPT)
    return old.delete()[0]
