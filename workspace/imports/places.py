"""Territories as people write them, found among those of the registry."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from calls.registry.matching import TerritoryMatcher
from calls.registry.reading import RowRefusedError
from core.text import normalise
from territories.models import Territory, TerritoryKind
from workspace.imports.cells import CellError, quoted

_BRACKETS = re.compile(r"^(?P<name>.*?)\s*\((?P<inside>[^()]*)\)$")
_INSIDE = re.compile(
    r"(?:(?P<kind>region|departement|epci|commune)\s)?(?P<code>\d{2}|\d{3}|2[ab]|\d{5}|2[ab]\d{3}|\d{9})"
)
_CODE = re.compile(r"\d{4,5}|2[ab]\d{3}|\d{9}", re.IGNORECASE)
_KIND_WORDS = {
    TerritoryKind.REGION: "région",
    TerritoryKind.DEPARTEMENT: "département",
    TerritoryKind.EPCI: "EPCI",
}


def written(place: Territory) -> str:
    """A territory as a sheet names it: no other is written the same.

    >>> written(Territory(kind="commune", code="56260", name="Vannes"))
    'Vannes (56260)'
    """
    word = _KIND_WORDS.get(TerritoryKind(place.kind))
    return f"{place.name} ({word} {place.code})" if word else f"{place.name} ({place.code})"


class Places:
    """Those that the texts of a file may mean; five statements, however many the texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        names: set[str] = set()
        codes: set[str] = set()
        for text in texts:
            found = _BRACKETS.match(text)
            names.add(found["name"] if found else text)
            names.add(text)
            codes.update(_codes_in(text))
        self._departement_names: dict[str, Territory] = {}
        self._by_code: dict[tuple[str, str], Territory] = {}
        self._by_postal_code: dict[str, list[Territory]] = defaultdict(list)
        self._epci_names: dict[str, list[Territory]] = defaultdict(list)
        if names:
            self._matcher = TerritoryMatcher(names)
            self._read({normalise(name) for name in names}, codes)

    def _read(self, names: set[str], codes: set[str]) -> None:
        current = Territory.objects.current()
        for place in (*self._matcher.regions.values(), *self._matcher.departements.values()):
            self._by_code[place.kind, place.code] = place
            if place.kind == TerritoryKind.DEPARTEMENT:
                self._departement_names[normalise(place.name)] = place
        for place in current.communes().filter(
            Q(code__in=codes) | Q(postal_codes__overlap=sorted(codes))
        ):
            self._by_code["commune", place.code] = place
            for code in place.postal_codes:
                self._by_postal_code[code].append(place)
        for place in current.epcis().filter(Q(code__in=codes) | Q(normalised_name__in=names)):
            self._by_code["epci", place.code] = place
            self._epci_names[normalise(place.name)].append(place)

    def find(self, text: str) -> Territory:
        """The one territory that ``text`` names; raises CellError."""
        found = _BRACKETS.match(text)
        if found and (place := self._within(found["name"], found["inside"])):
            return place
        candidates = self._coded(text) or self._named(text)
        return _only(candidates, text)

    def seat(
        self, commune: str, code: str, departement: str, region: str
    ) -> tuple[Territory | None, list[str]]:
        """The most precise territory that the four cells name together, and what is to be noted."""
        if code and (communes := self._communes_of_code(code)):
            same = [place for place in communes if normalise(place.name) == normalise(commune)]
            if len(same or communes) == 1:
                return (same or communes)[0], []
            if not commune:
                raise CellError(
                    f"plusieurs communes ont le code {quoted(code)}\u00a0: {_labels(communes)}"
                )
        number = self._departement_code(departement)
        try:
            seat = self._matcher.seat(commune, number or departement, region)
        except RowRefusedError as error:
            raise CellError(str(error)) from error
        return seat.territory, seat.notes

    def _departement_code(self, text: str) -> str:
        place = self._departement_names.get(normalise(text))
        return place.code if place else ""

    def _communes_of_code(self, code: str) -> list[Territory]:
        code = code.upper().zfill(5)
        known = self._by_code.get(("commune", code))
        postal = self._by_postal_code.get(code, [])
        return postal or ([known] if known else [])

    def _within(self, name: str, inside: str) -> Territory | None:
        coded = _INSIDE.fullmatch(normalise(inside))
        if coded is None:
            region = self._matcher.regions.get(normalise(inside))
            departement = self._departement_names.get(normalise(inside))
            if region is None and departement is None:
                return None
            communes = self._matcher.communes_named(name, departement=departement, region=region)
            return _only(communes, f"{name} ({inside})")
        code, kind = coded["code"].upper(), coded["kind"] or ""
        if len(code) <= 3 and not kind:
            departement = self._by_code.get(("departement", code))
            communes = (
                self._matcher.communes_named(name, departement=departement) if departement else []
            )
            if communes:
                return _only(communes, f"{name} ({inside})")
        candidates = self._bearing(kind, code)
        same = [place for place in candidates if normalise(place.name) == normalise(name)]
        if candidates and not same:
            raise CellError(
                f"{quoted(name)} ne va pas avec le code {code}, qui est celui de "
                f"{_labels(candidates)}"
            )
        return _only(same, f"{name} ({inside})") if same else None

    def _bearing(self, kind: str, code: str) -> list[Territory]:
        """The territories of that code; of a commune, of that postal code too."""
        usual = {5: "commune", 9: "epci"}.get(len(code), "departement")
        known = self._by_code.get((kind or usual, code))
        postal = self._by_postal_code.get(code, []) if usual == "commune" else []
        return [*([known] if known else []), *(place for place in postal if place != known)]

    def _coded(self, text: str) -> list[Territory]:
        code = text.upper()
        if _CODE.fullmatch(code):
            epci = self._by_code.get(("epci", code))
            return [epci] if epci else self._communes_of_code(code)
        departement = self._by_code.get(("departement", code.zfill(2)))
        return [departement] if departement else []

    def _named(self, text: str) -> list[Territory]:
        """A commune that bears the name of its own département or région stands for it."""
        name = normalise(text)
        wider = [
            place
            for place in (self._departement_names.get(name), self._matcher.regions.get(name))
            if place
        ]
        communes = self._matcher.communes_named(text)
        if wider:
            # Of a département that is a région too, the former.
            inside = [place for place in communes if place.departement_id == wider[0].pk]
            return inside or wider[:1]
        return [*communes, *self._epci_names.get(name, [])]


def _codes_in(text: str) -> set[str]:
    found = {code.upper() for code in re.findall(r"\b(?:\d{9}|\d{5}|2[ABab]\d{3}|\d{4})\b", text)}
    return found | {code.zfill(5) for code in found if len(code) == 4}


def _only(places: list[Territory], text: str) -> Territory:
    if len(places) == 1:
        return places[0]
    if not places:
        raise CellError(
            f"{quoted(text)} n’est ni une commune, ni un EPCI, ni un département, ni une région"
        )
    raise CellError(
        f"{quoted(text)} peut désigner plusieurs territoires\u00a0: {_labels(places)}. "
        "Ajoutez le numéro du département entre parenthèses"
    )


def _labels(places: list[Territory]) -> str:
    labels = sorted(
        {place.label if place.kind == "commune" else written(place) for place in places}
    )
    more = f" et {len(labels) - 6} autres" if len(labels) > 6 else ""
    return ", ".join(labels[:6]) + more
