"""What follows an award: who has given no news, and which instalments wait."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from calls.models import (
    Application,
    CallState,
    Decision,
    Evaluation,
    EvaluationKind,
    Instalment,
    InstalmentState,
)

SILENCE_MONTHS = 6
_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Followed:
    """``silent``: laureates without news, each with its ``news_on``; instalments by what waits."""

    silent: list[Application]
    due: list[Instalment]
    suspended: list[Instalment]


def months_before(day: date, months: int) -> date:
    """The same day, or the last of a shorter month."""
    months = day.year * 12 + day.month - 1 - months
    year, month = divmod(months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def with_news(laureates: QuerySet[Application]) -> Any:
    """Each with ``news_on``: the last of its decision, agreement, payments and evaluations."""
    paid = _last(Instalment.objects.filter(state=InstalmentState.PAID), "paid_on")
    held = _last(Evaluation.objects.all(), "held_on")
    # The greatest in PostgreSQL is that of the dates that are known.
    return laureates.annotate(
        news_on=Greatest(F("decided_on"), F("agreement_on"), paid, held, output_field=DateField())
    )


def _last(rows: QuerySet, column: str) -> Subquery:
    of_one = rows.filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(of_one.annotate(last=Max(column)).values("last"))


def silent_laureates(today: date) -> Any:
    """Laureates of the registry's calls that nobody heard of for six months, the longest first.

    A final evaluation ends what is to be followed, and so does the closing of the call.
    """
    final = Evaluation.objects.filter(application=OuterRef("pk"), kind=EvaluationKind.FINAL)
    followed = Application.objects.filter(
        ~Exists(final),
        ~Q(call__state=CallState.CLOSED),
        Q(wave=None) | ~Q(wave__state=CallState.CLOSED),
        decision=Decision.LAUREATE,
        imported=False,
    )
    return (
        with_news(followed)
        .filter(Q(news_on__lte=months_before(today, SILENCE_MONTHS)))
        .select_related("pole", "call", "wave", "strand")
        .order_by("news_on", "pk")
    )


def followed(today: date) -> Followed:
    """Three statements, whatever there is."""
    rows = Instalment.objects.select_related("application__pole", "application__call").order_by(
        "planned_on", "pk"
    )
    return Followed(
        silent=list(silent_laureates(today)),
        due=list(rows.filter(state=InstalmentState.PLANNED, planned_on__lte=today + _SOON)),
        suspended=list(rows.filter(state=InstalmentState.SUSPENDED)),
    )
