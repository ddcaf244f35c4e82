from django.urls import URLPattern, path

from directory.views import pages

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("comprendre/", pages.understand, name="understand"),
    path("article-9/", pages.article9, name="article9"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("plan-du-site/", pages.site_map, name="site-map"),
]
