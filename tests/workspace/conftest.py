from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.members.register_server import Register, running


@pytest.fixture
def server(settings: Any) -> Iterator[Register]:
    cache.clear()
    with running() as register:
        settings.REGISTER_URL = register.url
        # Never met by an answer of this server, however busy the machine is.
        settings.REGISTER_TIMEOUT_SECONDS = 10
        settings.REGISTER_REQUESTS_A_SECOND = 1000
        yield register
    cache.clear()
