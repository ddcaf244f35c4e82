"""An officer's answer about an organisation: the fact, with its evidence."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from members.kinds import FACT_LABELS, FACTS
from members.models import EvidenceOrigin, FactEvidence, Organisation
from networks.models import User
from poles.recognition import settle_broken

YES, NO = "oui", "non"


def answer(
    organisation: int, fact: str, value: bool, *, officer: User, source: str, on: date
) -> Organisation:
    """Writes the fact and where it comes from, in one transaction.

    Raises ValidationError if the fact does not exist, was answered meanwhile, or contradicts what
    is known.
    """
    if fact not in FACTS:
        raise ValidationError("Cette qualité n’existe pas.")
    with transaction.atomic():
        found = Organisation.objects.select_for_update().filter(pk=organisation).first()
        if found is None:
            raise ValidationError("Cette organisation n’existe plus.")
        if getattr(found, fact) is not None:
            raise ValidationError(
                f"«\u00a0{found.name}\u00a0»\u00a0: quelqu’un a répondu entre-temps "
                f"({FACT_LABELS[fact]}\u00a0: {YES if getattr(found, fact) else NO})."
            )
        setattr(found, fact, value)
        found.validate_constraints()
        found.save()
        FactEvidence.objects.create(
            organisation=found,
            aspect=fact,
            value=YES if value else NO,
            origin=EvidenceOrigin.OFFICER,
            stated_by=officer,
            source=source,
            stated_on=on,
        )
        settle_broken(regularising=False)
    return found
