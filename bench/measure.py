"""Times of pages and of their floors, taken in turn so that what disturbs one disturbs all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from statistics import median

from bench.client import Connection

ROUNDS = 7
_BLOCK_SECONDS = 0.08
_MOST_REQUESTS = 60

KINDS = ("fresh", "render", "again", "bytes", "conditional")
_number = count(1)


@dataclass
class Timings:
    """For one page at one size: seconds a request, one value a round, for each kind."""

    rounds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def seconds(self, kind: str) -> float:
        return median(self.rounds[kind])

    def ratio(self, kind: str, to: str) -> float:
        """How many times ``to`` it takes: the middle of the rounds, each with its own floor."""
        pairs = zip(self.rounds[kind], self.rounds[to], strict=True)
        return median(one / other for one, other in pairs)


class PageAtSize:
    """One page of one site, as measured: its address, its requests, its sizes."""

    def __init__(self, connection: Connection, address: str) -> None:
        self.connection, self.address = connection, address
        self.timings = Timings()
        answer = connection.get(address)
        self.status = answer.status
        self.wire_bytes = len(answer.body)
        if answer.status != 200:
            return
        self.plain_bytes = len(connection.get(address, encoding="identity").body)
        self.requests: dict[str, Callable[[int], list[bytes]]] = {
            "fresh": self._fresh,
            "render": self._same(f"/banc/rendu{address}"),
            "again": self._same(address),
            "bytes": self._same(f"/banc/octets{address}"),
            "conditional": self._same(address, etag=answer.header("etag")),
        }
        self._lengths = {kind: self._length(kind) for kind in KINDS}

    def round(self, backwards: bool) -> None:
        for kind in KINDS[::-1] if backwards else KINDS:
            self.timings.rounds[kind].append(self._seconds(kind, self._lengths[kind]))

    def _fresh(self, times: int) -> list[bytes]:
        """A parameter that no filter knows, and a new value each time: nothing is kept for it."""
        sign = "&" if "?" in self.address else "?"
        addresses = [f"{self.address}{sign}banc={next(_number)}" for _ in range(times)]
        return [self.connection.request(address) for address in addresses]

    def _same(self, address: str, etag: str = "") -> Callable[[int], list[bytes]]:
        request = self.connection.request(address, etag=etag)
        return lambda times: [request] * times

    def _length(self, kind: str) -> int:
        """How many requests fill a block; the first ones also warm what is kept."""
        self._seconds(kind, 2)
        once = self._seconds(kind, 2)
        return max(2, min(_MOST_REQUESTS, round(_BLOCK_SECONDS / once)))

    def _seconds(self, kind: str, times: int) -> float:
        requests = self.requests[kind](times)
        expected = 304 if kind == "conditional" else 200
        return self.connection.seconds(requests, expected) / times


def measure(pages: dict[int, PageAtSize], rounds: int = ROUNDS) -> None:
    """All the sizes of a page in each round."""
    for number in range(rounds):
        for page in pages.values():
            page.round(backwards=bool(number % 2))
