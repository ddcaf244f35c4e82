"""The names behind the codes of the filters, held by each process for a version of the data."""

from dataclasses import dataclass, field

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from calls.models import Call
from core.version import data_version
from networks.models import Network
from poles.models import Theme
from territories.models import Territory, TerritoryKind


@dataclass(frozen=True)
class Place:
    """A région or a département, as the public's pages name it."""

    code: str
    name: str
    slug: str
    region: str


@dataclass(frozen=True)
class Reference:
    regions: dict[str, Place] = field(default_factory=dict)
    departements: dict[str, Place] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    networks: dict[str, str] = field(default_factory=dict)


_held: tuple[int, Reference] | None = None


def reference() -> Reference:
    """Regions, départements, themes, calls and networks by code; one statement a version."""
    global _held
    version = data_version()
    if _held is None or _held[0] != version:
        _held = (version, _read())
    return _held[1]


def forget_reference() -> None:
    """For tests, whose versions are undone with what they wrote."""
    global _held
    _held = None


def _read() -> Reference:
    places = (
        Territory.objects.filter(kind__in=[TerritoryKind.REGION, TerritoryKind.DEPARTEMENT])
        .order_by()
        .values_list(
            "kind", "code", "name", "slug", Coalesce("region__code", Value("")), "normalised_name"
        )
    )
    named = [
        each.order_by().values_list(Value(kind), F(code), F("name"), Value(""), Value(""), order)
        for kind, each, code, order in (
            ("theme", Theme.objects.all(), "slug", Value("")),
            ("call", Call.objects.told(), "code", F("code")),
            ("network", Network.objects.all(), "slug", F("name")),
        )
    ]
    read = Reference()
    rows = sorted(places.union(*named, all=True), key=lambda row: (row[0], row[5], row[2]))
    for kind, code, name, slug, region, _order in rows:
        match kind:
            case "region":
                read.regions[code] = Place(code, name, slug, code)
            case "departement":
                read.departements[code] = Place(code, name, slug, region)
            case "theme":
                read.themes[code] = name
            case "call":
                read.calls[code] = name
            case "network":
                read.networks[code] = name
    return read
