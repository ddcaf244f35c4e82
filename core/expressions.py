"""The database's own functions, for querysets and generated columns."""

from django.contrib.postgres.fields import DateRangeField
from django.db.models import CharField, Func, TextField


class Normalise(Func):
    """``core_normalise``: text as it is compared. See core.text.normalise."""

    function = "core_normalise"
    arity = 1
    output_field = TextField()


class DateRange(Func):
    """A period whose two ends belong to it; an absent end is open."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"
    arity = 2
    output_field = DateRangeField()


class PublicId(Func):
    """PTCE-00042, made of the row's number."""

    template = "'PTCE-' || lpad(%(expressions)s::text, 5, '0')"
    arity = 1
    output_field = CharField()
