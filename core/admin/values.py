"""A value of a field as a person reads it."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format

_LONGEST = 600


def shown(column: Any, value: object) -> str:
    """``value`` of the model's field ``column``, from Python or from the history's JSON."""
    if value is None or value == "":
        return ""
    if isinstance(column, ArrayField):
        return ", ".join(shown(column.base_field, item) for item in value)  # type: ignore[attr-defined]
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(column, models.DateField):
        return _date(value)
    if isinstance(column, models.DecimalField) and isinstance(value, str):
        value = Decimal(value)
    if isinstance(value, float | Decimal):
        return number_format(value, use_l10n=True)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _date(value: object) -> str:
    if isinstance(value, str):
        value = parse_datetime(value) if "T" in value else parse_date(value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)
