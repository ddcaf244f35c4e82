"""Every address of the site, the rows of the table that speak of it, and what it answers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from tests.breaking import undone
from tests.permissions.world import AUDITOR, PERSONS, World

_OPEN, _SIGN_IN, _REFUSED, _NOT_FOUND, _METHOD, _INPUT = "osrnmi"
_BY_STATUS = {400: _INPUT, 403: _REFUSED, 404: _NOT_FOUND, 405: _METHOD, 410: _NOT_FOUND}
# Pages of the admin that an auditor does not open; nor does one take tables away.
_WRITES = ("_add", "_delete", "_import", "_export")
_ADMIN_PAGE = re.compile(r"admin:([a-z_]+?)_([a-z]+)_(?:change|delete|history)")


@dataclass(frozen=True)
class Row:
    """What an address answers, a letter for each of `PERSONS`; see the head of the table.

    ``name``: of an address (`workspace:pole`), of a family (`admin:*_add`), or its route where it
    has no name. ``arguments``: of the address, as `World.value` reads them. Several rows of one
    name are about several records. ``auditor``: the two letters of the auditor, where they are not
    those that follow from the others.
    """

    name: str
    get: str
    post: str
    arguments: dict[str, object] = field(default_factory=dict)
    auditor: str = ""

    def __post_init__(self) -> None:
        for letters in (self.get, self.post):
            assert re.fullmatch(rf"[osrnmi]{{{len(PERSONS) - 1}}}", letters), self

    def letters(self, method: str, name: str) -> str:
        """Those of everybody at the address of that name, for `get` or `post`."""
        said = self.get if method == "get" else self.post
        given = (
            self.auditor[method == "post"] if self.auditor else self._of_auditor(method, name, said)
        )
        return said[:AUDITOR] + given + said[AUDITOR:]

    @staticmethod
    def _of_auditor(method: str, name: str, said: str) -> str:
        """In the admin, all that an administrator sees; in the workspace nothing; else anyone's."""
        area = re.split(r"[:/]", name)[0]
        if area == "admin":
            writes = method == "post" or name.endswith(_WRITES)
            return _REFUSED if writes else said[-1]
        if area == "workspace":
            return _METHOD if said[0] == _METHOD else _REFUSED
        return said[3]

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.arguments.items())
        return f"{self.name}({said})" if said else self.name


@dataclass(frozen=True)
class Address:
    name: str
    route: str

    @property
    def area(self) -> str:
        """What is walked together."""
        first, _, rest = self.route.partition("/")
        if first == "admin":
            model = re.match(r"(\w+)/(\w+)/", rest)
            return f"admin/{model[1]}/{model[2]}" if model else "admin"
        return first if first in {"compte", "espace"} else "public"


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_walk(get_resolver().url_patterns, (), ""))


def _walk(patterns: Iterable[Any], namespaces: tuple[str, ...], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            more = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern.url_patterns, namespaces + more, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield Address(":".join([*namespaces, pattern.name]) if pattern.name else route, route)


def rows_of(address: Address, table: Iterable[Row]) -> list[Row]:
    """Those that name it; else the first family that it is of."""
    table = list(table)
    named = [row for row in table if row.name == address.name]
    return named or [row for row in table if fnmatchcase(address.name, row.name)][:1]


def path_of(address: Address, row: Row, world: World) -> str:
    values = {name: world.value(said) for name, said in row.arguments.items()}
    model = _ADMIN_PAGE.fullmatch(address.name)
    if model and "<path:object_id>" in address.route and "object_id" not in values:
        values["object_id"] = world.record_of(apps.get_model(model[1], model[2])).pk

    def fill(found: re.Match) -> str:
        name = found[1] or found[2]
        assert name in values, f"{row}: no value of « {name} » for {address.route}"
        return str(values[name])

    path = re.sub(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", fill, address.route)
    return "/" + path.replace("^", "").replace("$", "")


def answered(world: World, person: int, method: str, path: str) -> str:
    """The letter of what the person is answered; nothing of it remains."""
    client = world.client(person)
    with undone():
        response = getattr(client, method)(path)
        if response.status_code == 302 and response["Location"].startswith("/admin/login/"):
            response = client.get(response["Location"])
        return _letter(response)


def _letter(response: HttpResponse) -> str:
    if response.status_code in (301, 302):
        return _SIGN_IN if response["Location"].startswith("/compte/connexion/") else _OPEN
    if response.status_code == 429:
        return _REFUSED
    return _BY_STATUS.get(response.status_code, _OPEN if response.status_code < 400 else "?")
