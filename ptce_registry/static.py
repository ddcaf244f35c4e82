"""Static files: those of XStatic packages, and the form in which all are published."""

from collections.abc import Iterable

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage
from xstatic.pkg import leaflet_markercluster


class PublishedFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names only, with gzip and brotli; source maps are not published, nor looked for."""

    # Below, a compressed file fills the same network packet as the file itself: the design
    # system's 1,000 icons would take most of the time of a deployment for nothing.
    worth_compressing = 1400
    keep_only_hashed_files = True

    patterns = tuple(
        (extension, tuple(p for p in patterns if "sourceMappingURL" not in str(p)))
        for extension, patterns in CompressedManifestStaticFilesStorage.patterns
    )

    def compress_files(self, paths: Iterable[str]) -> Iterable[tuple[str, str]]:
        return super().compress_files(p for p in paths if self.size(p) >= self.worth_compressing)


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
