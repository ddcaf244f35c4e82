"""What every template of the site may need."""

from collections.abc import Iterator

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from directory.content.navigation import menu

register = template.Library()


@register.simple_tag(takes_context=True)
def main_navigation(context: Context) -> list[dict[str, str]]:
    request = context.get("request")
    return menu(request.path if request else None)


@register.simple_tag
def page_numbers(page: Page) -> Iterator[int | str]:
    """The pages to link to: the first, the last, those around, "…" between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


_LEFT_OUT = SafeString(
    '<span class="fr-badge fr-badge--sm fr-badge--warning fr-badge--no-icon">à compléter</span>'
)


@register.simple_tag
def fact(value: str) -> str:
    """A fact that only the publisher knows; left out of the settings, the page says so."""
    return value or _LEFT_OUT


@register.simple_tag
def email(value: str) -> str:
    return format_html('<a href="mailto:{0}">{0}</a>', value) if value else _LEFT_OUT


@register.filter
def number(value: int | float | None) -> str:
    """A number as French writes it, thousands apart: 34 875."""
    return "" if value is None else number_format(value, force_grouping=True)
