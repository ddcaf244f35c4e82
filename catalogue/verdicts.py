"""The verdict of an indexed pole today."""

from django.db.models import Case, F, TextField, When
from django.utils import timezone

from poles.article9 import MINIMUM
from poles.models import PoleVerdict


def verdict_today() -> Case:
    """The one that the index keeps, computed anew only where the calendar has passed its day."""
    today = timezone.localdate()
    return Case(
        When(true_until__lte=today, then=PoleVerdict(MINIMUM.code, today, "pole_id")),
        default=F("verdict"),
        output_field=TextField(),
    )
