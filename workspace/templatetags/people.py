"""What the bar of the workspace shows of the person."""

from typing import Any

from django import template

from networks.permissions import positions_of

register = template.Library()


@register.filter
def manages_colleagues(user: Any) -> bool:
    """Whether the page of colleagues has something for this person."""
    if not user.is_authenticated:
        return False
    return user.is_officer or any(position.manages for position in positions_of(user))
