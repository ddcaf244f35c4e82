"""Static files: those of XStatic packages, and the form in which all are published."""

import fcntl
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage
from xstatic.pkg import leaflet_markercluster

from ptce_registry.apps import StaticFilesConfig


class PublishedFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names only, with gzip and brotli; source maps are not published, nor looked for."""

    # Below, a compressed file fills the same network packet as the file itself: the design
    # system's 1,000 icons would take most of the time of a deployment for nothing.
    worth_compressing = 1400
    keep_only_hashed_files = True
    # A module names the modules that it imports: by their hashed names too.
    support_js_module_import_aggregation = True

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

    def find(self, path: str, find_all: bool = False) -> Any:
        name = path.removeprefix(f"{self.prefix}/")
        if name != path and self.storage.exists(name):
            found = self.storage.path(name)
            return [found] if find_all else found
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable:
        for name in self.storage.listdir("")[1]:
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage


def publish_static_files() -> bool:
    """``collectstatic`` into STATIC_ROOT, unless nothing changed since. Says whether it did."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        # Test runs and demonstrations of the same checkout share the folder.
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = root / "source-files.txt"
        wanted = _source_fingerprint()
        if mark.exists() and mark.read_text() == wanted:
            return False
        call_command("collectstatic", clear=True, interactive=False, verbosity=0)
        mark.write_text(wanted)
        return True


def _source_fingerprint() -> str:
    patterns = StaticFilesConfig.ignore_patterns
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for finder in get_finders():
        for name, storage in finder.list(patterns):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
