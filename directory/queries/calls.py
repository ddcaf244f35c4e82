"""Calls for projects: what was announced, and what the registry identified."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from calls.models import Application, Call, CallState, Decision
from catalogue.models import PoleIndex
from poles.models import Pole

DECISION_ORDER = (
    Decision.LAUREATE,
    Decision.SUPPORTED,
    Decision.UNKNOWN,
    Decision.REFUSED,
    Decision.WITHDRAWN,
)


def _shown() -> QuerySet[Application]:
    """Applications that a public page may tell of: those of poles that are published.

    A call that is run in the registry tells only whom it retained, once it, or the wave of a
    permanent one, is decided; ``catalogue_shows`` says the same for the lists.
    """
    told = (CallState.DECIDED, CallState.CLOSED)
    decided = Q(call__permanent=False, call__state__in=told) | Q(
        call__permanent=True, wave__state__in=told
    )
    return Application.objects.filter(
        Q(call__run_in_registry=False)
        | decided & Q(decision__in=[Decision.LAUREATE, Decision.SUPPORTED]),
        # Exactly the published poles have a row there, and a narrower one.
        pole__in=PoleIndex.objects.order_by().values("pole_id"),
    )


def applications_of(pole: Pole) -> list[Application]:
    return list(
        _shown()
        .filter(pole=pole)
        .select_related("call", "wave", "strand")
        .order_by("-call__code", "wave__code", "strand__code", "id")
    )


def applications_to(call: Call) -> QuerySet[Application]:
    """The laureates first, then by the name of the pole."""
    rank = Case(
        *(When(decision=each, then=Value(i)) for i, each in enumerate(DECISION_ORDER)),
        output_field=IntegerField(),
    )
    return (
        _shown()
        .filter(call=call)
        .select_related("pole__index", "wave", "strand")
        .order_by(rank, "pole__normalised_name", "wave__code", "strand__code", "id")
    )


@dataclass(frozen=True)
class CountedCall:
    """A call, and how many poles the registry identifies in it."""

    call: Call
    candidates: int
    laureates: int
    supported: int


def counted_calls(*, code: str = "") -> list[CountedCall]:
    """Every call, or that of this code, the latest first; two statements."""
    calls = Call.objects.order_by("-code")
    shown = _shown()
    if code:
        calls, shown = calls.filter(code=code), shown.filter(call__code=code)
    counts = {
        call: numbers
        for call, *numbers in shown.order_by()
        .values_list("call")
        .annotate(
            candidates=Count("pole", distinct=True),
            laureates=Count("pole", distinct=True, filter=Q(decision=Decision.LAUREATE)),
            supported=Count("pole", distinct=True, filter=Q(decision=Decision.SUPPORTED)),
        )
    }
    return [CountedCall(call, *counts.get(call.pk, (0, 0, 0))) for call in calls]


def is_open(call: Call, today: date) -> bool:
    """Whether one may apply today, as far as is known.

    A call that the registry runs says so itself. Of an older permanent one nobody has told the end:
    it is not held open.
    """
    if call.opens_on is None or call.opens_on > today:
        return False
    if call.run_in_registry and call.state != CallState.OPEN:
        return False
    if call.closes_on is not None:
        return call.closes_on >= today
    return call.permanent and call.run_in_registry
