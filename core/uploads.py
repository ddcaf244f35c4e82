"""How much of a file that is sent is taken in, before anything looks at it."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class SizeLimitHandler(FileUploadHandler):
    """Stops keeping a file that passes ``settings.UPLOAD_MAX_BYTES``; the rest is read and dropped.

    The form then finds no file, and `too_big` says why.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > settings.UPLOAD_MAX_BYTES:
            if self.request is not None:
                self.request._upload_too_big = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """The handlers after this one make the file."""
        return


def too_big(request: HttpRequest) -> bool:
    return getattr(request, "_upload_too_big", False)
