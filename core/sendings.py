"""How often something was sent from one place: a counter that every process shares."""

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from core.models import Sending

_DAY = timedelta(hours=24)
# No limit looks further back.
KEPT = 2 * _DAY
# A household or an office has a network of this size; one machine of it can take any address.
_BLOCKS = {4: 24, 6: 48}
_NOWHERE = "unknown"
_COUNT = """
    INSERT INTO core_sending (key, hour, number) VALUES (%s, %s, 1)
    ON CONFLICT (key, hour) DO UPDATE SET number = core_sending.number + 1
    RETURNING number, (
        SELECT coalesce(sum(number), 0) FROM core_sending AS earlier
        WHERE earlier.key = core_sending.key
            AND earlier.hour < core_sending.hour AND earlier.hour > %s
    )
"""


@dataclass(frozen=True)
class Limit:
    """How many may come within a clock hour, and within twenty-four of them."""

    hourly: int
    daily: int


def counted(what: str, whose: str, limit: Limit) -> bool:
    """Counts one more of ``what``; whether that is still within ``limit``.

    ``whose`` is kept as a keyed digest, and for a day.
    """
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{what}\n{whose}".encode(), "sha256")
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [digest.hex(), hour, hour - _DAY])
        this_hour, earlier = cursor.fetchone()
    return this_hour <= limit.hourly and this_hour + earlier <= limit.daily


def forget_old_sendings() -> int:
    """Deletes the counts that no limit looks at any more; how many."""
    return Sending.objects.filter(hour__lte=timezone.now() - KEPT).delete()[0]


def address_block(request: HttpRequest) -> str:
    """The network that the request comes from: ``192.0.2.0/24``, ``2001:db8:1::/48``."""
    try:
        address = ipaddress.ip_address(_address(request))
    except ValueError:
        return _NOWHERE
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    block = ipaddress.ip_network((address, _BLOCKS[address.version]), strict=False)
    return str(block)


def _address(request: HttpRequest) -> str:
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        # The last is the one that our own proxy saw: those before it are whatever was claimed.
        return forwarded.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
