"""A merge kept with what it did to each row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from poles.merging.steps import UPDATE, Step
from poles.models import Merge
from poles.record.fields import Field, Json
from poles.record.writing import save_columns


def write_values(
    record: models.Model, values: Mapping[str, Json], fields: Mapping[str, Field]
) -> list[Step]:
    """Writes ``values`` over the fields of ``record``, which is locked; the step that it is."""
    if not values:
        return []
    label = record._meta.label
    manager: Any = type(record)._default_manager
    fresh = manager.get(pk=record.pk)
    before = {fields[name].column.attname: fields[name].read(fresh) for name in values}
    save_columns(fresh, values, fields)
    after = {fields[name].column.attname: fields[name].read(fresh) for name in values}
    return [Step(UPDATE, label, record.pk, before, after)]


def keep(steps: Sequence[Step], **values: Any) -> Merge:
    made = Merge(steps=[step.as_json() for step in steps], **values)
    made.full_clean(exclude=["by", "pole", "merged_pole"], validate_unique=False)
    made.save()
    return made
