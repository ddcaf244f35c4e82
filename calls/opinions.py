"""The opinions that networks are asked for, and give."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from calls.models import Application, RegionalOpinion
from calls.permissions import can_give_opinion
from core.admin.refusals import refusal
from networks.models import Network, User
from networks.permissions import positions_of


@dataclass(frozen=True)
class Asked:
    """A network of this person is asked about an application; ``conflict``: why it may not."""

    application: Application
    network: Network
    conflict: str
    opinion: RegionalOpinion | None

    @property
    def waits(self) -> bool:
        return self.opinion is None and not self.conflict


_ASKED = """
SELECT DISTINCT a.id, c.network_id,
    coalesce(calls_conflict(%(account)s, c.network_id, a.pole_id), '')
FROM calls_application a
JOIN calls_call k ON k.id = a.call_id AND k.run_in_registry
JOIN calls_callnetwork c ON c.call_id = a.call_id AND c.network_id = ANY (%(networks)s)
WHERE a.decision = 'inconnue' AND calls_step(a.call_id, a.wave_id) IN ('ouvert', 'instruction')
    AND c.region_id IN (SELECT calls_regions(a.pole_id))
"""


def asked_of(user: User) -> Sequence[Asked]:
    """What the networks of this person are asked about today, what waits first; four statements."""
    networks = [position.network for position in positions_of(user)]
    if not networks:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"account": user.pk, "networks": networks})
        rows = cursor.fetchall()
    files = Application.objects.select_related("call", "wave", "strand", "pole__seat").in_bulk(
        [application for application, _, _ in rows]
    )
    named = Network.objects.in_bulk(networks)
    given = {
        (each.application_id, each.network_id): each
        for each in RegionalOpinion.objects.filter(application__in=files, network__in=networks)
    }
    asked = [
        Asked(files[pk], named[network], conflict, given.get((pk, network)))
        for pk, network, conflict in rows
    ]
    return sorted(
        asked,
        key=lambda each: (
            not each.waits,
            each.application.call.code,
            each.application.pole.name,
            each.network.name,
        ),
    )


def give(
    application: Application, network: int, user: User, *, opinion: str, text: str, rank: int | None
) -> RegionalOpinion:
    """Writes the opinion of the network, or changes it before the decision.

    Raises ValidationError: a conflict of interest, too late, or no reason.
    """
    allowed = can_give_opinion(user, application, network)
    if not allowed:
        raise ValidationError(allowed.reason)
    try:
        with transaction.atomic():
            # As the database locks it: a decision waits, or is waited for.
            Application.objects.select_for_update().get(pk=application.pk)
            row = RegionalOpinion.objects.filter(
                application=application, network_id=network
            ).first() or RegionalOpinion(application=application, network_id=network)
            row.author, row.given_on = user, timezone.localdate()
            row.opinion, row.text, row.rank = opinion, text.strip(), rank
            row.full_clean()
            row.save()
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        raise ValidationError(message) from error
    return row
