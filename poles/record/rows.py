"""The collections of a pole: members, projects, figures by year, sources."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from poles.models import Membership, Pole, PoleFigures, PoleProject, PoleSource
from poles.record.fields import Json, plain, python


@dataclass(frozen=True)
class Collection:
    """Rows that belong to a pole; ``natural`` is the column that names a row, else its number."""

    name: str
    label: str
    model: type[models.Model]
    columns: tuple[str, ...]
    natural: str = "pk"

    def key(self, row: Any) -> str:
        return f"{self.name}/{getattr(row, self.natural)}"

    def column(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    def all(self, pole: Pole) -> list[Any]:
        """The rows of the pole with all that their values name; as many statements as relations."""
        many = [name for name in self.columns if self.column(name).many_to_many]
        one = [
            name
            for name in self.columns
            if self.column(name).is_relation and not self.column(name).many_to_many
        ]
        rows = self.model._default_manager.filter(pole=pole).order_by("pk")
        return list((rows.select_related(*one) if one else rows).prefetch_related(*many))

    def read(self, row: Any) -> dict[str, Json]:
        return {name: self._value(row, name) for name in self.columns}

    def _value(self, row: Any, name: str) -> Json:
        column = self.column(name)
        if column.many_to_many:
            return sorted(each.pk for each in getattr(row, name).all())
        return plain(column, getattr(row, column.attname))

    def assign(self, row: Any, values: dict[str, Json]) -> dict[str, list[int]]:
        """Sets the columns of ``row``; returns what its many-to-many columns are to be set to."""
        many = {}
        for name, value in values.items():
            if name not in self.columns:
                continue
            column = self.column(name)
            if column.many_to_many:
                many[name] = list(value or [])
            else:
                setattr(row, column.attname, python(column, value))
        return many


COLLECTIONS = {
    collection.name: collection
    for collection in (
        Collection(
            "members",
            "participation",
            Membership,
            ("organisation", "role", "begins_on", "ends_on", "source_words"),
        ),
        Collection(
            "projects",
            "projet",
            PoleProject,
            ("title", "description", "pooled", "members", "begins_on", "ends_on", "state"),
        ),
        Collection(
            "figures",
            "chiffres",
            PoleFigures,
            (
                "year",
                "jobs_fte",
                "jobs_fte_public",
                "local_jobs_fte",
                "local_jobs_fte_public",
                "members",
                "members_public",
                "turnover_eur",
                "turnover_eur_public",
                "beneficiaries",
                "beneficiaries_public",
                "source",
            ),
            natural="year",
        ),
        Collection("sources", "source", PoleSource, ("url", "seen_on")),
    )
}


def split_key(key: str) -> tuple[Collection | None, str]:
    """The collection of a key and the name of its row; None and the name for a field."""
    name, slash, row = key.partition("/")
    return (COLLECTIONS[name], row) if slash else (None, key)


def is_new(row: str) -> bool:
    return row.startswith("+")
