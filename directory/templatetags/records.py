"""How the pages of records write dates, periods, amounts and addresses of other sites."""

from datetime import date
from decimal import Decimal
from urllib.parse import unquote, urlsplit

from django import template
from django.utils.formats import number_format

from core.templatetags.french import day, euros

register = template.Library()


register.filter("day", day)
register.filter("euros", euros)


@register.simple_tag
def period(begins: date | None, ends: date | None, today: date) -> str:
    """A period in words.

    The first of January and the last of December are how a source that gives a year alone is
    recorded: the year is then all that is written.
    """
    end = ""
    if ends is not None:
        whole_year = (ends.month, ends.day) == (12, 31)
        end = f"à {ends.year}" if whole_year else f"au {day(ends)}"
        if begins is None:
            return f"jusqu’en {ends.year}" if whole_year else f"jusqu’{end}"
    if begins is None:
        return "depuis une date inconnue"
    whole_year = (begins.month, begins.day) == (1, 1)
    if end:
        return f"{f'de {begins.year}' if whole_year else f'du {day(begins)}'} {end}"
    since = "à partir de" if begins > today else "depuis"
    if whole_year:
        return f"{since} {begins.year}"
    return f"à partir du {day(begins)}" if begins > today else f"depuis le {day(begins)}"


@register.simple_tag
def between(begins: date | None, ends: date | None) -> str:
    """When one may apply, to the day: du 1er janvier 2027 au 31 décembre 2027."""
    if begins is None and ends is None:
        return "dates non renseignées"
    if begins is None:
        return f"jusqu’au {day(ends)}"
    return f"du {day(begins)} au {day(ends)}" if ends else f"à partir du {day(begins)}"


@register.filter
def figure(value: Decimal | float | None) -> str:
    """A number of a table: without a decimal when it has none, a dash when it is not known."""
    if value is None:
        return "–"
    places = 0 if value == int(value) else 1
    return number_format(value, decimal_pos=places, force_grouping=True).replace("\u00a0", "\u202f")


@register.filter
def host(url: str) -> str:
    """The site of an address, which is what a reader recognises of it: rtes.fr."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def path(url: str) -> str:
    """What follows the site in an address, by which two pages of one site differ."""
    parts = urlsplit(url)
    return unquote(parts.path.strip("/")) + (f"?{parts.query}" if parts.query else "")


@register.filter
def capital(text: str) -> str:
    """The first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]
