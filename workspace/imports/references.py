"""Cells that name other things: themes, networks, territories, organisations."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from calls.registry.mapping import Mapping as Words
from calls.registry.mapping import MemberType
from core.sheets.writing import Value
from core.text import normalise
from networks.models import Network
from poles.models import Pole, Theme
from poles.record.fields import Json
from territories.models import Territory
from workspace.imports.cells import JOINED, CellError, Reading, quoted, same_text, split_list, tidy
from workspace.imports.places import Places, written


@dataclass
class Named:
    """What a value's numbers are called, in a sheet and to a person."""

    written: dict[int, str] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)

    def add(self, number: int, written: str, told: str = "") -> None:
        self.written[number], self.told[number] = written, told or written


@dataclass(frozen=True)
class ManyCell:
    """A list of things in one cell; ``find`` raises CellError, or returns None with a note."""

    named: Named
    find: Callable[[str, Reading], int | list[int] | None]
    empty: Json = field(default_factory=list)

    def read(self, text: str, reading: Reading) -> Json:
        found: set[int] = set()
        for part in split_list(text, reading.separator):
            each = self.find(part, reading)
            found.update(each if isinstance(each, list) else [each] if each is not None else [])
        return sorted(found)

    def show(self, value: Json) -> Value:
        return JOINED.join(self.named.written.get(pk, f"n° {pk}") for pk in self._ordered(value))

    def text(self, value: Json) -> str:
        return ", ".join(self.named.told.get(pk, f"n° {pk}") for pk in self._ordered(value))

    def same(self, text: str, value: Json, reading: Reading) -> bool:
        if same_text(text, self.show(value)):
            return True
        try:
            return self.read(text, Reading(reading.separator, reading.from_1904)) == (value or [])
        except CellError:
            return False

    def _ordered(self, value: Json) -> list[int]:
        return sorted(value or [], key=lambda pk: (self.named.written.get(pk, ""), pk))


@dataclass(frozen=True)
class OneCell:
    """One thing in a cell."""

    named: Named
    find: Callable[[str, Reading], int | None]
    empty: Json = None

    def read(self, text: str, reading: Reading) -> Json:
        text = tidy(text)
        return self.find(text, reading) if text else None

    def show(self, value: Json) -> Value:
        return self.named.written.get(value, f"n° {value}") if value is not None else None

    def text(self, value: Json) -> str:
        return self.named.told.get(value, f"n° {value}") if value is not None else ""

    def same(self, text: str, value: Json, reading: Reading) -> bool:
        if same_text(text, self.show(value)):
            return True
        try:
            return self.read(text, Reading(reading.separator, reading.from_1904)) == value
        except CellError:
            return False


class Themes:
    """The controlled list, by its names and by the words that the sources use."""

    def __init__(self, words: Words) -> None:
        self.named = Named()
        slugs: dict[str, int] = {}
        self._known: dict[str, list[int]] = {}
        for theme in Theme.objects.order_by("pk"):
            self.named.add(theme.pk, theme.name)
            slugs[theme.slug] = theme.pk
            self._known[normalise(theme.name)] = self._known[normalise(theme.slug)] = [theme.pk]
        for word, bearers in words.theme_words.items():
            known = [slugs[slug] for slug in bearers if slug in slugs]
            if known:
                self._known.setdefault(word, known)

    def find(self, text: str, reading: Reading) -> list[int] | None:
        found = self._known.get(normalise(text))
        if found is None:
            reading.notes.append(f"Thème hors de la liste, laissé de côté\u00a0: {quoted(text)}.")
        return found


class Networks:
    def __init__(self) -> None:
        self.named = Named()
        self._known: dict[str, int] = {}
        for network in Network.objects.order_by("-pk"):
            self.named.add(network.pk, network.name)
            for name in (network.acronym, network.slug, network.name):
                if name:
                    self._known[normalise(name)] = network.pk

    def find(self, text: str, _: Reading) -> int:
        found = self._known.get(normalise(text))
        if found is None:
            raise CellError(f"le registre ne connaît pas de réseau {quoted(text)}")
        return found


class Territories:
    def __init__(self, texts: Iterable[str]) -> None:
        self.named = Named()
        self.places = Places(texts)

    def remember(self, poles: Iterable[Pole]) -> None:
        """The names of the places that these poles hold, which they have read already."""
        for pole in poles:
            for place in (*([pole.seat] if pole.seat else []), *pole.coverage.all()):
                self.add(place)

    def add(self, place: Territory) -> int:
        self.named.add(place.pk, written(place), place.label)
        return place.pk

    def find(self, text: str, _: Reading) -> int:
        return self.add(self.places.find(text))


def member_type(words: Words, text: str) -> MemberType:
    """What a word says of an organisation; nothing for a word that the table does not have."""
    return words.member_types.get(normalise(text), MemberType(mute=True))
