"""Copies of the territory files to change or to damage, and an API that answers from memory."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from territories.sources import DEFAULT_SOURCE

FILES = ("regions.csv", "departements.csv", "epci.csv", "communes.csv", "former_communes.csv")
SMALL = {
    "regions.csv": "code,nom,zone,chef_lieu\n53,Bretagne,metro,35238\n",
    "departements.csv": "code,nom,region,chef_lieu\n35,Ille-et-Vilaine,53,35238\n",
    "epci.csv": "code,nom,type,population\n243500139,Rennes Métropole,METRO,467859\n",
    "communes.csv": (
        "code,nom,departement,region,epci,codes_postaux,population,latitude,longitude\n"
        "35238,Rennes,35,53,243500139,35000 35200,225081,48.11109,-1.67431\n"
        "35281,Saint-Jacques-de-la-Lande,35,53,243500139,35136,14162,48.06514,-1.69086\n"
        "35051,Cesson-Sévigné,35,53,243500139,35510,17783,,\n"
    ),
    "former_communes.csv": ("code,nom,type,commune\n35999,Saint-Jacques,commune-associee,35281\n"),
}


def real_copy(folder: Path) -> Path:
    for name in FILES:
        (folder / name).write_bytes((DEFAULT_SOURCE / name).read_bytes())
    return folder


def small_copy(folder: Path) -> Path:
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the test changed nothing"
    path.write_text(after, encoding="utf-8")


def api_commune(code: str, name: str, **fields: Any) -> dict[str, Any]:
    """A commune of Ille-et-Vilaine as the API Géo writes it."""
    return {
        "nom": name,
        "code": code,
        "codesPostaux": ["35000"],
        "population": 100,
        "codeDepartement": "35",
        "codeRegion": "53",
        "codeEpci": "243500139",
        "centre": {"type": "Point", "coordinates": [-1.6, 48.1]},
        **fields,
    }


@contextmanager
def serving(
    body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> Iterator[tuple[str, list[Any]]]:
    """The address of a server that always answers the same, and the requests that it received."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, dict(self.headers)))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def as_json(*communes: dict[str, Any]) -> bytes:
    return json.dumps(communes).encode()
