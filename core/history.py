"""The history: every insertion, update and deletion, written by triggers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import connection, models, transaction


def tracked(exclude: Sequence[str] = ()) -> Callable:
    """Keeps the history of a model; ``exclude`` names its derived or erasable columns."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
    )


@contextmanager
def command_transaction(command: str) -> Iterator[None]:
    """One transaction whose history says that ``command``, and not a person, did it all.

    A second run of the same command waits for the first.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [command])
        with pghistory.context(command=command):
            yield
        # The context would outlive its block until the end of a transaction around this one.
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pghistory.context_id', '', true)")


def written_by_hand(model: type[models.Model], column: str = "pgh_obj_id") -> set[Any]:
    """Values of ``column`` in the history of ``model`` that no command wrote.

    Who edits through a page, the admin, the shell or SQL leaves no command's name in the context,
    so that their work is recognised whatever the path.
    """
    events = model.pgh_event_model.objects.exclude(  # type: ignore[attr-defined]
        pgh_context__metadata__has_key="command"
    )
    return set(events.values_list(column, flat=True))


_COMMANDS = {
    "load_registry": "le chargement des pages publiques",
    "load_territories": "le chargement des territoires",
    "refresh_organisations": "la comparaison avec l’annuaire des entreprises",
    "check_composition": "le contrôle de chaque nuit",
}


def author(context: Mapping[str, Any] | None, people: Mapping[Any, str]) -> str:
    """Who did what an event says; ``people``: the names of accounts, by number."""
    if context is None:
        return "hors du site (commande ou SQL)"
    user = context.get("user")
    if user is not None:
        return people.get(user) or people.get(str(user)) or f"ancien compte (n° {user})"
    command = context.get("command")
    if command:
        return _COMMANDS.get(command, f"commande {command}")
    return "personne d’identifié"
