from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from directory.sitemaps import SITEMAPS
from directory.views.pages import robots
from ptce_registry import health, mails

urlpatterns = [
    path("admin/", admin.site.urls),
    path("sante/", health.health, name="health"),
    path("sante/vivant/", health.alive, name="alive"),
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"},
        name="sitemap",
    ),
    path(
        "sitemap-<section>.xml",
        sitemap_views.sitemap,
        {"sitemaps": SITEMAPS},
        name="sitemap-section",
    ),
    path("", include("directory.urls")),
]
if settings.DEVELOPMENT:
    urlpatterns += [
        path("courriels/", mails.sent_mails, name="mails"),
    ]
handler400 = "ptce_registry.errors.bad_request"
handler403 = "ptce_registry.errors.forbidden"
handler404 = "ptce_registry.errors.not_found"
handler500 = "ptce_registry.errors.server_error"
