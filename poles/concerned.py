"""Whom a change of a record concerns: the accounts that answer for it, and those that wrote."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from members.models import Organisation
from networks.models import NetworkRegion, StaffRole, User
from networks.people import officers
from poles.models import Pole


def publishers_of(record: Pole | Organisation) -> list[User]:
    """Those who may publish it: managers of the reference network, or who could take it in charge.

    The officers where there are none. Of an organisation: those of the poles that it is in.
    """
    poles = [record] if isinstance(record, Pole) else _poles_of(record)
    managers = list(_managers(pole.reference_network_id for pole in poles))
    if not managers:
        managers = list(_managers(near for pole in poles for near in _near(pole)))
    return managers or list(officers())


def managers_in(region: int | None) -> list[User]:
    """The managers of the networks of a région, by its primary key."""
    if region is None:
        return []
    regional = NetworkRegion.objects.filter(region=region)
    return list(_managers(regional.values_list("network", flat=True)))


def _managers(networks: Iterable[int | None]) -> QuerySet[User]:
    known = [network for network in networks if network is not None]
    return (
        User.objects.filter(
            staff_positions__network__in=known,
            staff_positions__role=StaffRole.MANAGER,
            is_active=True,
        )
        .distinct()
        .order_by("pk")
    )


def _near(pole: Pole) -> set[int]:
    """The networks that accompany a pole that nobody answers for, or whose région it is in."""
    scope = pole.scope()
    if scope.reference is not None:
        return set()
    regional = NetworkRegion.objects.filter(region__in=scope.regions)
    return {*scope.accompanied_by, *regional.values_list("network", flat=True)}


def _poles_of(organisation: Organisation) -> list[Pole]:
    found = Pole.objects.filter(
        Q(memberships__organisation=organisation) | Q(legal_person=organisation)
    )
    return list(found.distinct().order_by("pk"))
