from django.urls import URLPattern, path

from directory.views import home, map_data, pages, poles, suggestions

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("carte/", poles.pole_map, name="map"),
    path("carte/poles.geojson", map_data.map_data, name="map-data"),
    path("poles/", poles.pole_list, name="pole-list"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("comprendre/", pages.understand, name="understand"),
    path("article-9/", pages.article9, name="article9"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("plan-du-site/", pages.site_map, name="site-map"),
]
