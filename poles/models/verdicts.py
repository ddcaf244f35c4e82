"""Reading poles by their verdict, which the database keeps (``poles/sql/article9.sql``)."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.utils import timezone

from poles.article9 import MINIMUM
from poles.models.states import RecordState

if TYPE_CHECKING:
    from poles.models.pole import Pole  # noqa: F401


class PoleVerdict(Func):
    """The verdict of the pole of the row under ``rule`` on ``day``, computed by the database."""

    function = "poles_verdict"
    output_field = models.CharField()

    def __init__(self, rule: str, day: date, pole: str = "pk") -> None:
        super().__init__(
            Value(rule),
            F(pole),
            Value(day, output_field=models.DateField()),
        )


def kept_verdict(day: date, prefix: str = "") -> Case:
    """The verdict that a row keeps, computed anew only where the calendar has passed its day."""
    return Case(
        When(
            **{f"{prefix}verdict_until__lte": day},
            then=PoleVerdict(MINIMUM.code, day, f"{prefix}pk"),
        ),
        default=F(f"{prefix}verdict"),
        output_field=models.CharField(),
    )


class PoleQuerySet(models.QuerySet["Pole"]):
    def published(self) -> "PoleQuerySet":
        return self.filter(record_state=RecordState.PUBLISHED)

    def with_verdict(self, rule: str = MINIMUM.code, day: date | None = None) -> "PoleQuerySet":
        """Annotates ``verdict_on_day``: a value of `Verdict`, None where the rule demands nothing.

        ``day``: today in Paris when it is not given. Of another rule or day nothing is kept: each
        row is computed.
        """
        today = timezone.localdate()
        if rule == MINIMUM.code and day in {None, today}:
            return self.annotate(verdict_on_day=kept_verdict(today))
        return self.annotate(verdict_on_day=PoleVerdict(rule, day or today))

    def count_verdicts(self, rule: str = MINIMUM.code, day: date | None = None) -> dict[str, int]:
        """How many poles have each verdict, those that none has left out."""
        counted = (
            self.with_verdict(rule, day)
            .order_by()
            .values_list("verdict_on_day")  # type: ignore[misc]
            .annotate(n=models.Count("pk"))
        )
        return {verdict: n for verdict, n in counted if verdict is not None}
