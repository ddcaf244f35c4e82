"""What the night takes out of what people brought, once it serves nobody."""

from datetime import timedelta

from django.utils import timezone

from poles.models import ImportRun

IMPORTS_KEPT = timedelta(days=7)


def forget_old_imports() -> int:
    """Deletes the files that nobody moved on for a week, with their reading; how many."""
    old = ImportRun.objects.filter(moved_at__lt=timezone.now() - IMPORTS_KEPT)
    # Its rows go with each; in one statement they would all be read first.
    pks = list(old.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        ImportRun.objects.filter(pk=pk).delete()
    return len(pks)
