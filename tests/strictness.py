"""What production forgives and tests do not: networks, unknown variables, order by chance."""

import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.contrib.staticfiles.utils import matches_patterns
from django.db.models import QuerySet
from django.template.base import FilterExpression, Parser
from django.template.defaulttags import ForNode

from ptce_registry.apps import StaticFilesConfig


class UnknownVariableError(AssertionError):
    """One of our templates reads a variable that its page does not give."""


class UnknownVariable(str):
    """Django's ``string_if_invalid``: it raises in our templates, and is empty in others."""

    __slots__ = ()

    def __bool__(self) -> bool:
        expression = sys._getframe(1).f_locals.get("self")
        origin = getattr(expression, "origin", None)
        if origin and Path(origin.name).is_relative_to(settings.BASE_DIR / "templates"):
            raise UnknownVariableError(f"{origin.template_name}: {expression.token}")  # type: ignore[union-attr]
        return False


_make_expression = FilterExpression.__init__
_make_loop = ForNode.__init__


def _remember_origin(self: FilterExpression, token: str, parser: Parser) -> None:
    self.origin = parser.origin  # type: ignore[attr-defined]
    _make_expression(self, token, parser)


class _KnownSequence:
    """Django loops over an unknown variable as over an empty list; this one is not silent."""

    def __init__(self, expression: FilterExpression) -> None:
        self.expression = expression

    def resolve(self, context: Any, ignore_failures: bool = False) -> object:
        return self.expression.resolve(context)

    def __getattr__(self, name: str) -> object:
        return getattr(self.expression, name)


def _loop_over_known(self: ForNode, loopvars: Any, sequence: Any, *rest: Any, **more: Any) -> None:
    _make_loop(self, loopvars, _KnownSequence(sequence), *rest, **more)  # type: ignore[arg-type]


FilterExpression.__init__ = _remember_origin  # type: ignore[method-assign]
ForNode.__init__ = _loop_over_known  # type: ignore[method-assign,assignment]


class ExistingFilesStorage(StaticFilesStorage):
    """Plain names, but only of files that exist and are published."""

    def url(self, name: str | None) -> str:
        if not name or not finders.find(name):
            raise AssertionError(f"{name}: no such static file")
        if matches_patterns(name, StaticFilesConfig.ignore_patterns):
            raise AssertionError(f"{name}: this static file is not published")
        return super().url(name)


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
