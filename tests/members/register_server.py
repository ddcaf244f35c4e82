"""A small local server that speaks as the API Recherche d’entreprises does, errors included."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Register:
    """The units that it knows by SIREN; ``replies`` are given first, one a request."""

    url: str = ""
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    def add(self, siren: str, **values: Any) -> None:
        self.units[siren] = unit(siren, **values)

    def found(self, q: str) -> list[dict[str, Any]]:
        if q.isdecimal() and len(q) in {9, 14}:
            return [each for siren, each in self.units.items() if siren == q[:9]]
        return [each for each in self.units.values() if q.lower() in each["nom_complet"].lower()]


def unit(siren: str, **values: Any) -> dict[str, Any]:
    """A result, as the documentation shows one; ``complements`` are merged."""
    complements = {
        "est_ess": False,
        "est_association": False,
        "est_organisme_formation": False,
        "est_qualiopi": False,
        "est_administration": False,
        "identifiant_association": None,
        "liste_id_organisme_formation": None,
        "collectivite_territoriale": None,
    } | values.pop("complements", {})
    return {
        "siren": siren,
        "nom_complet": f"UNITE {siren}",
        "nom_raison_sociale": f"UNITE {siren}",
        "sigle": None,
        "nature_juridique": "9220",
        "etat_administratif": "A",
        "date_creation": "2001-01-01",
        "date_fermeture": None,
        "statut_diffusion": "O",
        "siege": {"siret": f"{siren}00019", "commune": "38185", "latitude": "45.18"},
        "complements": complements,
        "matching_etablissements": [],
    } | values


def status(code: int, body: Any = None, **headers: str) -> Reply:
    content = json.dumps(body if body is not None else {"erreur": "x"}).encode()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def raw(content: bytes, code: int = 200) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def silence(seconds: float) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return reply


def dribble(seconds: float) -> Reply:
    """A byte now and then: never late enough for a limit on each read."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        ends = time.monotonic() + seconds
        try:
            while time.monotonic() < ends:
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    return reply


def endless_header(seconds: float) -> Reply:
    """The same before the answer itself begins."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        ends = time.monotonic() + seconds
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while time.monotonic() < ends:
                handler.wfile.write(b"a")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    return reply


def cut(handler: BaseHTTPRequestHandler) -> None:
    """The connection falls before the answer."""
    handler.connection.close()


@contextmanager
def running() -> Iterator[Register]:
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {
                name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            register.asked.append(asked)
            register.agents.append(self.headers.get("User-Agent", ""))
            register.at.append(time.monotonic())
            if register.replies:
                register.replies.pop(0)(self)
                return
            results = register.found(asked.get("q", ""))
            most = int(asked.get("per_page", 10))
            status(
                200,
                {
                    "results": results[:most],
                    "total_results": len(results),
                    "page": 1,
                    "per_page": most,
                    "total_pages": 1,
                },
            )(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    register.url = f"http://127.0.0.1:{server.server_port}/search"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield register
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
