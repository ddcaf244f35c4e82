"""A row of the poles' table: the columns of the record, and what other cells say of it."""

from collections.abc import Mapping
from typing import Any

from calls.registry.leads import read_lead
from calls.registry.reading import RowRefusedError, split_addresses, split_members, split_status
from core.text import normalise
from poles.models import MembershipRole
from poles.record.fields import Json
from workspace.imports.cells import CellError, quoted, split_list, tidy, tidy_line
from workspace.imports.changes import Current, RowReader
from workspace.imports.columns import MEMBERS, POLES, tables
from workspace.imports.organisations import Mentioned, mentioned, told
from workspace.imports.row import Row, RowChanges, blank, column_of

_POSITION = ("latitude", "longitude")
_SEAT_PARTS = ("seat_commune", "seat_code", "seat_departement", "seat_region")

Member = tuple[Mentioned, MembershipRole, str]


def read_pole(reader: RowReader, row: Row, current: Current) -> RowChanges:
    """The changes of ``row`` over the values of its pole; raises `Undecided`."""
    found, reading = reader.begin(row)
    cells = reader.context.cells[POLES]
    for key in tables()[POLES].columns:
        if key in cells and key in row.cells:
            reader.compare(row, key, current.get(key), found, reading)
    if not _after(found, current, "name"):
        found.refuse("Nom", "un pôle a un nom")
    _seat_parts(reader, row, current, found)
    _maturity_year(row, current, found)
    _position(current, found)
    _sources(reader, row, current, found)
    found.theme_words = split_list(row.get("themes"), reader.separator)
    _members(reader, row, current, found)
    return found


def _after(found: RowChanges, current: Current, key: str) -> Json:
    return found.changes[key][1] if key in found.changes else current.get(key)


def _position(current: Current, found: RowChanges) -> None:
    """A position that a sheet gives is placed by hand; taken away, it has no origin."""
    if not any(key in found.changes for key in _POSITION):
        return
    placed = any(_after(found, current, key) is not None for key in _POSITION)
    for key, after in (
        ("position_origin", "main" if placed else ""),
        ("geocoding_score", None),
        ("geocoding_label", ""),
    ):
        if current.get(key) != after:
            found.add(key, current.get(key), after)


def _maturity_year(row: Row, current: Current, found: RowChanges) -> None:
    """The year in brackets after the maturity, where no cell says another."""
    if row.get("maturity_year") or "maturity" not in found.changes:
        return
    years = {part.year for part in split_status(tidy_line(row.get("maturity")))} - {None}
    if len(years) == 1 and (year := years.pop()) != current.get("maturity_year"):
        before = current.get("maturity_year")
        found.add("maturity_year", before, year)
        label = column_of(POLES, "maturity_year").label
        found.tell("maturity_year", label, str(before or ""), str(year))


def _seat_parts(reader: RowReader, row: Row, current: Current, found: RowChanges) -> None:
    """The seat from the cells of a network's own sheet, where no cell says it whole."""
    parts = [tidy_line(row.get(key)) for key in _SEAT_PARTS]
    if row.get("seat") or not any(parts):
        return
    territories = reader.context.territories
    try:
        place, notes = territories.places.seat(*parts)
    except CellError as error:
        found.refuse("Siège", error)
        return
    found.notes += [f"Siège\u00a0: {note}." for note in notes]
    if place is not None and place.pk != current.get("seat"):
        territories.add(place)
        cell = reader.context.cells[POLES]["seat"]
        found.add("seat", current.get("seat"), place.pk)
        found.tell("seat", "Siège", cell.text(current.get("seat")), cell.text(place.pk))


def _sources(reader: RowReader, row: Row, current: Current, found: RowChanges) -> None:
    lines = tidy(row.get("sources")).split("\n")
    wanted = list(dict.fromkeys(url for line in lines for url in split_addresses(line)))
    if "sources" not in row.cells or (not wanted and not reader.erases):
        return
    known = {key: value["url"] for key, value in current.items() if key.startswith("sources/")}
    gone = {key: url for key, url in known.items() if url not in wanted and reader.erases}
    come = [url for url in wanted if url not in known.values()]
    for key, url in gone.items():
        found.add(key, current[key], None)
        found.tell(key, "Source", url, "")
    for place, url in enumerate(come):
        key = f"sources/+{row.line}{place:03d}"
        found.add(key, None, {"url": url, "seen_on": None})
        found.tell(key, "Source", "", url)


def _members(reader: RowReader, row: Row, current: Current, found: RowChanges) -> None:
    """The lead and the members that cells of the pole's row name: added, never taken away."""
    try:
        named = [*_lead(reader, row, found), *_named_members(reader, row)]
    except (RowRefusedError, CellError) as error:
        found.refuse("Membres", error)
        return
    present = {
        value["organisation"]: key
        for key, value in current.items()
        if key.startswith("members/") and value["ends_on"] is None
    }
    seen: list[Json] = []
    for place, (who, role, word) in enumerate(named):
        try:
            organisation = reader.context.organisations.find(who, word, reader.source(row))
        except CellError as error:
            found.refuse("Membres", error)
            continue
        if organisation not in seen:
            seen.append(organisation)
            name = told(organisation, reader.context.organisations.named)
            key = f"members/+{row.line}{place:03d}"
            _join(key, name, organisation, (role, word), current, present, found)


def _join(
    key: str,
    name: str,
    organisation: Json,
    joins: tuple[MembershipRole, str],
    current: Current,
    present: Mapping[Any, str],
    found: RowChanges,
) -> None:
    role, word = joins
    label = f"Participation\u00a0: {name}"
    known = present.get(organisation) if isinstance(organisation, int) else None
    if known is None:
        said = {"organisation": organisation, "role": role.value, "source_words": word[:200]}
        found.add(key, None, blank(MEMBERS) | said)
        found.tell(key, label, "", str(role.label))
    elif role == MembershipRole.LEAD and current[known]["role"] != role:
        found.add(known, current[known], current[known] | {"role": role.value})
        before = MembershipRole(current[known]["role"]).label
        found.tell(known, label, str(before), str(role.label))


def _lead(reader: RowReader, row: Row, found: RowChanges) -> list[Member]:
    text = tidy_line(row.get("lead"))
    if not text:
        return []
    lead = read_lead(text, row.get("name"), reader.context.words)
    if lead.treatment != "porteur":
        found.notes.append(
            "Structure porteuse laissée de côté, à dire sur la fiche du pôle\u00a0: "
            f"{quoted(text)}."
        )
        return []
    return [(mentioned(lead.name), MembershipRole.LEAD, lead.type or text)]


def _named_members(reader: RowReader, row: Row) -> list[Member]:
    parts = split_list(row.get("members"), reader.separator)
    types = reader.context.words.member_types
    found = []
    for named in split_members(";".join(part.replace(";", ",") for part in parts)):
        stated = types.get(normalise(named.type))
        role = stated.role if stated else MembershipRole.ACTIVE
        found.append((mentioned(named.name), role, named.type))
    return found
