"""A small local server that speaks as the Géoplateforme's geocoder does, errors included."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Geocoder:
    """The features that it knows; ``replies`` are given first, one a request."""

    url: str = ""
    features: list[dict[str, Any]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    def add(self, label: str, **values: Any) -> None:
        self.features.append(feature(label, **values))


def feature(
    label: str, lat: float = 47.65836, lon: float = -2.75944, score: float = 0.95, **values: Any
) -> dict[str, Any]:
    """A result, as the documentation shows one; ``values`` are properties."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "label": label,
            "score": score,
            "type": "housenumber",
            "id": "56260_0001",
            "name": label,
            "postcode": "56000",
            "citycode": "56260",
            "city": "Vannes",
            "context": "56, Morbihan, Bretagne",
        }
        | values,
    }


@contextmanager
def running() -> Iterator[Geocoder]:
    geocoder = Geocoder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            geocoder.asked.append((address.path.rpartition("/")[2], asked))
            geocoder.agents.append(self.headers.get("User-Agent", ""))
            if geocoder.replies:
                geocoder.replies.pop(0)(self)
                return
            words = asked.get("q", "").lower()
            found = [
                each for each in geocoder.features if words in each["properties"]["label"].lower()
            ]
            body = {"type": "FeatureCollection", "features": found[: int(asked.get("limit", 5))]}
            content = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    geocoder.url = f"http://127.0.0.1:{server.server_port}/geocodage"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield geocoder
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
