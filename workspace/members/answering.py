"""A fact of an organisation, stated where it is asked: written, or proposed to its keepers."""

from collections.abc import Iterable
from dataclasses import dataclass

from members.kinds import FACT_LABELS
from members.models import Organisation
from networks.models import User
from poles.models import Pole
from poles.record import Change
from workspace.saving import save_organisation

_YES_NO = {"oui": True, "non": False}


@dataclass(frozen=True)
class Said:
    """What became of it, in French."""

    done: bool
    text: str


def state_fact(user: User, answer: str, *, source: str, joining: Iterable[Pole] = ()) -> Said:
    """``answer``: the number of the organisation, the fact, oui or non: ``34:is_ess:oui``."""
    number, fact, word = [*answer.split(":"), "", ""][:3]
    known = number.isascii() and number.isdigit() and len(number) < 18
    organisation = Organisation.objects.filter(pk=int(number)).first() if known else None
    if organisation is None or fact not in FACT_LABELS or word not in _YES_NO:
        return Said(False, "Cette question n’est plus posée.")
    told = f"«\u00a0{organisation.name}\u00a0», {FACT_LABELS[fact]}\u00a0: {word}"
    change = Change(fact, None, _YES_NO[word])
    outcome = save_organisation(user, organisation, [change], source=source, joining=joining)
    if outcome.proposed:
        return Said(True, f"Proposé à ceux qui tiennent cette organisation\u00a0: {told}.")
    if outcome.done:
        return Said(True, f"Enregistré\u00a0: {told}.")
    if outcome.conflicts:
        return Said(False, f"{told}\u00a0: quelqu’un a répondu autrement entre-temps.")
    falls = [each.falls for each in outcome.broken]
    if falls:
        return Said(False, f"{told}\u00a0: un pôle reconnu le serait à tort. {' '.join(falls)}")
    refused = [message for messages in outcome.errors.values() for message in messages]
    return Said(False, f"{told}\u00a0: {' '.join(refused)}")
