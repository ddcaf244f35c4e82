"""The access log, without the addresses that are keys by themselves."""

import re
from typing import Any

from gunicorn.glogging import Logger

_KEYS = re.compile(
    r"(/(?:votre-pole|alertes/confirmer|alertes/arreter)/)[^/\s?]+|(/compte/proconnect/retour/\?)\S+"
)


def without_keys(text: str) -> str:
    """``text`` with … for what follows ``/votre-pole/`` and the like."""
    return _KEYS.sub(r"\1\2…", text)


class DiscreetLogger(Logger):
    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*args, **kwargs)
        return {
            name: without_keys(value) if isinstance(value, str) else value
            for name, value in found.items()
        }
