from django.urls import URLPattern, path

from workspace import converters  # noqa: F401
from workspace.views import dashboard, record, section

app_name = "workspace"
urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("poles/<int:pk>/", record.record, name="pole"),
    path("poles/<int:pk>/<section:slug>/", section.section, name="section"),
]
