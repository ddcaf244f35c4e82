"""The history as a person reads it: who changed what, when and why, one entry for each save."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from pghistory.models import Events, EventsQuerySet

from core.admin.values import shown
from core.admin.widgets import option_label
from core.history import author

_VERBS = {"insert": "création", "update": "modification", "delete": "suppression"}
# Moved by every change and changed by nobody.
_SILENT = {"version"}
NAMING = ("name", "title", "year", "url", "slug", "code", "email")


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One row of one table that changed."""

    action: str
    verb: str
    subject: str
    model: type[models.Model]
    pk: str
    changes: list[Change]
    values: dict[str, Any]


@dataclass
class Entry:
    """What one person did at one moment."""

    at: datetime
    context: Any
    who: str
    why: str
    lines: list[Line] = field(default_factory=list)


def events_of(model: type[models.Model], parts: Iterable[type[models.Model]]) -> EventsQuerySet:
    """The events of ``model`` and of its parts, the latest first."""
    tables = [part.pgh_event_model for part in [model, *parts] if hasattr(part, "pgh_event_model")]
    return Events.objects.across(*tables).order_by("-pgh_created_at", "-pgh_id", "pgh_slug")


class Reader:
    """Turns events into entries; whatever their number, one statement for each kind of name."""

    def __init__(self, events: Sequence[Any], admin_site: Any, owner: models.Model | None):
        self.events = events
        self.admin_site = admin_site
        self.owner = owner

    def entries(self) -> list[Entry]:
        entries: dict[tuple, Entry] = {}
        for event in self.events:
            line = self._line(event)
            if line is None:
                continue
            context = event.pgh_context or {}
            key = (event.pgh_created_at, event.pgh_context_id)
            if key not in entries:
                entries[key] = Entry(*key, self._who(event), context.get("why", ""))
            entries[key].lines.append(line)
        return list(entries.values())

    def _line(self, event: Events) -> Line | None:
        model = apps.get_model(event.pgh_obj_model)
        if event.pgh_label == "update":
            pairs = {k: v for k, v in (event.pgh_diff or {}).items() if k not in _SILENT}
            if not pairs:
                return None
        else:
            kept = {k: v for k, v in event.pgh_data.items() if k not in {*_SILENT, "id"}}
            gone = event.pgh_label == "delete"
            pairs = {k: [v, None] if gone else [None, v] for k, v in kept.items()}
        changes = [
            change
            for name in self._in_order(model, pairs)
            if (change := self._change(model, name, *pairs[name]))
        ]
        return Line(
            event.pgh_label,
            _VERBS.get(event.pgh_label, event.pgh_label),
            self._subject(model, event),
            model,
            str(event.pgh_obj_id),
            changes,
            event.pgh_data,
        )

    @staticmethod
    def _in_order(model: type[models.Model], pairs: dict) -> list[str]:
        return [f.attname for f in model._meta.concrete_fields if f.attname in pairs]

    def _change(
        self, model: type[models.Model], name: str, before: object, after: object
    ) -> Change | None:
        column: Any = model._meta.get_field(name)
        if self._is_owner(column, before or after):
            return None
        texts = [self._text(column, value) for value in (before, after)]
        if texts[0] == texts[1]:
            return None
        # Django names the columns of the tables that it makes by itself after the models.
        made = column.is_relation and model._meta.proxy
        label = column.related_model._meta.verbose_name if made else column.verbose_name
        return Change(str(label), *texts)

    def _is_owner(self, column: Any, value: object) -> bool:
        return (
            self.owner is not None
            and column.is_relation
            and column.related_model is type(self.owner)
            and str(value) == str(self.owner.pk)
        )

    def _text(self, column: Any, value: object) -> str:
        if column.is_relation and value is not None:
            found = self._named[column.related_model].get(str(value))
            return found or f"n° {value} (effacé)"
        return shown(column, value)

    def _subject(self, model: type[models.Model], event: Events) -> str:
        kind = str(model._meta.verbose_name)
        if self.owner is not None and model is type(self.owner):
            return kind
        named = next((event.pgh_data[n] for n in NAMING if event.pgh_data.get(n)), None)
        if named is None:
            named = ", ".join(
                self._text(f, event.pgh_data[f.attname])
                for f in model._meta.concrete_fields
                if f.is_relation
                and event.pgh_data.get(f.attname) is not None
                and not self._is_owner(f, event.pgh_data[f.attname])
            )
        return f"{kind} « {named} »" if named else f"{kind} n° {event.pgh_obj_id}"

    def _who(self, event: Events) -> str:
        return author(event.pgh_context, self._named[get_user_model()])

    @cached_property
    def _named(self) -> dict[type[models.Model], dict[str, str]]:
        """The names of all that the events refer to, one statement a model."""
        named: dict[type[models.Model], dict[str, str]] = defaultdict(dict)
        for model, pks in self._wanted().items():
            if self.owner is not None and model is type(self.owner):
                named[model][str(self.owner.pk)] = str(self.owner)
                pks.discard(self.owner.pk)
            if pks:
                found = model._default_manager.filter(pk__in=pks)
                named[model].update({str(o.pk): option_label(self.admin_site, o) for o in found})
        return named

    def _wanted(self) -> dict[type[models.Model], set]:
        """The keys of all that the events refer to, by model."""
        wanted: dict[type[models.Model], set] = defaultdict(set)
        for event in self.events:
            if (event.pgh_context or {}).get("user") is not None:
                wanted[get_user_model()].add(event.pgh_context["user"])
            for column in apps.get_model(event.pgh_obj_model)._meta.concrete_fields:
                if column.is_relation:
                    values = [
                        event.pgh_data.get(column.attname),
                        *(event.pgh_diff or {}).get(column.attname, []),
                    ]
                    wanted[column.related_model].update(v for v in values if v is not None)
        return wanted
