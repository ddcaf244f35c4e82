"""The filters of the list, the map, the exports and the feeds: one vocabulary for all."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import django_filters
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    F,
    Func,
    Q,
    QuerySet,
    Value,
)
from django.http import QueryDict

from catalogue.fields import NOT_GIVEN, Choices, KnownValuesField, NumberField
from catalogue.models import PoleIndex
from catalogue.places import Point, commune_or_epci, covering, point_of, with_distance
from catalogue.reference import reference
from catalogue.search import MAX_LENGTH, Found, find
from catalogue.verdicts import verdict_today
from members.kinds import OrganisationKind
from poles.models import CompositionVerdict, Maturity, Recognition
from territories.models import Territory, TerritoryKind

DEFAULT_RADIUS_KM = 50.0
MAX_RADIUS_KM = 1000.0
_NUMBERS = {"rayon": "Rayon", "lat": "Latitude", "lon": "Longitude"}
_PLACES = ("commune", "epci", "pres")
_NOT_GIVEN_CHOICE = (NOT_GIVEN, "Non renseigné")


class _IsOneOf(Func):
    """One array, however many numbers: with IN, each would be prepared, and planned, by itself."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, column: str, numbers: list[int]) -> None:
        super().__init__(F(column), Value(numbers, output_field=ArrayField(BigIntegerField())))


class ValuesFilter(django_filters.Filter):
    """Keeps the poles that have one of the values; ``non-renseigne``: those that have none."""

    field_class = KnownValuesField

    def __init__(
        self, *, column: str, many: bool = False, absent: object = "", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.column, self.many, self.absent = column, many, absent

    def condition(self, values: list[str]) -> Q:
        given = [value for value in values if value != NOT_GIVEN]
        condition = Q(**{f"{self.column}__{'overlap' if self.many else 'in'}": given})
        if NOT_GIVEN in values:
            condition |= Q(**{self.column: self.absent})
        return condition


def _values(label: str, column: str, known: Callable[[], Choices], **kwargs: Any) -> ValuesFilter:
    return ValuesFilter(label=label, column=column, known=known, **kwargs)


def _region_choices() -> Choices:
    return [*((p.code, p.name) for p in reference().regions.values()), _NOT_GIVEN_CHOICE]


def _departement_choices() -> Choices:
    return [
        *((p.code, f"{p.name} ({p.code})") for p in reference().departements.values()),
        _NOT_GIVEN_CHOICE,
    ]


def _theme_choices() -> Choices:
    return [*reference().themes.items(), _NOT_GIVEN_CHOICE]


def _call_choices() -> Choices:
    return [*reversed(reference().calls.items()), _NOT_GIVEN_CHOICE]


def _network_choices() -> Choices:
    return [*reference().networks.items(), _NOT_GIVEN_CHOICE]


def _member_choices() -> Choices:
    return [*OrganisationKind.choices, _NOT_GIVEN_CHOICE]


def _maturity_choices() -> Choices:
    return [(value, str(label)) for value, label in Maturity.choices]


def _recognition_choices() -> Choices:
    return [(value, str(label)) for value, label in Recognition.choices]


def _verdict_choices() -> Choices:
    return [(value, str(label)) for value, label in CompositionVerdict.choices]


class PoleFilterSet(django_filters.FilterSet):
    """What was asked in the query string, and the published poles that answer it.

    ``messages`` says in French which values were left off. Nothing here ever raises on a value.
    """

    region = _values("Région", "region", _region_choices)
    departement = _values("Département", "departement", _departement_choices)
    theme = _values("Thème", "themes", _theme_choices, many=True, absent=[])
    maturite = _values("Maturité", "maturity", _maturity_choices, absent=NOT_GIVEN)
    membre = _values("Nature des membres", "members", _member_choices, many=True, absent=[])
    appel = _values("Appel à projets", "calls", _call_choices, many=True, absent=[])
    reseau = _values("Réseau", "networks", _network_choices, many=True, absent=[])
    article9 = _values("Composition (article\u00a09)", "verdict_today", _verdict_choices)
    reconnaissance = _values("Reconnaissance", "recognition", _recognition_choices)

    class Meta:
        model = PoleIndex
        fields: list[str] = []

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, queryset=PoleIndex.objects.order_by())
        self.asked = data
        self.messages: list[str] = []
        self._read()

    @property
    def values(self) -> dict[str, list[str]]:
        """The known values of each filter of a list, in the order of the filters."""
        return self._kept

    def _read(self) -> None:
        self._kept: dict[str, list[str]] = {}
        for name, each in self.filters.items():
            field = each.field
            kept = field.to_python(self.asked.getlist(name))
            self.set_aside(str(each.label), field.unknown)
            if kept:
                self._kept[name] = kept
        self.text = self.asked.get("q", "").replace("\x00", "").strip()[:MAX_LENGTH]
        self.radius_km = self._number("rayon", 1, MAX_RADIUS_KM)
        self.commune = self._territory("commune", TerritoryKind.COMMUNE)
        self.epci = self._territory("epci", TerritoryKind.EPCI)
        self.near = self._near()

    def set_aside(self, label: str, unknown: list[str]) -> None:
        """Says once for each value that it is left off."""
        for text in unknown:
            message = (
                f"{label}\u00a0: la valeur «\u00a0{text[:60]}\u00a0» n’existe pas, "
                "elle est laissée de côté."
            )
            if message not in self.messages:
                self.messages.append(message)

    def _number(self, name: str, least: float, most: float) -> float | None:
        field = NumberField(least=least, most=most)
        number = field.to_python(self.asked.get(name))
        self.set_aside(_NUMBERS[name], field.unknown)
        return number

    def _territory(self, name: str, kind: str, parameter: str | None = None) -> Territory | None:
        code = self.asked.get(parameter or name, "").replace("\x00", "").strip()
        if not code:
            return None
        territory = commune_or_epci(kind, code)
        if territory is None:
            self.set_aside("EPCI" if kind == TerritoryKind.EPCI else "Commune", [code])
        return territory

    def _near(self) -> Point | None:
        territory = self._territory("pres", TerritoryKind.COMMUNE)
        if territory is not None:
            return point_of(territory)
        latitude, longitude = self._number("lat", -90, 90), self._number("lon", -180, 180)
        if latitude is None or longitude is None:
            return None
        return Point(latitude, longitude, "votre position")

    @cached_property
    def found(self) -> Found | None:
        """What the search found, or None when nothing was typed."""
        return find(self.text) if self.text else None

    @property
    def origin(self) -> Point | None:
        """The point that distances are measured from."""
        if self.near is not None:
            return self.near
        return point_of(self.commune) if self.commune is not None else None

    @property
    def radius(self) -> float:
        return self.radius_km or DEFAULT_RADIUS_KM

    @cached_property
    def conditions(self) -> dict[str, Q]:
        """One condition a filter that is in use."""
        conditions = {
            name: self.filters[name].condition(values) for name, values in self._kept.items()
        }
        if self.found is not None:
            conditions["q"] = Q(_IsOneOf("pole_id", self.found.ids))
        for name, territory in (("commune", self.commune), ("epci", self.epci)):
            if territory is not None:
                conditions[name] = covering(territory)
                point = point_of(territory)
                if self.radius_km and point is not None and self.near is None:
                    conditions[name] |= point.within(self.radius_km)
        if self.near is not None:
            conditions["pres"] = self.near.within(self.radius)
        return conditions

    def at_a_place(self) -> QuerySet[PoleIndex] | None:
        """The poles that answer the filters on a place, whatever the others; None without one."""
        places = [self.conditions[name] for name in _PLACES if name in self.conditions]
        if not places:
            return None
        rows = with_distance(PoleIndex.objects.order_by(), self._measured_from)
        for condition in places:
            rows = rows.filter(condition)
        return rows

    def everything(self) -> QuerySet[PoleIndex]:
        """Every published pole, in no order, with what the rows of an answer carry."""
        rows = with_distance(PoleIndex.objects.order_by(), self._measured_from)
        return rows.annotate(verdict_today=verdict_today())

    def rows(self) -> QuerySet[PoleIndex]:
        """The published poles that answer every filter, in no order."""
        rows = self.everything()
        for condition in self.conditions.values():
            rows = rows.filter(condition)
        return rows

    @property
    def _measured_from(self) -> Point | None:
        if self.near is None and self.epci is not None and self.commune is None:
            return point_of(self.epci)
        return self.origin
