"""The periods of one organisation in one pole, told by two records: no day of either is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from poles.models import MembershipRole

_STRENGTH = {MembershipRole.PARTNER: 0, MembershipRole.ACTIVE: 1, MembershipRole.LEAD: 2}
_LONGEST_WORDS = 200
# Days by their ordinal; an unknown end is open.
_FIRST, _AFTER = 0, date.max.toordinal() + 1


@dataclass(frozen=True)
class Period:
    """A role from a day to another, both included; None is open. ``words``: of the source."""

    role: str
    begins: date | None = None
    ends: date | None = None
    words: str = ""

    @property
    def first(self) -> int:
        return self.begins.toordinal() if self.begins else _FIRST

    @property
    def after(self) -> int:
        return self.ends.toordinal() + 1 if self.ends else _AFTER

    def overlaps(self, other: "Period") -> bool:
        return self.first < other.after and other.first < self.after


def united(periods: Sequence[Period], led: Sequence[Period] = ()) -> list[Period]:
    """Every day of ``periods``, in the strongest role of that day, in as few periods as may be.

    ``led``: when another organisation leads the pole; whoever would lead then is an active member.
    """
    made: list[Period] = []
    for first, after in _intervals([*periods, *led]):
        over = [p for p in periods if p.first <= first and after <= p.after]
        if not over:
            continue
        role = max((p.role for p in over), key=lambda each: _STRENGTH[MembershipRole(each)])
        if role == MembershipRole.LEAD and any(p.first <= first and after <= p.after for p in led):
            role = MembershipRole.ACTIVE
        words = _joined(p.words for p in over)
        last = made[-1] if made else None
        if last is not None and last.after == first and last.role == role:
            made[-1] = _period(role, last.first, after, _joined([last.words, words]))
        else:
            made.append(_period(role, first, after, words))
    return made


def _intervals(periods: Iterable[Period]) -> Iterable[tuple[int, int]]:
    days = sorted({day for p in periods for day in (p.first, p.after)})
    return pairwise(days)


def _period(role: str, first: int, after: int, words: str) -> Period:
    return Period(
        str(role),
        None if first == _FIRST else date.fromordinal(first),
        None if after == _AFTER else date.fromordinal(after - 1),
        words,
    )


def _joined(words: Iterable[str]) -> str:
    """Each of what the sources said, once."""
    said = dict.fromkeys(part for each in words for part in each.split("\u00a0; ") if part)
    return "\u00a0; ".join(said)[:_LONGEST_WORDS]


Row = dict[str, Any]


@dataclass
class Settled:
    """What becomes of the rows of two records; ``spare``: those that nothing needs any more."""

    changed: list[tuple[Row, Period]] = field(default_factory=list)
    new: list[Period] = field(default_factory=list)
    spare: list[Row] = field(default_factory=list)


def settled(kept: Sequence[Row], moved: Sequence[Row], led: Sequence[Period] = ()) -> Settled:
    """``changed`` has every row that stays or comes with its period, be it the same.

    Rows are those of the table, their dates as texts. Where nothing meets, each row keeps its own.
    """
    known = [(row, period_of(row)) for row in (*kept, *moved)]
    theirs = [period for row, period in known if row in moved]
    mine = [period for row, period in known if row in kept]
    leads = [p for p in theirs if p.role == MembershipRole.LEAD]
    apart = not any(one.overlaps(other) for one in theirs for other in mine)
    if apart and not any(one.overlaps(other) for one in leads for other in led):
        return Settled(changed=known)
    found = Settled()
    free = list(known)
    waiting: list[Period] = []
    for period in united([p for _, p in known], led):
        same = next((each for each in free if _same(each[1], period)), None)
        if same is None:
            waiting.append(period)
        else:
            free.remove(same)
            found.changed.append((same[0], period))
    for period in waiting:
        if free:
            found.changed.append((free.pop(0)[0], period))
        else:
            found.new.append(period)
    found.spare = [row for row, _ in free]
    return found


def period_of(row: Row) -> Period:
    begins, ends = (_day(row[name]) for name in ("begins_on", "ends_on"))
    return Period(row["role"], begins, ends, row["source_words"])


def columns_of(period: Period) -> Row:
    """The columns of a row with that period."""
    return {
        "role": period.role,
        "begins_on": period.begins.isoformat() if period.begins else None,
        "ends_on": period.ends.isoformat() if period.ends else None,
        "source_words": period.words,
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _same(one: Period, other: Period) -> bool:
    return (one.role, one.first, one.after) == (other.role, other.first, other.after)
