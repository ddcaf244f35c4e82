"""Who keeps a record, and how near a person's networks are to it."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from networks.models import NetworkStaff, StaffRole, User


@dataclass(frozen=True)
class Scope:
    """Who keeps a record: networks and régions by primary key."""

    reference: int | None = None
    accompanied_by: frozenset[int] = frozenset()
    regions: frozenset[int] = frozenset()
    published: bool = False
    archived: bool = False
    merged: bool = False


class Kept(Protocol):
    def scope(self) -> Scope: ...


@dataclass(frozen=True)
class Position:
    """A person's place in a network, with the régions of that network (none: national)."""

    network: int
    role: str
    regions: frozenset[int]

    @property
    def manages(self) -> bool:
        return self.role == StaffRole.MANAGER


class Nearness(Enum):
    """How near a record is to a network."""

    OWN = "own"
    NEAR = "near"
    ELSEWHERE = "elsewhere"


def positions_of(user: User) -> tuple[Position, ...]:
    """The positions of an account in networks, an auditor having none; read once for ``user``."""
    known = getattr(user, "_positions", None)
    if known is None:
        staff = (
            NetworkStaff.objects.filter(user=user)
            .order_by("network_id")
            .prefetch_related("network__regions")
            .select_related("network")
            if user.is_authenticated and user.is_active and not user.is_auditor
            else []
        )
        known = user._positions = tuple(  # type: ignore[attr-defined]
            Position(
                each.network_id,
                each.role,
                frozenset(region.pk for region in each.network.regions.all()),
            )
            for each in staff
        )
    return known


def nearness(position: Position, scope: Scope) -> Nearness:
    """A national network is near only what it accompanies."""
    if scope.reference == position.network:
        return Nearness.OWN
    if position.network in scope.accompanied_by:
        return Nearness.NEAR
    if scope.reference is None and position.regions & scope.regions:
        return Nearness.NEAR
    return Nearness.ELSEWHERE
