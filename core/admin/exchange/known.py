"""The rows of the registry that those of a file are about, found in a few statements."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.admin.exchange import keys
from core.admin.exchange.cells import tidy
from core.admin.exchange.columns import loaded

Names = tuple[str, ...]
_MOST_DIGITS = 18


class KnownRows:
    """Those of ``queryset`` that ``dataset`` numbers, or else names by what is unique in them.

    ``ways``: the sets of columns of the file that name a row; ``locking``: for a writing.
    """

    def __init__(
        self, queryset: Any, fields: Mapping[str, Any], dataset: Any, *, locking: bool
    ) -> None:
        self.queryset = loaded(queryset, fields).order_by("pk")
        if locking:
            self.queryset = self.queryset.select_for_update(of=("self",))
        self.fields = fields
        self.ways = _ways(queryset.model, {*dataset.headers} & {*fields})
        self.named: dict[Names, dict[tuple, int]] = {}
        rows = dataset.dict
        numbers = {tidy(row.get("id", "")) for row in rows}
        self.by_pk = self._found(Q(pk__in=[int(n) for n in numbers if _is_number(n)]))
        unnumbered = [row for row in rows if not tidy(row.get("id", ""))]
        for names in self.ways:
            self._name(
                names, {values for row in unnumbered if (values := self._values(row, names))}
            )

    def of(self, row: Mapping[str, Any]) -> Any:
        """The row's own, or None; raises ValidationError for a number that nothing has."""
        number = tidy(row.get("id", ""))
        if number:
            obj = self.by_pk.get(int(number)) if _is_number(number) else None
            if obj is None:
                raise ValidationError(f"Le n°\u00a0{number} n’est pas, ou plus, dans le registre.")
            return obj
        for names, rows in self.named.items():
            values = self._values(row, names)
            if values in rows:
                return self.by_pk[rows[values]]
        return None

    def _found(self, chosen: Q) -> dict[int, models.Model]:
        return {obj.pk: obj for obj in self.queryset.filter(chosen)}

    def _name(self, names: Names, wanted: set[tuple]) -> None:
        if not wanted:
            return
        among = zip(names, map(set, zip(*wanted, strict=True)), strict=True)
        # What is nothing in some rows is looked at once they are read.
        conditions = {f"{name}__in": values for name, values in among if not values & {None, ""}}
        if not conditions:
            return
        near = self._found(Q(**conditions))
        self.by_pk = near | self.by_pk
        self.named[names] = {
            tuple(self.fields[name].widget.current(obj) for name in names): pk
            for pk, obj in near.items()
        }

    def _values(self, row: Mapping[str, Any], names: Names) -> tuple | None:
        try:
            values = tuple(self.fields[name].widget.clean(row[name]) for name in names)
        except ValueError:
            return None
        return values if any(value not in (None, "") for value in values) else None


def _ways(model: type[models.Model], columns: set[str]) -> list[Names]:
    together = [
        tuple(rule.fields)
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields and not rule.condition
    ]
    alone = [(f.name,) for f in model._meta.concrete_fields if f.unique and not f.primary_key]
    known = dict.fromkeys([*keys.alternatives(model), *alone, *together])
    return [names for names in known if {*names} <= columns]


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DIGITS
