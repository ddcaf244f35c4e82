"""A territory as a source describes it, before the database: checked, and given a position."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from core.tables import FileRefusedError
from core.text import normalise
from territories.models import TerritoryKind

CODE_FORMS = {
    TerritoryKind.REGION: re.compile(r"\d{2}"),
    TerritoryKind.DEPARTEMENT: re.compile(r"\d{2}|2[AB]|97\d"),
    TerritoryKind.EPCI: re.compile(r"\d{9}"),
    TerritoryKind.COMMUNE: re.compile(r"\d{5}|2[AB]\d{3}"),
}
_SHOWN_FAULTS = 10


@dataclass
class Place:
    kind: TerritoryKind
    code: str
    name: str
    line: int = 0
    zone: str = ""
    epci_type: str = ""
    postal_codes: list[str] = field(default_factory=list)
    population: int | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    approximate: bool = False
    region: str | None = None
    departement: str | None = None
    epci: str | None = None
    chief_town: str | None = None

    @property
    def slug(self) -> str:
        return normalise(self.name).replace(" ", "-")


@dataclass(frozen=True)
class FormerPlace:
    code: str
    name: str
    kind: str
    commune: str
    line: int = 0


@dataclass
class Places:
    """All that a load brings; each kind comes after those that it belongs to."""

    regions: list[Place]
    departements: list[Place]
    epcis: list[Place]
    communes: list[Place]
    former: list[FormerPlace]

    def __iter__(self) -> Iterator[Place]:
        yield from self.regions
        yield from self.departements
        yield from self.epcis
        yield from self.communes


class Faults:
    """What is wrong in a file, said together: a file is mended once, not once a fault."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[str] = []

    def add(self, line: int, what: str) -> None:
        self.found.append(f"ligne {line} : {what}" if line else what)

    def refuse_if_any(self) -> None:
        if not self.found:
            return
        shown = self.found[:_SHOWN_FAULTS]
        more = len(self.found) - len(shown)
        if more:
            shown.append(f"et {more} autre{'s' if more > 1 else ''}.")
        raise FileRefusedError(f"{self.name} est refusé : " + " ; ".join(shown))

    def number(self, line: int, text: str, what: str) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            self.add(line, f"{what} « {text[:30]} » n’est pas un nombre entier.")
            return None
        return int(text)

    def degree(self, line: int, text: str, what: str, limit: int) -> Decimal | None:
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) > limit:
            self.add(line, f"{what} « {text[:30]} » n’est pas un nombre de degrés.")
            return None
        return round(value, 5)


def check(name: str, places: Sequence[Place], **parents: set[str]) -> None:
    """Refuses ``name`` if a place is nameless, badly coded, repeated, or of an unknown parent."""
    faults = Faults(name)
    lines: dict[str, int] = {}
    for place in places:
        if not CODE_FORMS[place.kind].fullmatch(place.code):
            faults.add(place.line, f"code « {place.code[:30]} » mal formé.")
        elif place.code in lines:
            faults.add(place.line, f"code {place.code} en double (ligne {lines[place.code]}).")
        lines.setdefault(place.code, place.line)
        if not place.name or not normalise(place.name):
            faults.add(place.line, f"{place.code} n’a pas de nom.")
        if (place.latitude is None) != (place.longitude is None):
            faults.add(place.line, f"{place.code} a une latitude sans longitude, ou l’inverse.")
        for attribute, known in parents.items():
            code, label = getattr(place, attribute), TerritoryKind(attribute).label
            if code and code not in known:
                faults.add(place.line, f"code « {code[:30]} » de {label} inconnu.")
            elif not code and attribute in {"region", "departement"}:
                faults.add(place.line, f"{place.code} n’a pas de {label}.")
    faults.refuse_if_any()


def give_positions(places: Places) -> None:
    """Fills the positions that no source gave, from the communes around, and marks them so."""
    known = [commune for commune in places.communes if commune.latitude is not None]
    middle_of_epci = _middles(known, lambda commune: commune.epci)
    middle_of_departement = _middles(known, lambda commune: commune.departement)
    for commune in places.communes:
        if commune.latitude is None:
            _place_at(
                commune,
                middle_of_epci.get(commune.epci) or middle_of_departement.get(commune.departement),
            )
    by_code = {commune.code: commune for commune in places.communes}
    middle_of_epci = _middles(places.communes, lambda commune: commune.epci) | middle_of_epci
    middle_of_region = _middles(places.communes, lambda commune: commune.region)
    for epci in places.epcis:
        _place_at(epci, middle_of_epci.get(epci.code))
    for larger, middles in (
        (places.departements, middle_of_departement),
        (places.regions, middle_of_region),
    ):
        for place in larger:
            town = by_code.get(place.chief_town or "")
            _place_at(place, _position(town) if town else middles.get(place.code))


Position = tuple[Decimal, Decimal]


def _position(place: Place) -> Position | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _place_at(place: Place, position: Position | None) -> None:
    if position is not None:
        place.latitude, place.longitude = position
        place.approximate = True


def _middles(
    communes: Iterable[Place], key: Callable[[Place], str | None]
) -> dict[str | None, Position]:
    groups: dict[str | None, list[Position]] = defaultdict(list)
    for commune in communes:
        position = _position(commune)
        if position is not None and key(commune):
            groups[key(commune)].append(position)
    return {
        code: (
            round(sum(point[0] for point in points) / Decimal(len(points)), 5),
            round(sum(point[1] for point in points) / Decimal(len(points)), 5),
        )
        for code, points in groups.items()
    }
