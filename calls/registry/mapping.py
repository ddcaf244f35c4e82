"""The readable tables of data/registry/mapping: what the sources' words mean here."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from core.tables import FileRefusedError, decode, read_bytes
from core.text import normalise
from members.kinds import OrganisationKind
from poles.models import MembershipRole

DEFAULT_MAPPING = Path(settings.BASE_DIR) / "data" / "registry" / "mapping"


@dataclass(frozen=True)
class ThemeEntry:
    slug: str
    name: str
    position: int


@dataclass(frozen=True)
class MemberType:
    """What a word says of an organisation's nature, and of its place in the pole."""

    kind: OrganisationKind = OrganisationKind.UNKNOWN
    facts: tuple[tuple[str, bool], ...] = ()
    form: str = ""
    role: MembershipRole = MembershipRole.ACTIVE
    mute: bool = False


@dataclass(frozen=True)
class OrganisationEntry:
    name: str
    acronym: str = ""
    commune: str = ""
    facts: tuple[tuple[str, bool], ...] = ()
    why: str = ""


@dataclass(frozen=True)
class LeadEntry:
    treatment: str
    name: str = ""
    type: str = ""
    legal_form: str = ""
    why: str = ""


@dataclass(frozen=True)
class CallEntry:
    code: str
    strand: tuple[str, str] | None = None
    outcomes: dict[str, str] = field(default_factory=dict)


@dataclass
class Mapping:
    """Keys are normalised words: capitals, accents and hyphens do not count."""

    themes: list[ThemeEntry]
    theme_words: dict[str, list[str]]
    member_types: dict[str, MemberType]
    organisations: dict[str, OrganisationEntry]
    not_organisations: set[str]
    leads: dict[str, LeadEntry]
    maturities: dict[str, str]
    silent_statuses: set[str]
    calls: dict[str, CallEntry]
    outcomes: dict[str, str]
    call_kinds: dict[str, str]
    call_rules: dict[str, dict[str, Any]]
    network_kinds: dict[str, str]


def read_mapping(folder: Path = DEFAULT_MAPPING) -> Mapping:
    themes = _read(folder / "themes.toml")["theme"]
    theme_words: dict[str, list[str]] = defaultdict(list)
    for theme in themes:
        for word in theme["words"]:
            theme_words[normalise(word)].append(theme["slug"])
    organisations = _read(folder / "organisations.toml")
    statuses = _read(folder / "statuses.toml")
    calls = _read(folder / "calls.toml")
    return Mapping(
        themes=[
            ThemeEntry(theme["slug"], theme["name"], position)
            for position, theme in enumerate(themes, start=1)
        ],
        theme_words=dict(theme_words),
        member_types=_each_word(
            (entry["words"], _member_type(entry))
            for entry in _read(folder / "member_types.toml")["type"]
        ),
        organisations=_each_word(
            (
                [entry["name"], *entry.get("also", [])],
                OrganisationEntry(
                    entry["name"],
                    entry.get("acronym", ""),
                    entry.get("commune", ""),
                    tuple(entry.get("facts", {}).items()),
                    entry.get("why", ""),
                ),
            )
            for entry in organisations["organisation"]
        ),
        not_organisations={
            normalise(word)
            for entry in organisations["not_an_organisation"]
            for word in entry["words"]
        },
        leads={
            normalise(entry["words"]): LeadEntry(
                entry["as"],
                entry.get("name", ""),
                entry.get("type", ""),
                entry.get("legal_form", ""),
                entry.get("why", ""),
            )
            for entry in _read(folder / "leads.toml")["lead"]
        },
        maturities=_inverted(statuses["maturity"]),
        silent_statuses={normalise(word) for word in statuses["silent"]},
        calls=_each_word((entry["words"], _call(entry)) for entry in calls["call"]),
        outcomes=_inverted(calls["outcomes"]),
        call_kinds=_inverted(calls["kinds"]),
        call_rules=calls["rules"],
        network_kinds=_inverted(_read(folder / "networks.toml")["kinds"]),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(decode(read_bytes(path), path.name))
    except tomllib.TOMLDecodeError as error:
        raise FileRefusedError(f"{path.name} : la table n’est pas lisible ({error}).") from error


def _member_type(entry: dict[str, Any]) -> MemberType:
    return MemberType(
        kind=OrganisationKind(entry.get("kind", "inconnu")),
        facts=tuple(entry.get("facts", {}).items()),
        form=entry.get("form", ""),
        role=MembershipRole(entry.get("role", "actif")),
        mute=entry.get("mute", False),
    )


def _call(entry: dict[str, Any]) -> CallEntry:
    strand = entry.get("strand")
    return CallEntry(
        entry["code"],
        (strand["code"], strand["name"]) if strand else None,
        {normalise(word): decision for word, decision in entry.get("outcomes", {}).items()},
    )


def _each_word[T](entries: Iterable[tuple[list[str], T]]) -> dict[str, T]:
    return {normalise(word): value for words, value in entries for word in words}


def _inverted(table: dict[str, list[str]]) -> dict[str, str]:
    return {normalise(word): value for value, words in table.items() for word in words}
