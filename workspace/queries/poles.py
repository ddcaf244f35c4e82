"""Reading the poles that the workspace shows and edits."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from poles.models import (
    Membership,
    MembershipRole,
    Pole,
    PoleCoverage,
    PoleFigures,
    PoleProject,
    PoleQuerySet,
    PoleSource,
    PoleTheme,
)


def kept_poles() -> PoleQuerySet:
    """Poles with what tells who keeps them: two statements more."""
    return Pole.objects.select_related("seat", "reference_network").prefetch_related(
        "networks", "coverage"
    )


def with_overview(poles: PoleQuerySet) -> PoleQuerySet:
    """Annotates what a summary of the record tells of its collections, in the same statement."""
    lead = Membership.objects.filter(
        pole=OuterRef("pk"), role=MembershipRole.LEAD, ends_on=None
    ).order_by("pk")
    return poles.select_related("legal_person").annotate(
        theme_names=ArraySubquery(_names(PoleTheme, "theme__name")),
        coverage_names=ArraySubquery(_names(PoleCoverage, "territory__name")),
        lead_name=Subquery(lead.values("organisation__name")[:1]),
        members_count=_count(Membership, "organisation", ends_on=None),
        projects_count=_count(PoleProject, "pk"),
        sources_count=_count(PoleSource, "pk"),
        years=ArraySubquery(
            PoleFigures.objects.filter(pole=OuterRef("pk")).order_by("-year").values("year")
        ),
    )


def _names(model, path):  # type: ignore[no-untyped-def]
    return model.objects.filter(pole=OuterRef("pk")).order_by(path).values(path)


def _count(model, what, **only):  # type: ignore[no-untyped-def]
    counted = (
        model.objects.filter(Q(**only), pole=OuterRef("pk"))
        .order_by()
        .values("pole")
        .values(n=Count(F(what), distinct=True))
    )
    return Coalesce(Subquery(counted), 0)
