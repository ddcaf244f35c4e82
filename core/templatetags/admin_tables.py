"""What the inlines of Django's admin lack for who hears them, or reads them in French."""

import re

from django import template

register = template.Library()

_EMPTY = re.compile(r"<th( class=\"original\")?></th>")


@register.filter(is_safe=True)
def without_empty_header(table: str) -> str:
    """The rows of an inline, whose first column, and last where none is deleted, has no name."""
    return _EMPTY.sub(r"<td\1></td>", table)


@register.filter(is_safe=True)
def with_french_colons(rows: str) -> str:
    """The name of each row of a stacked inline has its space before the colon."""
    return rows.replace(":</b>", "\u00a0:</b>")
