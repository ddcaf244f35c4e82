"""The comments of a section beside it, and those of a whole record that are not settled."""

from typing import Any

from django import template
from django.template import Context

from networks.permissions import can_comment
from poles.models import Comment, Pole
from poles.record import SECTIONS

register = template.Library()
_SETTLED_SHOWN = 5


@register.inclusion_tag("workspace/record/_comments.html", takes_context=True)
def section_comments(context: Context, pole: Pole, section: str) -> dict[str, Any]:
    """One statement; nothing is shown to who is not among those who keep the record."""
    request = context["request"]
    allowed = can_comment(request.user, pole)
    found: list[Comment] = []
    if allowed:
        comments = pole.comments.filter(section=section).select_related("author", "closed_by")
        found = list(comments.order_by("-created_at", "-pk"))
    settled = [each for each in found if each.closed_at is not None]
    return {
        "pole": pole,
        "section": section,
        "csrf_token": context.get("csrf_token"),
        "allowed": allowed,
        "open": [each for each in found if each.closed_at is None],
        "settled": settled[:_SETTLED_SHOWN],
    }


@register.inclusion_tag("workspace/record/_open_comments.html", takes_context=True)
def open_comments(context: Context, pole: Pole) -> dict[str, Any]:
    """One statement."""
    if not can_comment(context["request"].user, pole):
        return {"pole": pole, "comments": []}
    found = pole.comments.filter(closed_at=None).select_related("author")
    return {
        "pole": pole,
        "comments": [(SECTIONS[each.section], each) for each in found if each.section in SECTIONS],
    }
