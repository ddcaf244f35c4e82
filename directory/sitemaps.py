"""The public pages, as search engines want them listed."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from calls.models import Call
from directory.content.navigation import ENTRIES
from members.models import Organisation
from poles.models import Pole, RecordState
from territories.models import Territory, TerritoryKind


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        return [
            *(entry.name for entry in ENTRIES),
            "commune-search",
            "accessibility",
            "legal",
            "personal-data",
            "site-map",
        ]

    def location(self, item: str) -> str:
        return reverse(f"directory:{item}")


class PoleSitemap(Sitemap):
    def items(self) -> QuerySet[Pole]:
        return Pole.objects.published().only("slug").order_by("pk")


class MemberSitemap(Sitemap):
    def items(self) -> QuerySet[Organisation]:
        published = Organisation.objects.filter(
            memberships__pole__record_state=RecordState.PUBLISHED
        )
        return (
            Organisation.objects.shown()
            .filter(pk__in=published.values("pk"))
            .only("slug")
            .order_by("pk")
        )


class TerritorySitemap(Sitemap):
    def items(self) -> QuerySet[Territory]:
        return (
            Territory.objects.current()
            .filter(kind__in=[TerritoryKind.REGION, TerritoryKind.DEPARTEMENT])
            .only("kind", "code", "slug")
            .order_by("kind", "code")
        )


class CallSitemap(Sitemap):
    def items(self) -> QuerySet[Call]:
        return Call.objects.told().only("code").order_by("code")


SITEMAPS = {
    "pages": PageSitemap,
    "poles": PoleSitemap,
    "membres": MemberSitemap,
    "territoires": TerritorySitemap,
    "appels": CallSitemap,
}
