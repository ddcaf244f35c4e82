"""The values that a page was filled from, which it carries and sends back with what was typed."""

from collections.abc import Mapping

from django.core import signing

from poles.record.fields import Json

_SALT = "workspace.base"


def carried(values: Mapping[str, Json], pole: int | None, section: str) -> str:
    """``values`` as a hidden field holds them: signed, and good for this section alone."""
    return signing.dumps([pole, section, dict(values)], salt=_SALT, compress=True)


def read_back(text: str, pole: int | None, section: str) -> dict[str, Json] | None:
    """None for what this site never sent: all that was typed is then held against what is saved."""
    try:
        of_pole, of_section, values = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return values if (of_pole, of_section) == (pole, section) else None
