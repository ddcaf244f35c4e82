"""Calls for projects: what was announced, and what the registry identified."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from calls.models import Application, Call, Decision
from poles.models import Pole, RecordState

DECISION_ORDER = (
    Decision.LAUREATE,
    Decision.SUPPORTED,
    Decision.UNKNOWN,
    Decision.REFUSED,
    Decision.WITHDRAWN,
)


def _shown(prefix: str, today: date) -> Q:
    """Applications that a public page may tell of.

    A call that is run in the registry tells nothing of who applied before its results are out.
    """
    return Q(**{f"{prefix}pole__record_state": RecordState.PUBLISHED}) & (
        Q(**{f"{prefix}call__run_in_registry": False})
        | Q(**{f"{prefix}imported": True})
        | Q(**{f"{prefix}call__results_on__lte": today})
    )


def applications_of(pole: Pole) -> list[Application]:
    return list(
        Application.objects.filter(_shown("", timezone.localdate()), pole=pole)
        .select_related("call", "wave", "strand", "beneficiary")
        .order_by("-call__code", "wave__code", "strand__code", "id")
    )


def applications_to(call: Call) -> QuerySet[Application]:
    """The laureates first, then by the name of the pole."""
    rank = Case(
        *(When(decision=each, then=Value(i)) for i, each in enumerate(DECISION_ORDER)),
        output_field=IntegerField(),
    )
    return (
        Application.objects.filter(_shown("", timezone.localdate()), call=call)
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
    """Every call, or that of this code, the latest first; one statement."""
    shown = _shown("applications__", timezone.localdate())
    calls = Call.objects.order_by("-code")
    if code:
        calls = calls.filter(code=code)
    counts = {
        "candidates": Count("applications__pole", distinct=True, filter=shown),
        "laureates": _poles(shown, Decision.LAUREATE),
        "supported": _poles(shown, Decision.SUPPORTED),
    }
    return [
        CountedCall(call, **{name: getattr(call, name) for name in counts})
        for call in calls.annotate(**counts)
    ]


def _poles(shown: Q, decision: Decision) -> Count:
    decided = shown & Q(applications__decision=decision)
    return Count("applications__pole", distinct=True, filter=decided)


def is_open(call: Call, today: date) -> bool:
    """Whether one may apply today, as far as is known.

    Without a closing date only a permanent call that the registry itself runs is held open: of an
    older one, nobody has told the end.
    """
    if call.opens_on is None or call.opens_on > today:
        return False
    if call.closes_on is not None:
        return call.closes_on >= today
    return call.permanent and call.run_in_registry
