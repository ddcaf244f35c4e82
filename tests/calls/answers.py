"""A small world of poles and applications, and its figures counted by trying every possible day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from tests.factories import (
    ApplicationFactory,
    CallFactory,
    InstalmentFactory,
    PoleFactory,
    PoleThemeFactory,
    RegionFactory,
    StrandFactory,
    ThemeFactory,
)

# Some days of the years that are asked about, and the day on which everything is recorded.
DAYS = [date(2019, 6, 1), date(2020, 6, 1), date(2021, 6, 1), date(2022, 6, 1)]
TODAY = timezone.localdate()
OPENED, CLOSED = date(2020, 3, 1), date(2021, 3, 1)
_days = st.sampled_from(DAYS)
_maybe_day = st.none() | _days
_euros = st.integers(1, 9)


@dataclass(frozen=True)
class MadePole:
    region: int | None
    themes: frozenset[int]
    founded: int | None
    closed: date | None
    published: bool


@dataclass(frozen=True)
class MadeFile:
    """``call``: 0 and 1 are the State's, of which 0 says its dates; 2 is a network's."""

    pole: int
    call: int
    strand: int
    received: date | None
    eligible: bool | None
    decision: str
    decided: date | None
    amount: int | None
    paid: tuple[tuple[int, date], ...]


poles = st.builds(
    MadePole,
    st.sampled_from([None, 0, 1]),
    st.frozensets(st.integers(0, 1)),
    st.sampled_from([None, 2018, 2020, 2022]),
    st.none() | st.sampled_from(DAYS[3:]),
    st.booleans(),
)


@st.composite
def files(draw: Any) -> MadeFile:
    decision = draw(st.sampled_from(["inconnue", "laureat", "accompagne", "refuse"]))
    received, decided = draw(_maybe_day), draw(_maybe_day)
    if decision == "inconnue" or (received and decided and decided < received):
        decided = None
    given = decision in ("laureat", "accompagne")
    return MadeFile(
        pole=draw(st.integers(0, 3)),
        call=draw(st.integers(0, 2)),
        strand=draw(st.integers(0, 1)),
        received=received,
        eligible=draw(st.none() | st.booleans()),
        decision=decision,
        decided=decided,
        amount=draw(st.none() | _euros) if given else None,
        paid=tuple(draw(st.lists(st.tuples(_euros, _days), max_size=2))) if given else (),
    )


worlds = st.tuples(
    st.lists(poles, min_size=4, max_size=4),
    st.lists(files(), max_size=6, unique_by=lambda file: (file.pole, file.call, file.strand)),
)
World = tuple[list[MadePole], list[MadeFile]]


@dataclass
class Rows:
    regions: list[Any]
    themes: list[Any]
    calls: list[Any]


def written(world: World) -> Rows:
    made_poles, made_files = world
    rows = Rows(
        [RegionFactory() for _ in range(2)],
        [ThemeFactory() for _ in range(2)],
        [
            CallFactory(kind="etat", opens_on=OPENED, closes_on=CLOSED),
            CallFactory(kind="etat"),
            CallFactory(kind="reseau"),
        ],
    )
    strands = [[StrandFactory(call=call) for _ in range(2)] for call in rows.calls]
    found = []
    for each in made_poles:
        pole = PoleFactory(
            seat=None if each.region is None else rows.regions[each.region],
            founding_year=each.founded,
            closed_on=each.closed,
            record_state="publie" if each.published else "brouillon",
        )
        for number in each.themes:
            PoleThemeFactory(pole=pole, theme=rows.themes[number])
        found.append(pole)
    for file in made_files:
        made = ApplicationFactory(
            call=rows.calls[file.call],
            strand=strands[file.call][file.strand],
            pole=found[file.pole],
            received_on=file.received,
            eligible=file.eligible,
            eligible_reason="" if file.eligible is not False else "Motif",
            decision=file.decision,
            decided_on=file.decided,
            amount_eur=file.amount,
            imported=True,
        )
        for amount, day in file.paid:
            InstalmentFactory(application=made, amount_eur=amount, state="verse", paid_on=day)
    return rows


# The same, counted by hand: a fact holds on a day if it does on every day that it may have come.

_EVERY = [date(2017, 1, 1) + timedelta(days=each) for each in range(0, 2400, 30)] + [
    *DAYS,
    OPENED,
    CLOSED,
    TODAY,
]


def _possible(earliest: date | None, latest: date) -> list[date]:
    # Of dates that contradict one another, what came last is believed.
    return [day for day in _EVERY if (earliest or day) <= day <= latest] or [latest]


def decided(file: MadeFile) -> list[date]:
    if file.decided:
        return [file.decided]
    known = [file.received] if file.received else []
    known += [CLOSED] if file.call == 0 else []
    return _possible(max(known, default=None), TODAY)


def received(file: MadeFile) -> list[date]:
    if file.received:
        return [file.received]
    latest = [TODAY]
    latest += [CLOSED] if file.call == 0 else []
    latest += [file.decided] if file.decided else []
    return _possible(OPENED if file.call == 0 else None, min(latest))


def eligible(file: MadeFile) -> list[date]:
    if not file.eligible:
        return []
    latest = TODAY
    if file.decided and file.decision != "refuse":
        latest = file.decided
    earliest = file.received or (OPENED if file.call == 0 else None)
    return _possible(earliest, latest)


def founded(pole: MadePole) -> list[date]:
    if pole.founded is None:
        return _possible(None, TODAY)
    return _possible(date(pole.founded, 1, 1), date(pole.founded, 12, 31))


def always(days: list[date], day: date) -> bool:
    return bool(days) and all(each <= day for each in days)


def naive(
    world: World,
    day: date,
    holds: Callable[[MadePole], bool],
    *,
    call: int | None = None,
) -> dict[str, Decimal]:
    """The figures of the poles that ``holds`` is true of, and of one call or of the State's."""
    made_poles, made_files = world
    asked = [
        file
        for file in made_files
        if (file.call < 2 if call is None else file.call == call) and holds(made_poles[file.pole])
    ]

    def pairs(known: Iterable[MadeFile]) -> Decimal:
        return Decimal(len({(file.call, file.pole) for file in known}))

    given = {
        name: [f for f in asked if f.decision == name and always(decided(f), day)]
        for name in ("laureat", "accompagne")
    }
    candidates = [file for file in asked if always(received(file), day)]
    return {
        "candidates": pairs(candidates),
        "eligible": pairs(file for file in candidates if always(eligible(file), day)),
        "laureates": pairs(given["laureat"]),
        "supported": pairs(given["accompagne"]),
        "engaged": Decimal(sum(f.amount or 0 for each in given.values() for f in each)),
        "paid": Decimal(sum(n for f in asked for n, on in f.paid if on <= day)),
        "poles": Decimal(
            sum(
                _exists(world, number, day, call)
                for number, pole in enumerate(made_poles)
                if holds(pole)
            )
        ),
    }


def _exists(world: World, number: int, day: date, call: int | None) -> bool:
    pole, theirs = world[0][number], [file for file in world[1] if file.pole == number]
    if not pole.published or (pole.closed and pole.closed <= day):
        return False
    if call is not None and not any(
        always(received(file), day) for file in theirs if file.call == call
    ):
        return False
    if always(founded(pole), day):
        return True
    return pole.founded is None and any(always(received(file), day) for file in theirs)
