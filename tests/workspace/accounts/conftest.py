from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.workspace.accounts.proconnect_server import CLIENT, SECRET, ProConnect, running
from tests.workspace.accounts.proconnecting import PERSON


@pytest.fixture
def proconnect(settings: Any) -> Iterator[ProConnect]:
    """A running ProConnect, which the site is configured for, and a person who signs in there."""
    with running() as server:
        server.person = dict(PERSON)
        settings.PROCONNECT_URL = server.url
        settings.PROCONNECT_CLIENT_ID = CLIENT
        settings.PROCONNECT_CLIENT_SECRET = SECRET
        cache.clear()
        yield server
        cache.clear()
