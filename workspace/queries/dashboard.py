"""What a person's dashboard reads: whose records, which of them, and what each needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q

from core.text import normalise
from networks.models import User
from networks.permissions import positions_of
from poles.models import Membership, PoleQuerySet
from poles.needs import (
    NEEDS,
    in_regions,
    kept_by,
    most_urgent_first,
    not_archived,
    unclaimed,
    with_needs,
    with_what_waits,
)
from territories.models import Territory, TerritoryKind

FREE = "libres"
_SLUGS = {need.slug for need in NEEDS}


@dataclass
class Asked:
    """What the address asks for; what it does not know is left off."""

    free: bool = False
    need: str = ""
    words: str = ""
    region: Territory | None = None
    regions: list[Territory] = field(default_factory=list)


def asked(user: User, query: Mapping[str, str]) -> Asked:
    """One statement, for an officer, who chooses a région."""
    need = query.get("besoin", "")
    found = Asked(
        free=query.get("liste") == FREE,
        need=need if need in _SLUGS else "",
        words=query.get("q", "").replace("\x00", "").strip()[:100],
    )
    if user.is_officer:
        rows = Territory.objects.filter(kind=TerritoryKind.REGION)
        found.regions = list(rows.order_by("normalised_name"))
        code = query.get("region", "")
        found.region = next((each for each in found.regions if each.code == code), None)
    return found


def own_regions(user: User) -> set[int]:
    return {region for position in positions_of(user) for region in position.regions}


def mine(user: User, what: Asked) -> PoleQuerySet:
    """The records that the person's networks keep; an officer's are all, or those of a région."""
    poles = not_archived()
    if user.is_officer:
        return poles.filter(in_regions([what.region.pk])) if what.region else poles
    return poles.filter(kept_by([position.network for position in positions_of(user)]))


def free(user: User, what: Asked) -> PoleQuerySet:
    """Those that nobody answers for and that the person could take in charge."""
    poles = not_archived()
    if user.is_officer:
        return mine(user, what).filter(reference_network=None)
    managed = [position for position in positions_of(user) if position.manages]
    regions = {region for position in managed for region in position.regions}
    return poles.filter(unclaimed([position.network for position in managed], regions))


def of_region(user: User, what: Asked) -> PoleQuerySet:
    """The records by which completeness is told: of the région, or a national network's own."""
    regions = own_regions(user)
    if user.is_officer or not regions:
        return mine(user, what)
    return not_archived().filter(in_regions(regions))


def shown(poles: PoleQuerySet, user: User, what: Asked) -> PoleQuerySet:
    """With what each needs, of those whose name answers the words that were typed."""
    found = with_needs(poles, user)
    if what.words:
        found = found.filter(
            Q(normalised_name__contains=normalise(what.words)) | Q(acronym__icontains=what.words)
        )
    return found


def page_rows(found: PoleQuerySet, user: User, what: Asked) -> PoleQuerySet:
    """Those that have the need that was asked for, with what a row shows; two statements."""
    if what.need:
        column = next(need.column for need in NEEDS if need.slug == what.need)
        found = found.filter(**{column: True})
    memberships: Any = Membership.objects.select_related("organisation").order_by("pk")
    return (
        with_what_waits(most_urgent_first(found), user)
        .select_related("seat", "reference_network")
        .prefetch_related(Prefetch("memberships", queryset=memberships))
    )
