"""The figures of a day and a perimeter, from plain facts; what is not counted is said apart."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from calls.answers.definitions import DEFINITIONS, Why
from calls.answers.facts import (
    Announced,
    FileFacts,
    Known,
    Perimeter,
    Place,
    PoleFacts,
    both,
    either,
)

_LAUREATE, _SUPPORTED = "laureat", "accompagne"
_RECOGNISED, _REGULARISED = "reconnu", "regularisation"
# The first that holds is how a pole counts, when several of its files differ.
_ORDER = (None, Why.UNPLACED, Why.UNDATED, Why.UNTOLD, Why.OTHER)


@dataclass
class Count:
    """``value``: a number, or euros; ``apart``: by why it is not in it."""

    value: Decimal = Decimal()
    apart: dict[Why, Decimal] = field(default_factory=dict)

    def add(self, why: Why | None, number: Decimal | int) -> None:
        if why is None:
            self.value += number
        elif number:
            self.apart[why] = self.apart.get(why, Decimal()) + number


@dataclass(frozen=True)
class AnnouncedTotal:
    """``value``: None where nobody announced any by that day; ``calls``: what it is the sum of.

    ``undated``: those of whose announcement the day is not known, which are not in the sum.
    """

    value: Decimal | None
    calls: list[Announced]
    undated: list[Announced]


@dataclass(frozen=True)
class Facts:
    files: list[FileFacts]
    poles: list[PoleFacts]
    announced: list[Announced]


def count(facts: Facts, perimeter: Perimeter, day: date) -> dict[str, Count]:
    """By the keys of the definitions."""
    found = {definition.key: Count() for definition in DEFINITIONS}
    places = {pole.pole: pole.place for pole in facts.poles}
    files = [
        (file, perimeter.holds(places.get(file.pole, Place())))
        for file in facts.files
        if perimeter.call in (None, file.call)
    ]
    files = [(file, here) for file, here in files if here is not False]
    alone = perimeter.call is None

    def why(file: FileFacts, here: Known, when: Known, told: bool = True) -> Why | None:
        if alone and not file.of_state:
            return Why.OTHER
        if not told:
            return Why.UNTOLD
        if here is None:
            return Why.UNPLACED
        return Why.UNDATED if when is None else None

    def tally(key: str, when: Callable[[FileFacts], Known], told: bool = False) -> None:
        """Each pole once a call, as the best of its files."""
        best: dict[tuple[int, int], int] = {}
        for file, here in files:
            known = when(file)
            if known is False:
                continue
            rank = _ORDER.index(why(file, here, known, file.told or not told))
            of = (file.call, file.pole)
            best[of] = min(rank, best.get(of, rank))
        for rank in best.values():
            found[key].add(_ORDER[rank], 1)

    tally("candidates", lambda file: file.received.by(day))
    tally("eligible", lambda file: _eligible(file, day))
    tally("laureates", lambda file: _decided(file, _LAUREATE, day), told=True)
    tally("supported", lambda file: _decided(file, _SUPPORTED, day), told=True)
    _count_unexamined(found["eligible"], [file for file, here in files if here], alone, day)
    for file, here in files:
        given = either(_decided(file, _LAUREATE, day), _decided(file, _SUPPORTED, day))
        if given is not False:
            reason = why(file, here, given, file.told)
            found["engaged"].add(reason, file.amount or 0)
            if reason is None and file.amount is None and file.decision == _LAUREATE:
                found["engaged"].add(Why.NO_AMOUNT, 1)
        found["paid"].add(why(file, here, True), file.paid)
    _count_poles(facts, perimeter, day, found)
    return found


def _count_unexamined(eligible: Count, files: Iterable[FileFacts], alone: bool, day: date) -> None:
    """Candidates counted as such of whom nobody knows whether they were eligible."""
    known: dict[tuple[int, int], bool] = defaultdict(bool)
    for file in files:
        if (file.of_state or not alone) and file.received.by(day):
            known[file.call, file.pole] |= file.examined
    eligible.add(Why.UNEXAMINED, list(known.values()).count(False))


def _eligible(file: FileFacts, day: date) -> Known:
    return file.eligible is not None and both(file.eligible.by(day), file.received.by(day))


def _decided(file: FileFacts, decision: str, day: date) -> Known:
    return file.decision == decision and file.decided.by(day)


def _count_poles(facts: Facts, perimeter: Perimeter, day: date, found: dict[str, Count]) -> None:
    received: dict[int, list[Known]] = defaultdict(list)
    called: dict[int, list[Known]] = defaultdict(list)
    for file in facts.files:
        received[file.pole].append(file.received.by(day))
        if file.call == perimeter.call:
            called[file.pole].append(file.received.by(day))
    for pole in facts.poles:
        here = perimeter.holds(pole.place)
        asked = perimeter.call is None or either(*called[pole.pole])
        if not pole.published or here is False or asked is False:
            continue
        closed = pole.closed is not None and pole.closed.by(day)
        if closed is True:
            found["poles"].add(Why.CLOSED, 1)
            continue
        existing = both(_founded(pole, day, received[pole.pole]), asked, _not(closed))
        if existing is not False:
            found["poles"].add(_why_pole(here, existing), 1)
        if pole.recognition == _RECOGNISED:
            found["recognised"].add(_why_pole(here, existing), 1)
        elif pole.recognition == _REGULARISED:
            found["recognised"].add(Why.REGULARISED, 1)


def _founded(pole: PoleFacts, day: date, received: Iterable[Known]) -> Known:
    """A pole that nobody dated exists from its first dated act on."""
    if pole.recognition != "aucune":
        return True
    known = pole.founded.by(day)
    return True if known is None and not pole.dated and True in received else known


def _why_pole(here: Known, when: Known) -> Why | None:
    if here is None:
        return Why.UNPLACED
    return Why.UNDATED if when is None else None


def _not(value: Known) -> Known:
    return None if value is None else not value


def announced(facts: Facts, perimeter: Perimeter, day: date) -> dict[str, AnnouncedTotal]:
    """What was announced of one call, or of all the State's; of nothing smaller is anything."""
    if not (perimeter.is_country or perimeter.is_one_call):
        return {}
    calls = [
        each
        for each in facts.announced
        if (each.of_state if perimeter.is_country else each.call == perimeter.call)
    ]
    return {
        key: _total(calls, key, day) for key in ("candidates", "laureates", "supported", "engaged")
    }


def _total(calls: list[Announced], key: str, day: date) -> AnnouncedTotal:
    told = [each for each in calls if getattr(each, key) is not None]
    by = {each.call: (each.opened if key == "engaged" else each.on).by(day) for each in told}
    summed = [each for each in told if by[each.call]]
    undated = [each for each in told if by[each.call] is None]
    value = Decimal(sum(getattr(each, key) for each in summed)) if summed else None
    return AnnouncedTotal(value, summed, undated)
