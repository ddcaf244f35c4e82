"""The figures of a région or of a département, and what is missing there."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from catalogue.models import Precision
from networks.models import Network, NetworkKind, NetworkRegion
from territories.models import TerritoryKind

_STATEMENT = """
    WITH here AS MATERIALIZED (
        SELECT i.maturity, i.departement, i.precision, i.founding_year, i.confirmed_on, i.themes,
            i.members, p.website, p.members_confirmed_on
        FROM catalogue_poleindex i
        JOIN poles_pole p ON p.id = i.pole_id
        WHERE i.{column} = %(code)s
    )
    SELECT 'maturity' AS what, maturity AS value, count(*) FROM here GROUP BY maturity
    UNION ALL
    SELECT 'departement', departement, count(*) FROM here GROUP BY departement
    UNION ALL
    SELECT 'theme', theme, count(*) FROM here, unnest(themes) AS theme GROUP BY theme
    UNION ALL
    SELECT 'missing', missing.value, missing.number
    FROM (
        SELECT
            count(*) FILTER (WHERE coalesce(precision, 9) > {commune}) AS commune,
            count(*) FILTER (WHERE themes = '{{}}') AS themes,
            count(*) FILTER (WHERE founding_year IS NULL) AS founding_year,
            count(*) FILTER (WHERE website = '') AS website,
            count(*) FILTER (WHERE members = '{{}}') AS members,
            count(*) FILTER (WHERE members_confirmed_on IS NULL) AS members_confirmed,
            count(*) FILTER (WHERE confirmed_on IS NULL) AS confirmed
        FROM here) AS n
    CROSS JOIN LATERAL (VALUES
        ('commune', commune), ('themes', themes), ('founding_year', founding_year),
        ('website', website), ('members', members),
        ('members_confirmed', members_confirmed), ('confirmed', confirmed)
        ) AS missing (value, number)
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
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT.format(column=kind, commune=int(Precision.COMMUNE)), {"code": code}
        )
        counted: dict[str, dict[str, int]] = defaultdict(dict)
        for what, value, number in cursor.fetchall():
            counted[what][value] = number
    return Summary(
        counted["maturity"], counted["departement"], counted["theme"], counted["missing"]
    )


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
