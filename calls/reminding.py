"""What falls due, written to the officers in one digest, each thing once."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from calls.following import Line, due_lines
from calls.models import DueTold
from calls.support import Kind
from core.history import command_transaction
from networks.notices import notify
from networks.people import officers

_COMMAND = "remind_following"
_MOST = 60


def remind(today: date) -> int:
    """Tells the officers, as each chose, of what they were not told of yet; how many things.

    One digest a run, in one transaction with what is remembered of it.
    """
    with command_transaction(_COMMAND):
        known = set(DueTold.objects.values_list("application", "thing"))
        new = [
            line
            for line in due_lines(today)
            if _is_told(line, today) and (line.file.pk, line.thing) not in known
        ]
        if not new:
            return 0
        DueTold.objects.bulk_create(
            DueTold(application=line.file, thing=line.thing) for line in new
        )
        number = len(new)
        notify(
            officers(),
            about=f"suivi/{DueTold.objects.latest('pk').pk}",
            subject=(
                f"Suivi des lauréats\u00a0: {number} échéances"
                if number > 1
                else "Suivi des lauréats\u00a0: une échéance"
            ),
            path=reverse("admin:calls_application_following"),
            template="following",
            context={"groups": _grouped(new[:_MOST]), "more": max(number - _MOST, 0)},
        )
        return number


def _is_told(line: Line, today: date) -> bool:
    """Figures are waited for until the end of January; a suspension is the officers' own act."""
    if line.kind == Kind.FIGURES:
        return line.late(today) > 0
    return line.kind != Kind.SUSPENDED


def _grouped(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """By kind, the most urgent first within each."""
    lines = list(lines)
    found = [(kind.label, [line for line in lines if line.kind == kind]) for kind in Kind]
    return [(label.capitalize(), those) for label, those in found if those]
