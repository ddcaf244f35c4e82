"""What waits for the ministry: each room names its own, and all of it is read in one statement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import Cast
from django.urls import reverse

# How many of each are named; the others are in the list.
SHOWN = 5


@dataclass(frozen=True)
class Waits:
    """``rows``: all that wait, of one model. ``name`` and ``day``: expressions of its columns.

    ``day``: since when a row waits; with ``deadline``, the last day that it may. ``page``: the
    address of a row, by its number; ``listed``: of all, by default the admin's list of the model.
    """

    slug: str
    title: str
    rows: models.QuerySet
    name: Any
    day: Any
    page: Callable[[str], str]
    deadline: bool = False
    listed: str = ""

    @property
    def address(self) -> str:
        opts = self.rows.model._meta
        return self.listed or (
            f"{reverse(f'admin:{opts.app_label}_{opts.model_name}_changelist')}"
            f"?{PARAMETER}={self.slug}"
        )


# The word of the lists' addresses: « ?attend=soumises ».
PARAMETER = "attend"


@dataclass(frozen=True)
class Item:
    name: str
    url: str
    day: date | None
    told: str
    late: bool


@dataclass
class Found:
    """``count``: of all the rows; ``late``: of those whose deadline has passed.

    ``address``: of all of them, and of each its ``url``; empty for who may not open it.
    """

    waits: Waits
    address: str
    count: int = 0
    late: int = 0
    items: list[Item] = field(default_factory=list)


def read(waiting: Sequence[Waits], today: date) -> list[Found]:
    """What there is of each, the oldest or the most urgent first; one statement, or none."""
    found = {each.slug: Found(each, each.address) for each in waiting}
    if not waiting:
        return []
    first, *others = [_rows(each, today) for each in waiting]
    rows = first.union(*others, all=True).order_by() if others else first
    for slug, pk, name, day, count, late in rows:
        section = found[slug]
        section.count, section.late = count, late
        section.items.append(_item(section.waits, pk, name, day, today))
    for section in found.values():
        # A union keeps no order.
        section.items.sort(key=lambda item: (item.day or date.max, item.name))
    return list(found.values())


def _rows(waits: Waits, today: date) -> models.QuerySet:
    late = Q(waits_day__lt=today) if waits.deadline else Q(pk__in=[])
    return (
        waits.rows.order_by()
        .annotate(
            waits_slug=Value(waits.slug, output_field=models.TextField()),
            waits_pk=Cast("pk", models.TextField()),
            waits_name=Cast(waits.name, models.TextField()),
            waits_day=waits.day,
        )
        .annotate(
            waits_count=Window(Count("pk")),
            waits_late=Window(Count("pk", filter=late)),
        )
        .order_by(F("waits_day").asc(nulls_last=True), "pk")
        .values_list(
            "waits_slug", "waits_pk", "waits_name", "waits_day", "waits_count", "waits_late"
        )[:SHOWN]
    )


def _item(waits: Waits, pk: str, name: str, day: date | None, today: date) -> Item:
    days = (day - today).days if day else 0
    late = bool(day) and waits.deadline and days < 0
    told = "" if day is None else (_left(days) if waits.deadline else _since(-days))
    return Item(name, waits.page(pk), day, told, late)


def _left(days: int) -> str:
    if days < 0:
        return f"délai passé de {_days(-days)}"
    return f"reste {_days(days)}" if days else "dernier jour"


def _since(days: int) -> str:
    return f"depuis {_days(days)}" if days > 0 else "depuis aujourd’hui"


def _days(days: int) -> str:
    if days < 120:
        return f"{days}\u00a0jour{'s' if days > 1 else ''}"
    years, months = divmod(round(days / 30.44), 12)
    if years >= 2:
        return f"{years}\u00a0ans"
    return f"{years * 12 + months}\u00a0mois"


def of_model(waiting: Iterable[Waits], model: type[models.Model]) -> dict[str, Waits]:
    return {each.slug: each for each in waiting if each.rows.model is model}
