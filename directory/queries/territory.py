"""The figures of a région or of a département, and what is missing there."""

from dataclasses import dataclass, field
from typing import Literal

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from catalogue.bitmaps import bitmaps
from catalogue.fields import NOT_GIVEN
from catalogue.models import Precision
from networks.models import Network, NetworkKind, NetworkRegion
from territories.models import TerritoryKind

# What the facets do not tell. A point that is only approximate is a commune that is not known.
_MISSING = """
    SELECT
        count(*) FILTER (WHERE coalesce(i.precision, 9) > {commune}) AS commune,
        count(*) FILTER (WHERE i.founding_year IS NULL) AS founding_year,
        count(*) FILTER (WHERE p.website = '') AS website,
        count(*) FILTER (WHERE p.members_confirmed_on IS NULL) AS members_confirmed,
        count(*) FILTER (WHERE i.confirmed_on IS NULL) AS confirmed
    FROM catalogue_poleindex i
    JOIN poles_pole p ON p.id = i.pole_id
    WHERE i.{column} = %(code)s
"""


@dataclass
class Summary:
    """Numbers of published poles; ``missing`` says of how many a thing is not known."""

    maturities: dict[str, int] = field(default_factory=dict)
    departements: dict[str, int] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.maturities.values())


def summary_of(kind: Literal["region", "departement"], code: str) -> Summary:
    """One statement."""
    held = bitmaps()
    here = held.of_values(kind, [code])
    themes = held.counts("theme", here)
    missing = {
        "themes": themes.pop(NOT_GIVEN, 0),
        "members": held.counts("membre", here).get(NOT_GIVEN, 0),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MISSING.format(column=kind, commune=int(Precision.COMMUNE)), {"code": code})
        names = [column.name for column in cursor.description]
        missing |= zip(names, cursor.fetchone(), strict=True)
    departements = held.counts("departement", here)
    return Summary(held.counts("maturite", here), departements, themes, missing)


@dataclass(frozen=True)
class Contacts:
    """Whom to ask in a région. ``national``: those of the whole country."""

    regional: list[Network]
    national: list[Network]

    @property
    def has_chamber(self) -> bool:
        return any(each.kind == NetworkKind.REGIONAL_CHAMBER for each in self.regional)


def contacts_in(region: str) -> Contacts:
    """One statement."""
    here = NetworkRegion.objects.filter(
        network=OuterRef("pk"), region__kind=TerritoryKind.REGION, region__code=region
    )
    networks = (
        Network.objects.annotate(here=Exists(here))
        .filter(Q(here=True) | Q(regions=None, kind=NetworkKind.NATIONAL))
        .order_by("name")
    )
    contacts = Contacts([], [])
    for network in networks:
        (contacts.regional if network.here else contacts.national).append(network)
    return contacts
