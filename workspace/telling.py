"""A record in words, section by section, from its plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from poles.record import COLLECTIONS, FIELDS, SECTIONS, Texts
from poles.record.fields import Field, Json
from poles.record.returning import NEVER_BACK

# Nobody's name is told from the past.
_NOT_TOLD = NEVER_BACK - {"members_confirmed_on"}


@dataclass(frozen=True)
class SectionTold:
    """What a section says: its fields that hold something, and its rows."""

    title: str
    fields: list[tuple[str, str]]
    rows: list[str]


def sections_told(values: Mapping[str, Json], texts: Texts) -> list[SectionTold]:
    """The sections that say something."""
    told = []
    for section in SECTIONS.values():
        named = {name: FIELDS[name] for name in section.fields if name not in _NOT_TOLD}
        rows = [
            "\u00a0; ".join(texts.columns(COLLECTIONS[section.rows], value))
            for key, value in values.items()
            if section.rows and key.startswith(f"{section.rows}/")
        ]
        told.append(SectionTold(section.title, fields_told(named, values, texts), rows))
    return [section for section in told if section.fields or section.rows]


def fields_told(
    fields: Mapping[str, Field], values: Mapping[str, Json], texts: Texts
) -> list[tuple[str, str]]:
    """The labels and the words of the fields that hold something."""
    words = {name: texts.of_column(field.column, values[name]) for name, field in fields.items()}
    return [(fields[name].label, text) for name, text in words.items() if text]
