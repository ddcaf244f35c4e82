"""The cells of the registry's files, taken apart; nothing here knows what the words mean."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from core.tables import Table, read_table

POLE_COLUMNS = (
    *("name", "acronym", "commune", "departement_code", "region", "themes", "year_created"),
    *("status", "lead_structure", "website", "members", "calls", "jobs", "source_url"),
)
CALL_COLUMNS = (
    *("code", "name", "organiser", "kind", "opens_on", "closes_on", "results_on", "permanent"),
    *("envelope_eur", "award_min_eur", "award_max_eur", "award_years"),
    *("candidates", "laureates", "supported", "note", "source_url"),
)
NETWORK_COLUMNS = ("name", "acronym", "kind", "region", "website", "source_url")

_NEXT_ADDRESS = re.compile(r"\s*;\s*(?=https?://)")
_YEAR_IN_BRACKETS = re.compile(r"^(?P<words>.*?)\s*\((?:en\s+)?(?P<year>\d{4})\)$")


class RowRefusedError(Exception):
    """A row that cannot be taken; its text is for the person who sent the file."""


@dataclass(frozen=True)
class NamedMember:
    name: str
    type: str


@dataclass(frozen=True)
class NamedCall:
    call: str
    outcome: str
    amount: Decimal | None


@dataclass(frozen=True)
class StatusPart:
    words: str
    year: int | None


def read_files(folder: Path) -> tuple[Table, Table, Table]:
    """Poles, calls and networks."""
    return (
        read_table(folder / "poles.csv", POLE_COLUMNS),
        read_table(folder / "calls.csv", CALL_COLUMNS),
        read_table(folder / "networks.csv", NETWORK_COLUMNS),
    )


def split_list(cell: str) -> list[str]:
    """Words joined by semicolons, each once, in their order.

    >>> split_list("culture; tiers-lieu ;;culture")
    ['culture', 'tiers-lieu']
    """
    return list(dict.fromkeys(filter(None, (part.strip() for part in cell.split(";")))))


def split_addresses(cell: str) -> list[str]:
    """Addresses joined by semicolons, one of which may itself hold a semicolon."""
    return list(dict.fromkeys(filter(None, _NEXT_ADDRESS.split(cell.strip()))))


def split_members(cell: str) -> list[NamedMember]:
    """``name|type`` joined by semicolons; the type may be missing, the name may not."""
    members = []
    for part in cell.split(";"):
        if not part.strip():
            continue
        name, _, kind = (piece.strip() for piece in part.rpartition("|"))
        if not name and "|" not in part:
            name, kind = kind, ""
        if not name:
            raise RowRefusedError(f"membre sans nom : « {part.strip()} »")
        if "|" in name:
            raise RowRefusedError(f"membre écrit avec trop de barres : « {part.strip()} »")
        members.append(NamedMember(name, kind))
    return members


def split_calls(cell: str) -> list[NamedCall]:
    """``call|outcome|amount in euros`` joined by semicolons; the amount may be empty."""
    calls = []
    for part in cell.split(";"):
        if not part.strip():
            continue
        pieces = [piece.strip() for piece in part.split("|")]
        if len(pieces) > 3 or not pieces[0]:
            raise RowRefusedError(f"appel mal écrit : « {part.strip()} »")
        name, outcome, amount = (*pieces, "", "")[:3]
        calls.append(NamedCall(name, outcome, euros(amount)))
    return calls


def split_status(cell: str) -> list[StatusPart]:
    """A status in its parts, each with the year that the source gives it.

    A part without a year takes the status' only year: « en émergence, labellisé (2016) ».
    """
    parts = []
    for text in filter(None, (part.strip() for part in cell.split(","))):
        found = _YEAR_IN_BRACKETS.match(text)
        parts.append(
            StatusPart(found["words"], int(found["year"])) if found else StatusPart(text, None)
        )
    years = {part.year for part in parts if part.year is not None}
    if len(years) == 1:
        (year,) = years
        return [StatusPart(part.words, year) for part in parts]
    return parts


def euros(text: str) -> Decimal | None:
    """An amount, spaces and the euro sign forgiven; None when the cell is empty."""
    bare = re.sub(r"[\s\u202f€]", "", text).replace(",", ".")
    if not bare:
        return None
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < 10_000_000_000:
        raise RowRefusedError(f"montant illisible : « {text} »")
    return amount


def year(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{4}", text, re.ASCII):
        raise RowRefusedError(f"année illisible : « {text} »")
    return int(text)


def count(text: str) -> int | None:
    bare = re.sub(r"\s", "", text)
    if not bare:
        return None
    if not (bare.isascii() and bare.isdigit() and len(bare) < 10):
        raise RowRefusedError(f"nombre illisible : « {text} »")
    return int(bare)
