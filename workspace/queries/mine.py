"""The poles that concern a person of the networks."""

from django.db.models import Q

from networks.models import User
from networks.permissions import positions_of
from poles.models import Pole, PoleQuerySet, RecordState


def poles_of(user: User) -> PoleQuerySet:
    """Those that their networks keep or accompany, and those of their régions that nobody keeps.

    An officer's are all. No archived record is among them.
    """
    poles = Pole.objects.exclude(record_state=RecordState.ARCHIVED)
    if user.is_officer:
        return poles
    positions = positions_of(user)
    networks = [position.network for position in positions]
    regions = {region for position in positions for region in position.regions}
    near = Q(seat__region__in=regions) | Q(seat__in=regions)
    covers = Q(coverage__region__in=regions) | Q(coverage__in=regions)
    kept = Pole.objects.filter(
        Q(reference_network__in=networks)
        | Q(networks__in=networks)
        | (Q(reference_network=None) & (near | (Q(seat=None) & covers)))
    )
    return poles.filter(pk__in=kept.values("pk"))
