"""What the pages of merges ask of two records, be they poles or organisations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count, Q
from django.urls import reverse

from core.allowed import Allowed
from core.text import normalise
from members.finding import Wanted, find, likely_doubles
from members.models import Organisation
from networks.models import User
from networks.permissions import can_merge, can_merge_named, can_see
from poles.finding import likely_poles
from poles.merging.choosing import MERGED
from poles.merging.finding import Pair, probable_organisations, probable_poles
from poles.merging.organisations import (
    merge_organisations,
    plan_organisations,
    poles_naming,
)
from poles.merging.plan import Plan
from poles.merging.poles import SCALARS, merge_poles, plan_poles
from poles.models import Merge, Pole, RecordState
from poles.record import ORGANISATION_FIELDS, Texts, organisation_values
from poles.record.fields import Field, Json
from poles.record.phrasing import capital
from workspace.queries.poles import kept_poles

_GROUPS = {
    "kind": "nature et qualités",
    "latitude": "position",
    "rural_area": "zone rurale",
    "priority_district": "quartier prioritaire",
}


@dataclass(frozen=True)
class Double:
    """A record that may be the other's double; ``told``: what tells it from another of its name."""

    record: Any
    told: str
    why: str
    address: str


@dataclass(frozen=True)
class Line:
    """A field of both. ``open``: the person chooses; ``taken``: the value of the merged one."""

    key: str
    label: str
    kept: str
    merged: str
    open: bool
    taken: bool

    @property
    def name(self) -> str:
        return f"choix-{self.key}"

    @property
    def same(self) -> bool:
        return self.kept == self.merged


@dataclass(frozen=True)
class Comparison:
    """Two records that are probably one, each with what tells it."""

    records: list[tuple[Any, str]]
    why: str
    address: str

    @property
    def names(self) -> str:
        return " et ".join(record.name for record, _ in self.records)


class Kind(Protocol):
    """Poles, or organisations."""

    slug: str
    title: str
    this: str

    def get(self, *numbers: int) -> dict[int, Any]: ...

    def may_see(self, user: User, record: Any) -> Allowed: ...

    def may_merge(self, user: User, kept: Any, merged: Any) -> Allowed: ...

    def told(self, record: Any) -> str: ...

    def address(self, record: Any) -> str: ...

    def likely(self, user: User, record: Any) -> list[Double]: ...

    def search(self, user: User, record: Any, typed: str) -> list[Double]: ...

    def plan(self, kept: Any, merged: Any, wished: Mapping[str, str]) -> Plan: ...

    def lines(self, kept: Any, merged: Any, plan: Plan) -> list[Line]: ...

    def merge(self, kept: Any, merged: Any, **asked: Any) -> Merge: ...

    def probable(self, user: User) -> list[Comparison]: ...


class Organisations:
    slug, title, this = "organisations", "Organisations", "cette organisation"

    def get(self, *numbers: int) -> dict[int, Any]:
        rows = Organisation.objects.select_related("seat")
        return rows.annotate(
            poles=Count(
                "memberships__pole", filter=Q(memberships__pole__merged_into=None), distinct=True
            )
        ).in_bulk(numbers)

    def may_see(self, user: User, record: Organisation) -> Allowed:
        return Allowed()

    def may_merge(self, user: User, kept: Organisation, merged: Organisation) -> Allowed:
        return can_merge_named(user, poles_naming(kept.pk, merged.pk))

    def told(self, record: Organisation) -> str:
        poles = getattr(record, "poles", None)
        return ", ".join(
            filter(
                None,
                [
                    f"SIREN\u00a0{record.siren}" if record.siren else "sans SIREN",
                    record.seat.label if record.seat else "",
                    f"dans {poles}\u00a0pôle{'s' if poles > 1 else ''}" if poles else "",
                ],
            )
        )

    def address(self, record: Organisation) -> str:
        return reverse("workspace:organisation", args=[record.pk])

    def likely(self, user: User, record: Organisation) -> list[Double]:
        (found,) = likely_doubles([Wanted(record.name, record.siren or "")], most=8)
        others = [each for each in found if each.organisation.pk != record.pk]
        return [self._double(record, each.organisation, each.why) for each in others]

    def search(self, user: User, record: Organisation, typed: str) -> list[Double]:
        found = find(typed, most=10)
        return [self._double(record, each, "") for each in found if each.pk != record.pk]

    def _double(self, record: Organisation, other: Organisation, why: str) -> Double:
        return Double(other, self.told(other), why, preview(self, record.pk, other.pk))

    def plan(self, kept: Organisation, merged: Organisation, wished: Mapping[str, str]) -> Plan:
        return plan_organisations(kept, merged, wished)

    def lines(self, kept: Organisation, merged: Organisation, plan: Plan) -> list[Line]:
        return lines_of(
            organisation_values(kept), organisation_values(merged), plan, ORGANISATION_FIELDS
        )

    def merge(self, kept: Organisation, merged: Organisation, **asked: Any) -> Merge:
        return merge_organisations(kept, merged, **asked)

    def probable(self, user: User) -> list[Comparison]:
        return [compared(self, each) for each in probable_organisations(user)]


class Poles:
    slug, title, this = "poles", "Pôles", "ce pôle"

    def get(self, *numbers: int) -> dict[int, Any]:
        found = kept_poles().filter(pk__in=numbers, merged_into=None)
        return {each.pk: each for each in found.order_by("pk")}

    def may_see(self, user: User, record: Pole) -> Allowed:
        return can_see(user, record)

    def may_merge(self, user: User, kept: Pole, merged: Pole) -> Allowed:
        return can_merge(user, kept, merged)

    def told(self, record: Pole) -> str:
        where = record.seat.label if record.seat else "sans siège"
        return f"{where}, fiche\u00a0: {record.get_record_state_display()}"

    def address(self, record: Pole) -> str:
        return reverse("workspace:pole", args=[record.pk])

    def likely(self, user: User, record: Pole) -> list[Double]:
        found = likely_poles(
            record.name, record.seat, acronym=record.acronym, website=record.website
        )
        return [
            self._double(record, each.pole, ", ".join(each.why))
            for each in found
            if each.pole.pk != record.pk and can_see(user, each.pole)
        ]

    def search(self, user: User, record: Pole, typed: str) -> list[Double]:
        words = normalise(typed)
        if not words:
            return []
        found = kept_poles().exclude(record_state=RecordState.ARCHIVED).exclude(pk=record.pk)
        found = found.filter(Q(normalised_name__contains=words) | Q(acronym__iexact=typed))
        seen = (each for each in found.order_by("normalised_name", "pk")[:30])
        return [self._double(record, each, "") for each in seen if can_see(user, each)][:10]

    def _double(self, record: Pole, other: Pole, why: str) -> Double:
        return Double(other, self.told(other), why, preview(self, record.pk, other.pk))

    def plan(self, kept: Pole, merged: Pole, wished: Mapping[str, str]) -> Plan:
        return plan_poles(kept, merged, wished)

    def lines(self, kept: Pole, merged: Pole, plan: Plan) -> list[Line]:
        mine, theirs = (
            {name: field.read(record) for name, field in SCALARS.items()}
            for record in (kept, merged)
        )
        return lines_of(mine, theirs, plan, SCALARS)

    def merge(self, kept: Pole, merged: Pole, **asked: Any) -> Merge:
        return merge_poles(kept, merged, **asked)

    def probable(self, user: User) -> list[Comparison]:
        return [compared(self, each) for each in probable_poles(user)]


def lines_of(
    kept: Mapping[str, Json],
    merged: Mapping[str, Json],
    plan: Plan,
    fields: Mapping[str, Field],
) -> list[Line]:
    """The fields of which one record at least says something; two statements at most."""
    texts = Texts([kept, merged], fields)
    lines = []
    for choice in plan.choices:
        mine, theirs = (_told(choice.fields, values, texts, fields) for values in (kept, merged))
        if mine or theirs:
            label = _GROUPS.get(choice.key) or fields[choice.key].label
            taken = choice.source == MERGED
            lines.append(Line(choice.key, capital(label), mine, theirs, choice.open, taken))
    return lines


def _told(
    names: tuple[str, ...],
    values: Mapping[str, Json],
    texts: Texts,
    fields: Mapping[str, Field],
) -> str:
    if len(names) == 1:
        return texts.of_column(fields[names[0]].column, values[names[0]])
    first, *others = names
    told = [texts.of_column(fields[first].column, values[first])]
    for name in others:
        text = texts.of_column(fields[name].column, values[name])
        if text:
            told.append(f"{fields[name].label}\u00a0: {text}")
    return "\u00a0; ".join(filter(None, told))


def compared(kind: Kind, pair: Pair[Any]) -> Comparison:
    records = [(record, kind.told(record)) for record in (pair.one, pair.other)]
    return Comparison(records, pair.why, preview(kind, pair.one.pk, pair.other.pk))


def preview(kind: Kind, kept: int, merged: int) -> str:
    return reverse("workspace:merge", args=[kind.slug, kept, merged])


KINDS: dict[str, Kind] = {kind.slug: kind for kind in (Poles(), Organisations())}
