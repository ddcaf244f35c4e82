"""Saving what a person typed: written, proposed, or given back with the reason; never lost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError
from django.http import HttpRequest

from core.admin.refusals import refusal
from members.models import Organisation
from networks.models import User
from networks.permissions import can_propose, can_write
from poles.keeping import can_write_organisation
from poles.models import Pole, ProposalOrigin
from poles.proposals import propose
from poles.recognition import BreaksRecognition, Broken
from poles.record import Change, Conflict, Conflicted, write, write_organisation
from workspace.access import require

CONSENT = "consent"


@dataclass(frozen=True)
class Outcome:
    """What became of a save; nothing was written unless ``done``.

    ``errors``: messages by key of the record, or under ``NON_FIELD_ERRORS``. ``broken``: recognised
    poles that would move to regularisation, to which the person has not consented yet.
    """

    done: bool = False
    proposed: bool = False
    conflicts: list[Conflict] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)


def save(
    request: HttpRequest, pole: Pole, changes: Iterable[Change], why: str | None = None
) -> Outcome:
    """Writes ``changes`` if the person may, else proposes them; raises `Refused` for neither.

    ``why``: the reason, if it is not that which was typed.
    """
    user: Any = request.user
    changes = list(changes)
    if not any(change.before != change.after for change in changes):
        return Outcome(done=True)
    reason = request.POST.get("why", "").strip() if why is None else why

    def doing() -> Outcome:
        if can_write(user, pole):
            write(pole, changes, by=user, regularising=CONSENT in request.POST, reason=reason)
            return Outcome(done=True)
        require(can_propose(user, pole))
        propose(
            pole,
            changes,
            origin=ProposalOrigin.EDITOR,
            base_version=pole.version,
            author=user,
            message=reason,
        )
        return Outcome(done=True, proposed=True)

    return attempt(doing)


def save_organisation(
    user: User,
    organisation: Organisation,
    changes: Iterable[Change],
    *,
    source: str,
    reason: str = "",
    regularising: bool = False,
    joining: Iterable[Pole] = (),
) -> Outcome:
    """The same for an organisation; ``source``: where what is stated of it is known from,
    ``joining``: poles of this person that it is about to be in."""
    changes = [change for change in changes if change.before != change.after]
    if not changes:
        return Outcome(done=True)

    def doing() -> Outcome:
        if can_write_organisation(user, organisation, joining=joining):
            write_organisation(
                organisation,
                changes,
                by=user,
                regularising=regularising,
                reason=reason,
                source=source,
            )
            return Outcome(done=True)
        propose(
            organisation,
            changes,
            origin=ProposalOrigin.EDITOR,
            base_version=organisation.version,
            author=user,
            message="\n".join(filter(None, [source, reason])),
        )
        return Outcome(done=True, proposed=True)

    return attempt(doing)


def attempt(doing: Callable[[], Outcome]) -> Outcome:
    """What ``doing`` gives, or why it wrote nothing."""
    try:
        return doing()
    except Conflicted as error:
        return Outcome(conflicts=error.conflicts)
    except BreaksRecognition as error:
        return Outcome(broken=error.broken)
    except ValidationError as error:
        return Outcome(errors=messages_of(error))
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        return Outcome(errors={NON_FIELD_ERRORS: [message]})


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {NON_FIELD_ERRORS: error.messages}
