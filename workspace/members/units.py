"""A unit of the State's register, as a page carries it until its organisation is saved."""

from typing import Any

from django.core import signing

from members.creating import unit_values
from members.register import Unit

_SALT = "workspace.unit"


def signed_unit(unit: Unit) -> str:
    return signing.dumps(unit_values(unit), salt=_SALT, compress=True)


def read_unit(text: str) -> dict[str, Any] | None:
    """Its values (``members.creating``); None for what this site never sent."""
    try:
        return signing.loads(text, salt=_SALT) if text else None
    except (signing.BadSignature, ValueError):
        return None
