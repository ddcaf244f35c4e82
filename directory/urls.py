from django.urls import URLPattern, path

from directory.views import (
    alerts,
    calls,
    commune,
    departement,
    home,
    map_data,
    member,
    pages,
    pole,
    poles,
    region,
    suggestions,
)

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("carte/", poles.pole_map, name="map"),
    path("carte/poles.geojson", map_data.map_data, name="map-data"),
    path("poles/", poles.pole_list, name="pole-list"),
    path("poles/<slug:slug>/", pole.pole, name="pole"),
    path("membres/<slug:slug>/", member.member, name="member"),
    path("regions/", region.region_list, name="region-list"),
    path("regions/<slug:slug>/", region.region, name="region"),
    path("departements/<str:code>/", departement.departement, name="departement"),
    path("communes/", commune.commune_search, name="commune-search"),
    path("communes/<str:code>/", commune.commune, name="commune"),
    path("appels-a-projets/", calls.call_list, name="call-list"),
    path("appels-a-projets/<slug:code>/", calls.call, name="call"),
    path("alertes/", alerts.alert, name="alert"),
    path("alertes/demandee/", alerts.alert_asked, name="alert-asked"),
    path("alertes/confirmer/<str:token>/", alerts.alert_confirm, name="alert-confirm"),
    path("alertes/arreter/<str:token>/", alerts.alert_leave, name="alert-leave"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("comprendre/", pages.understand, name="understand"),
    path("article-9/", pages.article9, name="article9"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("plan-du-site/", pages.site_map, name="site-map"),
]
