"""All that the page of a pole says of it, in a constant number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject

from networks.models import Network
from poles.models import (
    Pole,
    PoleFigures,
    PoleFormerSlug,
    PoleProject,
    PoleSource,
    RecordState,
    Study,
    Theme,
)
from territories.models import Territory

# A figure for sums only never leaves the database.
FIGURES = ("jobs_fte", "local_jobs_fte", "members", "turnover_eur", "beneficiaries")


@dataclass(frozen=True)
class Parts:
    """What belongs to a pole, as rows of plain values."""

    themes: list[dict[str, Any]]
    coverage: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    studies: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    networks: list[dict[str, Any]]
    projects: list[dict[str, Any]]


def pole_with_parts(slug: str) -> tuple[Pole, Parts] | None:
    """The pole, whatever the state of its record, and its parts; one statement."""
    subqueries = {
        "themes": _rows(
            Theme.objects.filter(poletheme__pole=OuterRef("pk")).order_by("position", "name"),
            slug="slug",
            name="name",
        ),
        "coverage": _rows(
            Territory.objects.filter(polecoverage__pole=OuterRef("pk")).order_by(
                "kind", "normalised_name", "code"
            ),
            kind="kind",
            code="code",
            name="name",
            slug="slug",
        ),
        "sources": _rows(
            PoleSource.objects.filter(pole=OuterRef("pk")).order_by("id"),
            url="url",
            seen_on="seen_on",
        ),
        "studies": _rows(
            Study.objects.filter(poles=OuterRef("pk")).order_by(
                F("year").desc(nulls_last=True), "title", "id"
            ),
            title="title",
            authors="authors",
            year="year",
            url="url",
        ),
        "figures": _public_figures(),
        "networks": _rows(
            Network.objects.filter(polenetwork__pole=OuterRef("pk")).order_by("name"),
            name="name",
            acronym="acronym",
        ),
        "projects": _projects(),
    }
    pole = (
        Pole.objects.filter(slug=slug)
        .select_related("seat", "legal_person", "reference_network", "index")
        .annotate(**{f"found_{name}": ArraySubquery(rows) for name, rows in subqueries.items()})
        .order_by()
        .first()
    )
    if pole is None:
        return None
    parts = Parts(**{name: getattr(pole, f"found_{name}") for name in subqueries})
    _read_dates(parts.sources, "seen_on")
    _read_dates(parts.projects, "begins_on", "ends_on")
    return pole, parts


def public_name(pole: Pole) -> str:
    """The name of an archived record; empty where the public has never seen its page."""
    versions: Any = Pole.pgh_event_model  # type: ignore[attr-defined]
    published = versions.objects.filter(pgh_obj_id=pole.pk, record_state=RecordState.PUBLISHED)
    return pole.name if published.exists() else ""


def _rows(rows: QuerySet, **fields: str) -> QuerySet:
    return rows.values_list(JSONObject(**fields))


def _public_figures() -> QuerySet:
    shown = {
        name: Case(When(**{f"{name}_public": True}, then=F(name)), default=None) for name in FIGURES
    }
    return (
        PoleFigures.objects.filter(pole=OuterRef("pk"))
        .order_by("-year")
        .values_list(JSONObject(year="year", source="source", **shown))
    )


def _projects() -> QuerySet:
    members = (
        PoleProject.members.through.objects.filter(poleproject=OuterRef("pk"))
        .order_by("organisation__normalised_name", "organisation_id")
        .values_list(
            JSONObject(
                name="organisation__name",
                slug="organisation__slug",
                publication_status="organisation__publication_status",
            )
        )
    )
    return (
        PoleProject.objects.filter(pole=OuterRef("pk"))
        .order_by(F("begins_on").desc(nulls_last=True), "title", "id")
        .values_list(
            JSONObject(
                title="title",
                description="description",
                pooled="pooled",
                begins_on="begins_on",
                ends_on="ends_on",
                state="state",
                members=ArraySubquery(members),
            )
        )
    )


def _read_dates(rows: Iterable[dict[str, Any]], *names: str) -> None:
    for row in rows:
        for name in names:
            row[name] = date.fromisoformat(row[name]) if row[name] else None


def today_address(slug: str) -> Pole | None:
    """The pole that had this address before."""
    former = PoleFormerSlug.objects.filter(slug=slug).select_related("pole").order_by().first()
    return former.pole if former is not None else None


def merged_into(pole: Pole) -> Pole | None:
    """The published record that stands for this one, if this one was found to be its double."""
    if pole.merged_into_id is None:
        return None
    return Pole.objects.published().filter(pk=pole.merged_into_id).first()
