"""Autocompletes that name what the page already loaded, without a statement for each row."""

from typing import Any

from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.db import models


def option_label(admin_site: Any, obj: models.Model) -> str:
    """How a choice is written in a list of choices: the admin of its model knows."""
    model_admin = admin_site._registry.get(type(obj))
    return model_admin.option_label(obj) if hasattr(model_admin, "option_label") else str(obj)


class _Loaded(AutocompleteMixin):
    known: dict[str, models.Model]
    is_required: bool
    allow_multiple_selected: bool
    create_option: Any

    def know(self, instance: models.Model) -> None:
        """Remember the objects that ``instance`` carries for this widget's field."""
        name = self.field.name
        carried = getattr(instance, "_prefetched_objects_cache", {}).get(name, [])
        if self.field.many_to_one and self.field.is_cached(instance):
            carried = [getattr(instance, name)]
        self.known = {str(obj.pk): obj for obj in carried if obj is not None}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list:
        known = getattr(self, "known", {})
        chosen = [str(v) for v in value if v not in self.choices.field.empty_values]
        missing = [v for v in chosen if v not in known]
        if missing:
            found = self.choices.queryset.filter(pk__in=missing)
            known = {**known, **{str(obj.pk): obj for obj in found}}
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        for pk in chosen:
            if pk in known:
                label = option_label(self.admin_site, known[pk])
                options.append(self.create_option(name, known[pk].pk, label, True, len(options)))
        return [(None, options, 0)]


class LoadedSelect(_Loaded, AutocompleteSelect):
    pass


class LoadedSelectMultiple(_Loaded, AutocompleteSelectMultiple):
    pass
