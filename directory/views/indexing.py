"""What search engines read. Addresses come from the settings, not from what the browser asked for:
the answers are kept, and the next reader may have come by another name of the host."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps.views import SitemapIndexItem
from django.contrib.sites.requests import RequestSite
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalogue.public import public_page
from directory.sitemaps import SITEMAPS


class _PublicSite(RequestSite):
    def __init__(self) -> None:
        self.domain = self.name = urlsplit(settings.SITE_URL).netloc


def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /espace/",
        "Disallow: /compte/",
        # One page for each choice of filters: without end, and of nothing new.
        "Disallow: /carte/?",
        "Disallow: /poles/?",
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    items = []
    for section, sitemap in SITEMAPS.items():
        address = f"{settings.SITE_URL}{reverse('sitemap-section', args=[section])}"
        items.append(SitemapIndexItem(location=address, last_mod=None))
        items += [
            SitemapIndexItem(location=f"{address}?p={number}", last_mod=None)
            for number in range(2, sitemap().paginator.num_pages + 1)
        ]
    return render(request, "sitemap_index.xml", {"sitemaps": items}, content_type="application/xml")


@public_page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    if section not in SITEMAPS:
        raise Http404
    try:
        urls = SITEMAPS[section]().get_urls(
            page=request.GET.get("p", 1),
            site=_PublicSite(),
            protocol=urlsplit(settings.SITE_URL).scheme,
        )
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    return render(request, "sitemap.xml", {"urlset": urls}, content_type="application/xml")
