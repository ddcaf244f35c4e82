"""Which pole each row speaks of: by its number, by its name, or a new one."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.likeness import look_alikes
from core.text import normalise
from poles.models import Pole
from workspace.imports.asking import LEAVE, NEW, POLE, Answers, Question
from workspace.imports.cells import CellError, quoted, tidy_line
from workspace.imports.columns import POLES
from workspace.imports.row import Row

_PUBLIC_ID = re.compile(r"(?:ptce[ -]?)?(\d{1,12})(?:[.,]0+)?", re.IGNORECASE)
_LONGEST = 280


@dataclass(frozen=True)
class Known:
    """A pole of the registry. ``place``: where it is, for who reads."""

    pk: int
    public_id: str
    name: str
    place: str
    region: int | None

    @property
    def told(self) -> str:
        return f"{quoted(self.name)} ({', '.join(filter(None, (self.public_id, self.place)))})"


def known_subject(pk: int) -> str:
    """Written so that the order of texts is that of numbers, in which rows are locked."""
    return f"{pk:012d}"


def number_of(subject: str) -> int | None:
    """The pole of a subject; None for one to be made."""
    return int(subject) if subject.isdecimal() else None


@dataclass
class Subjects:
    """``regions``: for the names of new poles, the régions of their seats where they are known."""

    answers: Answers
    poles: dict[int, Known] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    new: set[str] = field(default_factory=set)
    alike: dict[str, list[int]] = field(default_factory=dict)

    def read(self, rows: Iterable[Row]) -> None:
        """Learns what poles there are, and which names of the file are like theirs."""
        self.poles, self.merged = {}, {}
        for pk, public_id, name, normalised, place, region, into in _poles():
            if into is not None:
                # A sheet of before the merge still speaks of the pole that stands.
                self.merged[pk] = into
            else:
                self.poles[pk] = Known(pk, public_id, name, place or "", region)
            bearers = self.by_name[normalised]
            if (into or pk) not in bearers:
                bearers.append(into or pk)
        names = {
            normalise(row.get("name")): normalise(row.get("name"))
            for row in rows
            if row.table == POLES and not tidy_line(row.get("id"))
        }
        unknown = {name: name for name in names if name and name not in self.by_name}
        self.new = set(unknown)
        if unknown:
            known = [(pk, normalised) for normalised, pks in self.by_name.items() for pk in pks]
            self.alike = look_alikes(unknown, lambda: known)

    def of(self, row: Row) -> str:
        """The subject of ``row``; raises CellError or Undecided."""
        number = tidy_line(row.get("id"))
        if number:
            return self._numbered(number)
        text = tidy_line(row.get("name"))
        name = normalise(text)
        if not name:
            raise CellError("le nom du pôle manque")
        bearers = self.by_name.get(name, [])
        if len(bearers) == 1:
            return known_subject(bearers[0])
        if bearers:
            return self._chosen(name, text, bearers, f"Plusieurs pôles s’appellent {quoted(text)}.")
        if name not in self.new:
            raise CellError(f"le registre ne connaît pas de pôle {quoted(text)}, ni ce fichier")
        if likely := self.alike.get(name):
            names = ", ".join(self.poles[pk].told for pk in likely)
            asked = f"Le pôle {quoted(text)} ressemble à {names}."
            return self._chosen(name, text, likely, asked)
        return f"+{name}"[:_LONGEST]

    def _numbered(self, text: str) -> str:
        found = _PUBLIC_ID.fullmatch(text)
        pk = int(found[1]) if found else None
        pk = self.merged.get(pk, pk) if pk is not None else None
        if pk is None or pk not in self.poles:
            raise CellError(f"le registre n’a pas de pôle {quoted(text)}")
        return known_subject(pk)

    def _chosen(self, name: str, text: str, likely: list[int], asked: str) -> str:
        question = Question(
            POLE,
            name[:_LONGEST],
            asked,
            [
                *(
                    (str(pk), f"C’est {self.poles[pk].told}\u00a0: le mettre à jour")
                    for pk in likely[:8]
                ),
                (NEW, f"C’en est un autre\u00a0: créer {quoted(text)}"),
                (LEAVE, "Ne pas importer les lignes qui le nomment"),
            ],
        )
        answer = self.answers.to(question)
        if answer == LEAVE:
            raise CellError(f"vous avez laissé de côté le pôle {quoted(text)}")
        return f"+{name}"[:_LONGEST] if answer == NEW else known_subject(int(answer))


def _poles() -> Iterable[tuple[int, str, str, str, str | None, int | None, int | None]]:
    rows = Pole.objects.order_by("pk").values_list(
        *("pk", "public_id", "name", "normalised_name", "seat__name", "seat__region"), "merged_into"
    )
    return rows.iterator(chunk_size=5000)
