"""Static files of XStatic packages, which Django's own finders do not know."""

from collections.abc import Iterable

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from xstatic.pkg import leaflet_markercluster


class XStaticFinder(BaseFinder):
    """Serves Leaflet.markercluster under ``markercluster/``."""

    prefix = "markercluster"

    def __init__(self, app_names: object = None, *args: object, **kwargs: object) -> None:
        self.storage = FileSystemStorage(location=leaflet_markercluster.BASE_DIR)
        self.storage.prefix = self.prefix  # type: ignore[attr-defined]

    def check(self, **kwargs: object) -> list:
        return []

    def find(self, path: str, find_all: bool = False) -> str | list[str]:
        name = path.removeprefix(f"{self.prefix}/")
        if name != path and self.storage.exists(name):
            found = self.storage.path(name)
            return [found] if find_all else found
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable:
        for name in self.storage.listdir("")[1]:
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage
