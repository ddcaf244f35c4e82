"""Calls for projects: what was announced, and what the registry identified."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from calls.models import Application, Call, CallState, Decision, Wave
from catalogue.models import PoleIndex
from poles.models import Pole, RecordState

DECISION_ORDER = (
    Decision.LAUREATE,
    Decision.SUPPORTED,
    Decision.UNKNOWN,
    Decision.REFUSED,
    Decision.WITHDRAWN,
)
_RETAINED = Q(decision__in=[Decision.LAUREATE, Decision.SUPPORTED])


def _decided() -> Q:
    told = (CallState.DECIDED, CallState.CLOSED)
    return Q(call__permanent=False, call__state__in=told) | Q(
        call__permanent=True, wave__state__in=told
    )


def _told() -> Q:
    """Who applied is told where that was published before the registry.

    Otherwise only whom a call retained is, once it, or the wave of a permanent one, is decided if
    it is run in the registry; ``catalogue_refresh`` says the same for the lists.
    """
    return (
        Q(call__run_in_registry=False, imported=True)
        | Q(call__run_in_registry=False) & _RETAINED
        | _decided() & _RETAINED
    )


def shown_applications() -> QuerySet[Application]:
    """Applications that a public page may tell of: those of poles that are published."""
    return Application.objects.filter(
        _told(),
        # Exactly the published poles have a row there, and a narrower one.
        pole__in=PoleIndex.objects.order_by().values("pole_id"),
    )


def applications_of(pole: Pole) -> list[Application]:
    return list(
        shown_applications()
        .filter(pole=pole)
        .select_related("call", "wave", "strand")
        .order_by("-call__code", "wave__code", "strand__code", "id")
    )


@dataclass(frozen=True)
class CountedCall:
    """A call, and how many poles the registry identifies in it."""

    call: Call
    candidates: int
    laureates: int
    supported: int


def counted_calls() -> list[CountedCall]:
    """Those that are told, the latest first; two statements."""
    calls = Call.objects.told().order_by("-code")
    counts = {
        call: numbers
        for call, *numbers in shown_applications()
        .order_by()
        .values_list("call")
        .annotate(
            candidates=Count("pole", distinct=True),
            laureates=Count("pole", distinct=True, filter=Q(decision=Decision.LAUREATE)),
            supported=Count("pole", distinct=True, filter=Q(decision=Decision.SUPPORTED)),
        )
    }
    return [CountedCall(call, *counts.get(call.pk, (0, 0, 0))) for call in calls]


@dataclass(frozen=True)
class Results:
    """What a page tells of a call: numbers of applications, the laureates first, then by name.

    ``archived``: those that it retained and whose record is archived today, merged ones apart.
    ``regions``: how many poles in each. ``maturities``: how many of each, by what they say today.
    """

    counted: CountedCall
    shown: list[int]
    archived: list[int]
    regions: dict[str, int]
    maturities: dict[str, int]


def results_of(code: str) -> Results | None:
    """Two statements; None where no call that is told has this code."""
    call = Call.objects.told().filter(code=code).first()
    if call is None:
        return None
    archived = Q(pole__record_state=RecordState.ARCHIVED, pole__merged_into=None)
    rank = Case(
        *(When(decision=each, then=Value(i)) for i, each in enumerate(DECISION_ORDER)),
        output_field=IntegerField(),
    )
    rows = (
        Application.objects.filter(
            _told(),
            Q(pole__index__isnull=False) | _RETAINED & archived,
            call=call,
        )
        .order_by(rank, "pole__normalised_name", "wave__code", "strand__code", "id")
        .values_list("pk", "decision", "pole", "pole__index__region", "pole__maturity")
    )
    published = [row for row in rows if row[3] is not None]
    regions = {pole: region for _, _, pole, region, _ in published}
    maturities = {pole: maturity for _, _, pole, _, maturity in published}
    poles = {
        decision: {pole for _, each, pole, *_ in published if each == decision}
        for decision in (Decision.LAUREATE, Decision.SUPPORTED)
    }
    counted = CountedCall(
        call, len(regions), len(poles[Decision.LAUREATE]), len(poles[Decision.SUPPORTED])
    )
    return Results(
        counted,
        [pk for pk, *_ in published],
        [pk for pk, _, _, region, _ in rows if region is None],
        dict(Counter(regions.values())),
        dict(Counter(maturities.values())),
    )


def applications_in_order(pks: Sequence[int]) -> list[Application]:
    """One statement."""
    rows = Application.objects.select_related("pole__index", "wave", "strand")
    found = {each.pk: each for each in rows.filter(pk__in=pks).order_by()}
    return [found[pk] for pk in pks if pk in found]


def open_waves(calls: Iterable[Call], today: date) -> dict[int, Wave]:
    """Of each permanent call, by its number, the wave to which one may apply; one statement.

    Of several that are open, the one that closes first.
    """
    waves = Wave.objects.filter(
        Q(opens_on=None) | Q(opens_on__lte=today),
        call__in=[call.pk for call in calls if call.permanent],
        state=CallState.OPEN,
        closes_on__gte=today,
    )
    found: dict[int, Wave] = {}
    for wave in waves.order_by("closes_on", "code"):
        found.setdefault(wave.call_id, wave)
    return found


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
