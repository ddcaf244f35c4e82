from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from directory.views import indexing
from ptce_registry import health, mails

urlpatterns = [
    # First, because what everyone reads should not wait for the addresses of a few.
    path("", include("directory.urls")),
    path("admin/", admin.site.urls),
    path("sante/", health.health, name="health"),
    path("sante/vivant/", health.alive, name="alive"),
    path("robots.txt", indexing.robots, name="robots"),
    path("sitemap.xml", indexing.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", indexing.sitemap_section, name="sitemap-section"),
    path("compte/", include("workspace.accounts.urls")),
    path("espace/", include("workspace.urls")),
]
if settings.DEVELOPMENT:
    urlpatterns += [
        path("courriels/", mails.sent_mails, name="mails"),
    ]
handler400 = "ptce_registry.errors.bad_request"
handler403 = "ptce_registry.errors.forbidden"
handler404 = "ptce_registry.errors.not_found"
handler500 = "ptce_registry.errors.server_error"
handler429 = "ptce_registry.errors.too_many"
