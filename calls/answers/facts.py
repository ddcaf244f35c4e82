"""When a fact is known to hold, and of which perimeter: yes, no, or not known."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Known = bool | None


def both(*values: Known) -> Known:
    if False in values:
        return False
    return None if None in values else True


def either(*values: Known) -> Known:
    if True in values:
        return True
    return None if None in values else False


@dataclass(frozen=True)
class Span:
    """A day that is known to lie between two others, either of which may be unknown."""

    earliest: date | None = None
    latest: date | None = None

    @classmethod
    def on(cls, day: date) -> "Span":
        return cls(day, day)

    def by(self, day: date) -> Known:
        """Whether it had come by the end of ``day``."""
        if self.latest is not None and self.latest <= day:
            return True
        if self.earliest is not None and self.earliest > day:
            return False
        return None


def first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def last(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


@dataclass(frozen=True)
class Place:
    """``region`` and ``departement``: codes, "" where unknown; ``themes``: slugs."""

    region: str = ""
    departement: str = ""
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Perimeter:
    """Codes and slugs, None for all; a ``departement`` always comes with its ``region``.

    ``region`` "" is that of the poles whose région is not known. ``call``: its number.
    """

    region: str | None = None
    departement: str | None = None
    call: int | None = None
    theme: str | None = None

    def holds(self, place: Place) -> Known:
        return both(
            _is(self.region, place.region),
            _is(self.departement, place.departement),
            self.theme is None
            or (self.theme in place.themes or (None if not place.themes else False)),
        )

    @property
    def is_country(self) -> bool:
        return self == Perimeter()

    @property
    def is_one_call(self) -> bool:
        return self.call is not None and self == Perimeter(call=self.call)


def _is(asked: str | None, known: str) -> Known:
    if asked is None or asked == known:
        return True
    return None if known == "" and asked != "" else False


@dataclass(frozen=True)
class FileFacts:
    """An application. ``eligible``: since when, if it is; ``examined``: whether that is known.

    ``told``: whether its decision may be told; ``paid``: by the day asked.
    """

    call: int
    pole: int
    of_state: bool
    received: Span
    eligible: Span | None = None
    examined: bool = True
    decision: str = ""
    decided: Span = field(default_factory=Span)
    told: bool = True
    amount: Decimal | None = None
    paid: Decimal = Decimal()


@dataclass(frozen=True)
class PoleFacts:
    """``dated``: whether its own founding is; ``recognition``: the state on the day asked."""

    pole: int
    place: Place
    published: bool = True
    founded: Span = field(default_factory=Span)
    dated: bool = False
    closed: Span | None = None
    recognition: str = "aucune"


@dataclass(frozen=True)
class Announced:
    """What the organiser of a call announced: its envelope as it opened, its totals later."""

    call: int
    name: str
    of_state: bool
    on: Span
    opened: Span
    candidates: int | None = None
    laureates: int | None = None
    supported: int | None = None
    engaged: Decimal | None = None
    source: str = ""
    note: str = ""
