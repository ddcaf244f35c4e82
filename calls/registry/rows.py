"""One row at a time: checked, written on its own, refused alone and in French."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from calls.registry.reading import RowRefusedError


@contextmanager
def row_savepoint() -> Iterator[None]:
    """Turns a refusal of the database into a RowRefusedError, the row's writings undone."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, DataError) as error:
        raise RowRefusedError(refusal_message(error)) from error


def refusal_message(error: Exception) -> str:
    """The message of the constraint that refused, or the database's own words."""
    diagnostic = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostic, "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return str(constraint.violation_error_message)
    words = getattr(diagnostic, "message_primary", None) or str(error)
    return f"la base de données refuse la ligne : {words}"


def assign(row: models.Model, values: dict[str, Any]) -> bool:
    """Sets what differs; says whether anything did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def check_columns(row: models.Model, filled: Collection[str]) -> None:
    """The checks of the columns that a file filled: lengths, addresses, values."""
    columns = {field.name: field for field in row._meta.fields}
    try:
        row.clean_fields(exclude=set(columns) - set(filled))
    except ValidationError as error:
        raise RowRefusedError(
            " ; ".join(
                f"{columns[name].verbose_name} : {message}"
                for name, messages in error.message_dict.items()
                for message in messages
            )
        ) from error
