"""A list of members as it is pasted from a spreadsheet or a mail: one a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from calls.registry.mapping import MemberType, read_mapping
from core.text import normalise
from core.typed import day, grid
from members.finding import number_in
from members.kinds import OrganisationKind
from poles.models import MembershipRole
from poles.models.memberships import PERIOD_MESSAGE

MOST_ROWS = 500
_LONGEST_NAME, _LONGEST_WORDS = 250, 200
_COLUMNS = {
    "name": "nom|nom de la structure|structure|organisation|organisme|membre|membres|"
    "raison sociale|denomination|nom du membre|entite|adherent",
    "siren": "siren|siret|n siren|n siret|numero siren|numero siret|siren siret|siret siren",
    "type": "type|nature|statut|forme|forme juridique|categorie|type de structure|statut juridique",
    "role": "role|qualite|role dans le pole|place|fonction",
    "begins_on": "depuis|depuis le|debut|entree|adhesion|date d entree|date d adhesion|"
    "annee d entree",
    "ends_on": "jusqu au|jusqu a|jusqu en|fin|sortie|date de sortie|depart|date de depart",
}
_COLUMN_OF = {word: name for name, words in _COLUMNS.items() for word in words.split("|")}
LABELS = {
    "name": "nom",
    "siren": "SIREN",
    "type": "nature",
    "role": "rôle",
    "begins_on": "depuis",
    "ends_on": "jusqu’au",
}
_ROLES = {
    MembershipRole.LEAD: "porteur|porteuse|structure porteuse|chef de file|pilote|lead|"
    "porteur du pole|structure pilote",
    MembershipRole.ACTIVE: "actif|active|membre|membre actif|membres actifs|membre fondateur|"
    "fondateur|adherent|societaire|associe",
    MembershipRole.PARTNER: "partenaire|partenaires|soutien|partenaire associe|financeur",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split("|")}
_LOOKS_LIKE_NUMBER = re.compile(r"[\d\s.\u00a0\u202f]{9,}", re.ASCII)
_LOOKS_LIKE_DAY = re.compile(r"\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class PastedMember:
    """A line as it was understood; ``fault``: why it is not. ``words``: its nature as typed."""

    line: int
    text: str
    name: str = ""
    siren: str = ""
    words: str = ""
    kind: str = ""
    facts: dict[str, bool] = field(default_factory=dict)
    role: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    fault: str = ""


@dataclass(frozen=True)
class Pasted:
    """``columns``: what each column was taken for, where the first line named them."""

    rows: list[PastedMember]
    columns: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0


class _Fault(Exception):  # noqa: N818
    pass


def read_pasted(text: str) -> Pasted:
    """Each line that says something; any text has its answer."""
    lines = grid(text)
    header = _header(lines[0]) if lines else None
    rows = lines[1:] if header else lines
    first = 2 if header else 1
    read = [_read(line, cells, header) for line, cells in enumerate(rows[:MOST_ROWS], start=first)]
    columns = []
    if header:
        columns = [
            (title, LABELS.get(name, ""))
            for title, name in zip(lines[0], header, strict=False)
            if title
        ]
    return Pasted(read, columns, max(len(rows) - MOST_ROWS, 0))


def _header(cells: Sequence[str]) -> list[str] | None:
    """The meaning of each column, empty for one that is left; None if the line is a member."""
    names: list[str] = []
    for cell in cells:
        name = _COLUMN_OF.get(normalise(cell), "")
        names.append("" if name in names else name)
    return names if "name" in names or "siren" in names else None


def _read(line: int, cells: Sequence[str], header: list[str] | None) -> PastedMember:
    text = " ; ".join(cell for cell in cells if cell)
    named = dict(zip(header, cells, strict=False)) if header else _by_content(cells)
    try:
        return _understood(PastedMember(line, text), {k: v for k, v in named.items() if k and v})
    except _Fault as fault:
        return PastedMember(line, text, fault=str(fault))


def _by_content(cells: Sequence[str]) -> dict[str, str]:
    """What each cell is by what it holds: nobody names the columns of three lines."""
    named: dict[str, str] = {}
    for cell in cells:
        name = next((n for n in _likely(cell, named) if n not in named), "")
        if cell and name:
            named[name] = cell
    return named


def _likely(cell: str, known: dict[str, str]) -> list[str]:
    words = normalise(cell)
    if number_in(cell) or _LOOKS_LIKE_NUMBER.fullmatch(cell):
        return ["siren"]
    if _LOOKS_LIKE_DAY.fullmatch(cell):
        return ["begins_on", "ends_on"]
    if "name" in known and words in _ROLE_OF:
        return ["role", "type"]
    return ["name", "type"]


def _understood(row: PastedMember, typed: dict[str, str]) -> PastedMember:
    siren = _siren(typed.get("siren", ""))
    name = typed.get("name", "")
    if not siren:
        # A list of numbers, in the column of the names.
        siren = number_in(name)
        name = "" if siren else name
    if not name and not siren:
        raise _Fault("ni nom, ni SIREN")
    if name and not normalise(name):
        raise _Fault(f"«\u00a0{name[:60]}\u00a0» n’est pas un nom")
    if len(name) > _LONGEST_NAME:
        raise _Fault(f"le nom dépasse {_LONGEST_NAME} caractères")
    words = typed.get("type", "")[:_LONGEST_WORDS]
    kind, facts, role = _nature(words)
    begins, ends = _day(typed, "begins_on"), _day(typed, "ends_on")
    if begins and ends and ends < begins:
        raise _Fault(PERIOD_MESSAGE[:1].lower() + PERIOD_MESSAGE[1:-1])
    return replace(
        row,
        name=name,
        siren=siren,
        words=words,
        kind=kind,
        facts=facts,
        role=_role(typed.get("role", "")) or role,
        begins_on=begins,
        ends_on=ends,
    )


def _siren(text: str) -> str:
    if not text or text == "-":
        return ""
    siren = number_in(text)
    if not siren:
        raise _Fault(f"«\u00a0{text[:30]}\u00a0» n’est ni un SIREN ni un SIRET valide")
    return siren


def _role(text: str) -> str:
    if not text:
        return ""
    known = _ROLE_OF.get(normalise(text))
    if known is None:
        raise _Fault(
            f"le rôle «\u00a0{text[:60]}\u00a0» n’existe pas\u00a0: porteur, membre ou partenaire"
        )
    return known.value


def _day(typed: dict[str, str], name: str) -> date | None:
    text = typed.get(name, "")
    if not text:
        return None
    try:
        return day(text, last=name == "ends_on")
    except ValueError as error:
        raise _Fault(f"{LABELS[name]} «\u00a0{text[:30]}\u00a0»\u00a0: {error}") from error


def _nature(words: str) -> tuple[str, dict[str, bool], str]:
    """The kind, the facts and the role that the words say, each empty where they say none."""
    found = _types().get(normalise(words))
    if found is None:
        return "", {}, ""
    kind = "" if found.kind == OrganisationKind.UNKNOWN else found.kind.value
    partner = found.role == MembershipRole.PARTNER
    return kind, dict(found.facts), found.role.value if partner else ""


@cache
def _types() -> dict[str, Any]:
    """What the words of sources mean here, and our own names of the kinds."""
    own = {
        normalise(word): MemberType(kind=kind)
        for kind in OrganisationKind
        for word in (str(kind.label), kind.value)
        # Of an enterprise the bare word does not say whether it is of the ESS.
        if word != OrganisationKind.COMMERCIAL.value
    }
    return {**own, **read_mapping().member_types}
