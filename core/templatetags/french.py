"""How every page writes dates, moments and amounts."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A date as French writes it: 12 mai 2021, 1er juin 2021."""
    if value is None:
        return ""
    text = date_format(value, "j F Y")
    return text.replace("1 ", "1er ", 1) if value.day == 1 else text


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in Paris: 12 mai 2021 à 9 h 05."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local.date())} à {local.hour}\u00a0h\u00a0{local.minute:02d}"


@register.filter
def euros(value: Decimal | float | None) -> str:
    """An amount, without its cents when there are none: 100 000 €."""
    if value is None:
        return ""
    places = 0 if value == int(value) else 2
    number = number_format(value, decimal_pos=places, force_grouping=True)
    return f"{number.replace('\u00a0', '\u202f')}\u00a0€"
