"""All that the cells of a file may name, read once for the whole of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from calls.registry.mapping import Mapping as Words
from calls.registry.mapping import read_mapping
from poles.models import Pole
from poles.record.fields import FIELDS
from poles.record.rows import COLLECTIONS
from workspace.imports.asking import Answers
from workspace.imports.cells import cell_of
from workspace.imports.columns import MEMBERS, POLES, PROJECTS, tables
from workspace.imports.organisations import (
    Mentioned,
    OrganisationCell,
    Organisations,
    OrganisationsCell,
)
from workspace.imports.references import ManyCell, Networks, OneCell, Territories, Themes


@dataclass(frozen=True)
class Mentions:
    """What the cells of a file mention, before anything is looked up."""

    places: Sequence[str] = ()
    organisations: Sequence[Mentioned] = ()


class Context:
    """``cells``: for each table and key, how its cells are read and written."""

    def __init__(self, mentions: Mentions, answers: Mapping[str, str] | None = None) -> None:
        self.words = known_words()
        self.answers = Answers(answers or {})
        self.themes = Themes(self.words)
        self.networks = Networks()
        self.territories = Territories(mentions.places)
        self.organisations = Organisations(self.words, self.answers, mentions.organisations)
        place, themes, networks = self.territories, self.themes, self.networks
        special: dict[tuple[str, str], Any] = {
            (POLES, "themes"): ManyCell(themes.named, themes.find),
            (POLES, "networks"): ManyCell(networks.named, networks.find),
            (POLES, "coverage"): ManyCell(place.named, place.find),
            (POLES, "seat"): OneCell(place.named, place.find),
            (POLES, "legal_person"): OrganisationCell(self.organisations),
            (PROJECTS, "members"): OrganisationsCell(self.organisations),
        }
        self.cells: dict[str, dict[str, Any]] = {}
        for table in tables().values():
            # The members' own table names an organisation by two cells: it is read apart.
            self.cells[table.name] = {
                key: special.get((table.name, key)) or cell_of(column)
                for key in table.columns
                if (column := _column(table.name, key)) is not None
                and (table.name, key) != (MEMBERS, "organisation")
            }

    def remember(self, poles: Iterable[Pole]) -> None:
        """The names of what these poles hold; `read_whole` has read them."""
        poles = list(poles)
        self.remember_places(poles)
        for pole in poles:
            self.organisations.remember(m.organisation for m in pole.memberships.all())
            for project in pole.projects.all():
                self.organisations.remember(project.members.all())

    def remember_places(self, poles: Iterable[Pole]) -> None:
        """The names of what their own columns hold, without their members and projects."""
        poles = list(poles)
        self.territories.remember(poles)
        self.organisations.remember(pole.legal_person for pole in poles if pole.legal_person)


@cache
def known_words() -> Words:
    """The readable tables, as they are in this release."""
    return read_mapping()


def _column(table: str, key: str) -> Any:
    """The model's column behind a column of a sheet, if there is one."""
    if table == POLES:
        return FIELDS[key].column if key in FIELDS else None
    collection = COLLECTIONS[table]
    return collection.column(key) if key in collection.columns else None
