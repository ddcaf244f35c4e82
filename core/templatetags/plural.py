"""The plural of French, in place of Django’s in every template (`TEMPLATES`): it begins at two."""

from collections.abc import Sized
from typing import Any

from django import template

register = template.Library()


@register.filter(is_safe=False)
def pluralize(value: Any, forms: str = "s") -> str:
    """The ending for a number or a list: 0 dossier, 1 dossier, 2 dossiers.

    ``forms``: the plural, or the singular and the plural with a comma between them.
    """
    singular, _, plural = forms.rpartition(",")
    try:
        number = len(value) if isinstance(value, Sized) and not isinstance(value, str) else value
        return plural if abs(float(number)) >= 2 else singular
    except (TypeError, ValueError):
        return ""
