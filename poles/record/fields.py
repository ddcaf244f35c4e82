"""The fields of a pole that people keep, and the sections in which they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from poles.models import Pole

Json = Any


@dataclass(frozen=True)
class Field:
    """A column of the record, or a set of what it is tied to (a sorted list of primary keys)."""

    name: str
    model: type[models.Model] = Pole

    @property
    def column(self) -> Any:
        return self.model._meta.get_field(self.name)

    @property
    def label(self) -> str:
        return str(self.column.verbose_name)

    @property
    def many(self) -> bool:
        return bool(self.column.many_to_many)

    @property
    def remembered(self) -> bool:
        """Whether the history keeps it: the name of a person it does not."""
        if self.many:
            return True
        kept = self.model.pgh_event_model._meta.concrete_fields  # type: ignore[attr-defined]
        return any(column.name == self.name for column in kept)

    def read(self, record: models.Model) -> Json:
        if self.many:
            return sorted(each.pk for each in getattr(record, self.name).all())
        return plain(self.column, getattr(record, self.column.attname))

    def assign(self, record: models.Model, value: Json) -> None:
        """Sets the attribute of a column; raises ValidationError for what it cannot hold."""
        setattr(record, self.column.attname, python(self.column, value))


def plain(column: Any, value: Any) -> Json:
    """A value of a column as JSON holds it: numbers of fixed point and dates are texts."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [plain(column, each) for each in value]
    if isinstance(column, models.DecimalField):
        return format(value.normalize(), "f")
    return str(column.value_to_string(_Holder(column.attname, value)))


def python(column: Any, value: Json) -> Any:
    """The value of a column from JSON; raises ValidationError."""
    if column.is_relation:
        return column.target_field.to_python(value)
    if value in (None, ""):
        return "" if column.empty_strings_allowed and not column.null else None
    return column.to_python(value)


class _Holder:
    """What Django's ``value_to_string`` asks for: an object with the value as its attribute."""

    def __init__(self, name: str, value: Any) -> None:
        setattr(self, name, value)


@dataclass(frozen=True)
class Section:
    """A part of the record that is shown and saved on its own; ``rows`` names a collection."""

    slug: str
    title: str
    fields: tuple[str, ...] = ()
    rows: str = ""


def _sections(sections: Iterable[Section]) -> dict[str, Section]:
    return {section.slug: section for section in sections}


SECTIONS = _sections(
    (
        Section(
            "identite",
            "Identité",
            ("name", "acronym", "summary", "description", "themes", "website"),
        ),
        Section(
            "lieu",
            "Siège",
            (
                "seat",
                "address",
                "latitude",
                "longitude",
                "position_origin",
                "geocoding_score",
                "geocoding_label",
            ),
        ),
        Section("territoire", "Territoire d’action", ("coverage", "coverage_words")),
        Section(
            "etat",
            "Maturité et forme",
            (
                "maturity",
                "maturity_year",
                "founding_year",
                "closed_on",
                "legal_person",
                "legal_form",
            ),
        ),
        Section("membres", "Membres", ("members_confirmed_on",), "members"),
        Section("projets", "Projets et mises en commun", (), "projects"),
        Section("chiffres", "Chiffres par année", (), "figures"),
        Section(
            "contact",
            "Contact",
            ("contact_email", "contact_phone", "contact_name", "contact_consent_on"),
        ),
        Section(
            "zonages",
            "Zonages",
            (
                "rural_area",
                "rural_basis",
                "rural_on",
                "priority_district",
                "priority_basis",
                "priority_on",
            ),
        ),
        Section("reseaux", "Réseaux et sources", ("networks",), "sources"),
    )
)

# Kept beside the sections: confirming is an act of its own.
_ACTS = ("confirmed_on",)
FIELDS = {
    name: Field(name)
    for name in [*(n for section in SECTIONS.values() for n in section.fields), *_ACTS]
}
