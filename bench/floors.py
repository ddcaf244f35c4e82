"""The floors: what the same server and the same middleware take when nothing is computed.

``/banc/octets/poles/`` answers from memory the bytes that ``/poles/`` answers.
``/banc/rendu/poles/`` renders the template of ``/poles/`` with the context of ``/poles/``, kept in
memory; for data it writes the same JSON from the same values. A floor that asked the database for
anything would fail.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest import mock

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.test import Client

HEADERS = {"accept-encoding": "br", "x-forwarded-proto": "https"}
HOST = "127.0.0.1"


@dataclass(frozen=True)
class _Bytes:
    content: bytes
    content_type: str
    encoding: str


_kept_bytes: dict[str, _Bytes] = {}
_kept_renderings: dict[str, tuple[Callable[[HttpRequest], str], str]] = {}


def _ask(address: str, encoding: str = "br") -> HttpResponse:
    client = Client(SERVER_NAME=HOST, headers=HEADERS | {"accept-encoding": encoding})
    response = client.get(address)
    if response.status_code != 200:
        raise ValueError(f"{address} answers {response.status_code}")
    return response  # type: ignore[return-value]


def _refuse(execute: object, sql: str, *_: object) -> None:
    raise AssertionError(f"the floor is not fed from memory: {sql[:200]}")


def bytes_floor(request: HttpRequest, asked: str) -> HttpResponse:
    address = request.get_full_path()
    kept = _kept_bytes.get(address)
    if kept is None:
        response = _ask(address.removeprefix("/banc/octets"))
        kept = _kept_bytes[address] = _Bytes(
            response.content, response["Content-Type"], response["Content-Encoding"]
        )
    response = HttpResponse(kept.content, content_type=kept.content_type)
    response["Content-Encoding"] = kept.encoding
    return response


def render_floor(request: HttpRequest, asked: str) -> HttpResponse:
    address = request.get_full_path()
    if address not in _kept_renderings:
        _kept_renderings[address] = _rendering(address.removeprefix("/banc/rendu"))
    render, content_type = _kept_renderings[address]
    with connection.execute_wrapper(_refuse):
        return HttpResponse(render(request), content_type=content_type)


def _rendering(address: str) -> tuple[Callable[[HttpRequest], str], str]:
    """How to write the answer of ``address`` again from what its view had gathered."""
    seen: list[tuple[Template, Any, str]] = []
    original = Template.render

    def watched(self: Template, context: Any = None, request: Any = None) -> Any:
        rendered = original(self, context, request)
        seen.append((self, context, rendered))
        return rendered

    # An address of its own, or the page would come from where it is kept and render nothing.
    sign = "&" if "?" in address else "?"
    with mock.patch.object(Template, "render", watched):
        response = _ask(f"{address}{sign}banc=rendu", encoding="identity")
    written = response.content.decode()
    content_type = response["Content-Type"]
    for template, context, rendered in seen:
        if rendered == written:
            return partial(_render, template, context), content_type
    if "json" not in content_type:
        raise ValueError(f"{address} is neither one template nor JSON")
    values = json.loads(written)
    write = partial(json.dumps, values, ensure_ascii=False, separators=(",", ":"))
    assert write() == written, f"{address} is written in another way than its floor"
    return lambda request: write(), content_type


def _render(template: Template, context: dict[str, Any], request: HttpRequest) -> str:
    return template.render(context, request)
