"""What production forgives and tests do not: the network, and an order that comes by chance."""

import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import QuerySet

_fetch_all = QuerySet._fetch_all


def _fetch_all_shuffled(self: QuerySet) -> None:
    """What no one ordered comes in any order: PostgreSQL promises nothing else."""
    fresh = self._result_cache is None
    query = self.query
    plain = not (query.combinator or query.distinct or query.group_by is not None)
    if fresh and not self.ordered and query.is_sliced and plain:
        query.add_ordering("?")
        _fetch_all(self)
        query.clear_ordering(force=True)
    else:
        _fetch_all(self)
    if fresh and not self.ordered and isinstance(self._result_cache, list):
        random.shuffle(self._result_cache)


@pytest.fixture(autouse=True)
def _shuffled_querysets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "_fetch_all", _fetch_all_shuffled)


class NetworkUsedError(AssertionError):
    """A test tried to leave the machine."""


_connect = socket.socket.connect


def _connect_near(self: socket.socket, address: Any) -> None:
    near = self.family == socket.AF_UNIX or address[0] in {"127.0.0.1", "::1", "localhost"}
    if not near:
        raise NetworkUsedError(f"no network in tests: {address}")
    _connect(self, address)


def _resolve_nothing(host: Any, *rest: Any, **more: Any) -> Any:
    if host not in {None, "", "127.0.0.1", "::1", "localhost", b"localhost", b"127.0.0.1"}:
        raise NetworkUsedError(f"no network in tests: {host}")
    return _getaddrinfo(host, *rest, **more)


_getaddrinfo = socket.getaddrinfo


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect_near)
        patch.setattr(socket, "getaddrinfo", _resolve_nothing)
        yield
