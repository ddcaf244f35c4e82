"""A file between its preview and its import: in the database, for every process to find it."""

import secrets
import zlib
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from import_export.tmp_storages import BaseStorage

from core.models import WaitingFile

KEPT = timedelta(hours=2)


class WaitingStorage(BaseStorage):
    """``whose``: the number of the account, the only one that finds its file again.

    One file an account: the next takes its place.
    """

    def __init__(self, *, whose: int, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.whose = whose

    def save(self, data: bytes, file_name: str = "") -> None:
        self.name = secrets.token_urlsafe(24)
        now = timezone.now()
        WaitingFile.objects.filter(Q(account=self.whose) | Q(sent_at__lt=now - KEPT)).delete()
        WaitingFile.objects.create(
            token=self.name,
            account=self.whose,
            file_name=file_name[-200:],
            content=zlib.compress(data, 1),
            sent_at=now,
        )

    def read(self) -> tuple[str, bytes] | None:
        """Its name and content; None once it is forgotten."""
        recent = timezone.now() - KEPT
        kept = WaitingFile.objects.filter(
            token=self.name or "", account=self.whose, sent_at__gte=recent
        ).first()
        return None if kept is None else (kept.file_name, zlib.decompress(kept.content))

    def remove(self) -> None:
        WaitingFile.objects.filter(token=self.name or "", account=self.whose).delete()


def forget_waiting_files() -> int:
    """Deletes the files that nobody imported; how many."""
    return WaitingFile.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]
