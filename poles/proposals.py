"""Changes wished by someone who may not publish them, accepted or refused one by one."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import Organisation
from networks.models import User
from poles.arrived import met
from poles.models import Pole, Proposal, ProposalOrigin, ProposalState
from poles.proposal_mails import tell_author
from poles.recognition import BreaksRecognition
from poles.record import COLLECTIONS, FIELDS, ORGANISATION_FIELDS, Change, write
from poles.record.changes import Conflicted, sort_out
from poles.record.fields import Json
from poles.record.followed import followed_changes
from poles.record.organisations import organisation_values, write_organisation
from poles.record.rows import is_new, split_key
from poles.record.writing import saved_values
from poles.record_notices import tell_of_answer, tell_of_proposal

# What is decided beside the keys of the changes: the words of someone who is not of the networks.
MESSAGE = "message"
_LONGEST_MESSAGE = 5000
_ROW = re.compile(r"\+?\d{1,18}")


def propose(
    record: Pole | Organisation,
    changes: Iterable[Change],
    *,
    origin: str,
    base_version: int,
    author: User | None = None,
    author_email: str = "",
    message: str = "",
) -> Proposal:
    """The waiting proposal that holds ``changes``, in one transaction on the record's locked row.

    A later save of the same author, or of the pole itself, joins the one that waits; where it takes
    back all that was proposed, the proposal is withdrawn. Raises `Conflicted` where others changed
    the same keys since ``before`` was read, and ValidationError, by key, for what no acceptance
    could write.
    """
    changes = [change for change in changes if change.before != change.after]
    _check_keys(record, changes)
    changes = followed_changes(changes)
    with transaction.atomic():
        locked = _lock(record)
        _, conflicts = sort_out(changes, _saved(locked, changes))
        if conflicts:
            raise Conflicted(conflicts)
        waiting = _waiting(locked, origin, author)
        merged = _merged(changes_of(waiting) if waiting else [], changes)
        _rehearse(locked, merged, author)
        proposal = waiting or Proposal(**_of(locked), origin=origin, author=author)
        proposal.base_version = base_version
        proposal.changes = {change.key: change.as_json() for change in merged}
        proposal.author_email = author_email or proposal.author_email
        words = [proposal.message, message.strip()]
        proposal.message = "\n\n".join(dict.fromkeys(filter(None, words)))[:_LONGEST_MESSAGE]
        if waiting is not None and not proposal.changes and not proposal.message:
            return _withdrawn(proposal)
        proposal.full_clean(exclude=["pole", "organisation", "author"], validate_unique=False)
        proposal.save()
        if waiting is None:
            tell_of_proposal(proposal)
    return proposal


def changes_of(proposal: Proposal) -> list[Change]:
    """What it wishes; organisations that were merged since are the ones that stand."""
    return followed_changes(
        Change(key, value["before"], value["after"]) for key, value in proposal.changes.items()
    )


def to_decide(proposal: Proposal) -> list[str]:
    """The keys that an answer decides; `MESSAGE` where words are asked to be taken into account."""
    asks = proposal.message and (not proposal.changes or proposal.origin != ProposalOrigin.EDITOR)
    return [*proposal.changes, *([MESSAGE] if asks else [])]


def answer(
    proposal: Proposal,
    decisions: Mapping[str, bool],
    reason: str = "",
    *,
    by: User,
    regularising: bool = False,
    over: Mapping[str, Json] | None = None,
    seen: str | None = None,
) -> Proposal:
    """Writes the accepted keys, and refuses the others with ``reason``, in one transaction.

    ``over``: of keys that changed meanwhile, the value over which they are accepted all the same.
    ``seen``: the `fingerprint` of what was read, to which its author may have added since. Raises
    ValidationError if the proposal was answered or completed, a key is left undecided, a refusal
    has no reason or a rule refuses; `Conflicted` for what changed since; `BreaksRecognition`.
    """
    with transaction.atomic():
        record = _lock(proposal.subject)
        locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if locked.state != ProposalState.WAITING:
            raise ValidationError("Cette proposition a déjà reçu sa réponse.")
        if seen is not None and seen != fingerprint(locked):
            raise ValidationError(
                "L’auteur a complété sa proposition entre-temps\u00a0: relisez-la d’abord."
            )
        keys = to_decide(locked)
        if set(keys) - set(decisions):
            raise ValidationError("Acceptez ou refusez chaque changement proposé.")
        accepted = [key for key in keys if decisions[key]]
        reason = reason.strip()
        if len(accepted) < len(keys) and not reason:
            raise ValidationError("Dites pourquoi vous refusez\u00a0: l’auteur lira ce motif.")
        _write(record, locked, accepted, by, regularising, over or {})
        locked.accepted = accepted
        locked.state = _state(len(accepted), len(keys))
        locked.reason = reason
        locked.decided_by = by
        locked.decided_at = timezone.now()
        locked.save()
        tell_of_answer(locked)
        tell_author(locked)
    return locked


def fingerprint(proposal: Proposal) -> str:
    """What tells whether a proposal is still as it was read."""
    told = json.dumps([proposal.changes, proposal.message], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def withdraw(proposal: Proposal, *, by: User) -> Proposal:
    """Its author takes the waiting proposal back. Raises ValidationError if it was answered."""
    with transaction.atomic():
        _lock(proposal.subject)
        locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if locked.state != ProposalState.WAITING or locked.author_id != by.pk:
            raise ValidationError("Cette proposition ne peut plus être retirée.")
        return _withdrawn(locked)


def _withdrawn(proposal: Proposal) -> Proposal:
    proposal.refresh_from_db(fields=["changes", "message"])
    proposal.state = ProposalState.WITHDRAWN
    proposal.decided_by = proposal.author
    proposal.decided_at = timezone.now()
    proposal.save()
    return proposal


def _state(accepted: int, asked: int) -> ProposalState:
    if accepted == asked:
        return ProposalState.ACCEPTED
    return ProposalState.PARTLY if accepted else ProposalState.REFUSED


def _of(record: Pole | Organisation) -> dict[str, Pole | Organisation]:
    return {"pole" if isinstance(record, Pole) else "organisation": record}


def _lock(record: Pole | Organisation) -> Pole | Organisation:
    rows = type(record)._default_manager.select_for_update(of=("self",))
    return rows.get(pk=record.pk)


def _saved(record: Pole | Organisation, changes: Sequence[Change]) -> dict[str, Json]:
    if isinstance(record, Pole):
        return saved_values(record, changes)
    return organisation_values(record, [change.key for change in changes])


def _check_keys(record: Pole | Organisation, changes: Iterable[Change]) -> None:
    """Raises ValidationError for a key that the record does not have."""
    for change in changes:
        if isinstance(record, Organisation):
            known = change.key in ORGANISATION_FIELDS
        else:
            name, slash, row = change.key.partition("/")
            in_rows = name in COLLECTIONS and _ROW.fullmatch(row) is not None
            known = in_rows if slash else name in FIELDS
        if not known:
            raise ValidationError(f"«\u00a0{change.key}\u00a0» n’est pas un champ de la fiche.")


def _waiting(record: Pole | Organisation, origin: str, author: User | None) -> Proposal | None:
    """What this author, or this pole, has already waiting."""
    waiting = Proposal.objects.filter(state=ProposalState.WAITING, **_of(record))
    if author is not None:
        return waiting.filter(author=author).first()
    if origin == ProposalOrigin.POLE:
        return waiting.filter(origin=origin).order_by("pk").last()
    return None


def _merged(earlier: Sequence[Change], later: Sequence[Change]) -> list[Change]:
    """The later ones over the earlier; new rows keep their own numbers, and are not said twice."""
    merged = {change.key: change for change in earlier}
    for change in later:
        collection, row = split_key(change.key)
        if collection is None or not is_new(row):
            merged[change.key] = change
            continue
        same = [c for k, c in merged.items() if k.startswith(f"{collection.name}/+")]
        if change.after in [each.after for each in same]:
            continue
        taken = {int(each.key.rpartition("+")[2]) for each in same}
        number = next(n for n in range(1, len(taken) + 2) if n not in taken)
        key = f"{collection.name}/+{number}"
        merged[key] = Change(key, change.before, change.after)
    return list(merged.values())


class _Undone(Exception):  # noqa: N818
    pass


def _rehearse(record: Pole | Organisation, changes: Sequence[Change], by: User | None) -> None:
    """Writes and undoes: what the rules refuse is told to the author rather than to who answers."""
    writable, _ = sort_out(changes, _saved(record, changes))
    try:
        with transaction.atomic():
            if isinstance(record, Pole):
                write(record, writable, by=by)
            else:
                write_organisation(record, writable, by=by)
            raise _Undone
    except (_Undone, BreaksRecognition):
        pass


def _write(
    record: Pole | Organisation,
    proposal: Proposal,
    accepted: Sequence[str],
    by: User,
    regularising: bool,
    over: Mapping[str, Json],
) -> None:
    changes = [
        Change(each.key, over.get(each.key, each.before), each.after)
        for each in changes_of(proposal)
        if each.key in accepted
    ]
    if isinstance(record, Pole):
        write(record, met(record, proposal, changes), by=by, regularising=regularising)
    else:
        source = f"Proposition n° {proposal.pk} ({proposal.get_origin_display()})"
        write_organisation(record, changes, by=by, regularising=regularising, source=source)
