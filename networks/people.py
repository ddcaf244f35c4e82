"""Who did something, from the number that the history keeps: a name while the account has one."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from networks.models import Role, User

# The network of an account that was erased is known from the history of its places.
_STATEMENT = """
    SELECT wanted.number, u.full_name, u.role, u.is_active, u.former_as,
        coalesce(nullif(n.acronym, ''), n.name)
    FROM unnest(%s::bigint[]) AS wanted (number)
    LEFT JOIN networks_user u ON u.id = wanted.number
    LEFT JOIN LATERAL (
        SELECT network_id FROM networks_networkstaffevent
        WHERE user_id = wanted.number ORDER BY pgh_id DESC LIMIT 1
    ) place ON true
    LEFT JOIN networks_network n ON n.id = place.network_id
"""


def officers() -> QuerySet[User]:
    """Those of the ministry, administrators included."""
    roles = (Role.OFFICER, Role.ADMINISTRATOR)
    return User.objects.filter(is_active=True, role__in=roles).order_by("pk")


def ministry() -> QuerySet[User]:
    """Those whom an administrator invites, changes and removes: officers, and auditors."""
    roles = (Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
    return User.objects.filter(is_active=True, role__in=roles).order_by("pk")


def names_of(numbers: Iterable[int]) -> dict[int, str]:
    """By number of account: « Anne Martin (CRESS Bretagne) », « ancien agent du réseau … ».

    One statement, or none.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [wanted])
        return {number: _told(number, *row) for number, *row in cursor.fetchall()}


def _told(
    number: int,
    name: str | None,
    role: str | None,
    active: bool | None,
    former: str | None,
    network: str | None,
) -> str:
    if former:
        return former
    if not active:
        return f"ancien agent du réseau {network}" if network else f"ancien compte (n° {number})"
    house = {str(Role.NETWORK): network, str(Role.AUDITOR): "audit"}.get(role or "", "ministère")
    if name:
        return f"{name} ({house})" if house else name
    return f"un agent ({house})" if house else f"compte n° {number}"
