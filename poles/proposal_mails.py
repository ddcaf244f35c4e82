"""What became of a proposal, told to whoever left an address; the address is then forgotten."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from core.mail import send_later
from poles.models import Proposal, ProposalState
from poles.record import FIELDS, ORGANISATION_FIELDS, Texts

KEPT_MONTHS = 12
KEPT = timedelta(days=365)
_OUTCOMES = {
    ProposalState.ACCEPTED: "elle est retenue",
    ProposalState.PARTLY: "elle est retenue en partie",
    ProposalState.REFUSED: "elle n’est pas retenue",
}


def tell_author(proposal: Proposal) -> None:
    """Writes what is accepted, what is not, and why; nothing where nobody left an address."""
    if not proposal.author_email:
        return
    record = proposal.subject
    fields = FIELDS if proposal.pole_id else ORGANISATION_FIELDS
    changes = proposal.changes
    texts = Texts([{key: each["after"]} for key, each in changes.items()], fields)
    told = [
        (texts.label(key, each["after"]), texts.text(key, each["after"]), key in proposal.accepted)
        for key, each in changes.items()
    ]
    outcome = _OUTCOMES[ProposalState(proposal.state)]
    send_later(
        to=[proposal.author_email],
        subject=f"Votre correction, {record.name}\u00a0: {outcome}",
        template="proposal_answered",
        context={
            "proposal": proposal,
            "record": record,
            "outcome": outcome,
            "accepted": [each[:2] for each in told if each[2]],
            "refused": [each[:2] for each in told if not each[2]],
            "words_taken": "message" in proposal.accepted,
            "record_url": settings.SITE_URL + record.get_absolute_url(),
            "months": KEPT_MONTHS,
        },
    )


def forget_addresses() -> int:
    """Erases the addresses that were left a year ago or more; of how many proposals."""
    old = Proposal.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(author_email="")
    return old.update(author_email="")
