"""One grid of applications decided all at once, in one transaction, by a committee on a day.

What the database refuses (``calls/sql/amounts.sql``) is told beside its row, and then nothing is
written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import DatabaseError, connection, transaction

from calls.models import Application, Call, DecisionSession, Strand, Wave
from calls.models import Decision as Choice
from calls.permissions import can_run_calls
from core.admin.refusals import refusal
from networks.models import User

# Checked at each row, rather than at the commit, so that each refusal has its row.
_CHECKS = (
    "calls_application_decision",
    "calls_application_decision_new",
    "calls_application_award",
)
_GIVEN = (Choice.LAUREATE, Choice.SUPPORTED)


@dataclass(frozen=True)
class Wish:
    """What a row of the grid asks; ``before`` is what it showed: a decision and an amount."""

    application: int
    decision: str
    amount: Decimal | None
    before: tuple[str, Decimal | None]


@dataclass
class DecisionsRefused(Exception):  # noqa: N818
    """Nothing was written; why, for the whole grid and by application."""

    grid: list[str] = field(default_factory=list)
    rows: dict[int, list[str]] = field(default_factory=dict)


def decide(
    call: Call,
    wishes: Sequence[Wish],
    *,
    committee: str,
    held_on: date,
    officer: User,
    wave: Wave | None = None,
    strand: Strand | None = None,
) -> DecisionSession | None:
    """Writes what changes, as decided on ``held_on``; ``None`` if nothing does.

    Raises DecisionsRefused with all that is wrong.
    """
    allowed = can_run_calls(officer)
    if not allowed:
        raise DecisionsRefused([allowed.reason])
    with transaction.atomic():
        found = (
            Application.objects.select_for_update(of=("self",))
            .select_related("pole")
            .filter(call=call, pk__in=[wish.application for wish in wishes])
            .order_by("pk")
        )
        rows = {row.pk: row for row in found}
        refused = DecisionsRefused()
        changes = [
            (wish, rows[wish.application])
            for wish in wishes
            if _changes(wish, rows.get(wish.application), refused)
        ]
        if refused.rows:
            raise refused
        if not changes:
            return None
        session = DecisionSession.objects.create(
            call=call,
            wave=wave,
            strand=strand,
            committee=committee,
            held_on=held_on,
            officer=officer,
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {', '.join(_CHECKS)} IMMEDIATE")
        # What gives back goes first: no sum on the way then passes both the first and the last.
        for wish, row in sorted(changes, key=lambda each: _more(*each)):
            _write(wish, row, session, refused)
        if refused.rows:
            raise refused
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {', '.join(_CHECKS)} DEFERRED")
    return session


def _changes(wish: Wish, row: Application | None, refused: DecisionsRefused) -> bool:
    if row is None:
        refused.rows[wish.application] = ["Ce dossier n’est plus dans l’appel."]
        return False
    if (wish.decision, wish.amount) == (row.decision, row.amount_eur):
        return False
    if (row.decision, row.amount_eur) != wish.before:
        told = f"Quelqu’un d’autre l’a décidé pendant votre saisie\u00a0: {_words(row)}."
        refused.rows[wish.application] = [f"{told} Comparez, puis enregistrez de nouveau."]
    elif wish.decision not in _GIVEN and wish.amount is not None:
        refused.rows[wish.application] = ["Seul un lauréat ou un accompagné reçoit un montant."]
    return True


def _words(row: Application) -> str:
    amount = f", {row.amount_eur:g}\u00a0€" if row.amount_eur is not None else ""
    return f"{row.get_decision_display()}{amount}"


def _more(wish: Wish, row: Application) -> Decimal:
    """What it engages more than before; below zero, it gives back."""
    return (wish.amount or Decimal()) - (row.amount_eur or Decimal())


def _write(
    wish: Wish, row: Application, session: DecisionSession, refused: DecisionsRefused
) -> None:
    row.decision, row.amount_eur = wish.decision, wish.amount
    undone = wish.decision == Choice.UNKNOWN
    row.session = None if undone else session
    row.decided_on = None if undone else session.held_on
    try:
        with transaction.atomic():
            row.save(update_fields=["decision", "amount_eur", "decided_on", "session"])
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        refused.rows.setdefault(row.pk, []).append(message)
