"""The history: every insertion, update and deletion, written by triggers."""

from collections.abc import Callable, Sequence

import pghistory


def tracked(exclude: Sequence[str] = ()) -> Callable:
    """Keeps the history of a model; ``exclude`` names its derived or erasable columns."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
    )
