"""The columns of a table's spreadsheet, and who may see them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from import_export.fields import Field

from core.admin.exchange import keys

# What tells who a person is, or how to reach them, whatever the model.
_OF_PERSONS = {"contact_name", "contact_phone", "contact_consent_on", "full_name"}
# What opens an account, and what only the search reads.
_NEVER = {"password", "token_digest", "normalised_name"}


class CellField(Field):
    """A column, its code and its cell."""

    def get_value(self, instance: models.Model) -> Any:
        return getattr(instance, self.attribute)


def names_of(model: type[models.Model]) -> list[str]:
    columns = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [f.name for f in columns if f.name not in _NEVER]


def loaded(queryset: Any, names: Iterable[str]) -> Any:
    """``queryset`` with all that its columns ``names`` write, in as many statements as they are."""
    model = queryset.model
    one, many = [], []
    for name in names:
        column = model._meta.get_field(name)
        if column.many_to_many:
            many.append(name)
        elif column.is_relation:
            one += [name, *(f"{name}__{path}" for path in keys.paths(column.related_model))]
    queryset = queryset.select_related(*one) if one else queryset
    return queryset.prefetch_related(None).prefetch_related(*many)


def is_personal(admin: Any, name: str) -> bool:
    column: Any = admin.model._meta.get_field(name)
    of_account = column.is_relation and column.related_model._meta.label == settings.AUTH_USER_MODEL
    return (
        of_account
        or isinstance(column, models.EmailField)
        or name in _OF_PERSONS
        or name in admin.personal_columns
    )


def sees_persons(admin: Any, request: HttpRequest) -> bool:
    """Those who keep the rows know whom they are about; who only reads them does not need to."""
    opts = admin.opts
    user: Any = request.user
    return bool(user.has_perm(f"{opts.app_label}.change_{opts.model_name}"))
