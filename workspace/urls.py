from django.urls import URLPattern, path

from workspace.views import dashboard

app_name = "workspace"
urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
]
