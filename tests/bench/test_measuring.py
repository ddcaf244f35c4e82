"""The client reads answers whole; a bar is held or missed on the right side."""

import socket
import threading
from types import SimpleNamespace

import pytest

from bench.bars import LARGE, SMALL, Bar, Measured
from bench.client import Connection
from bench.measure import Timings
from bench.pages import Page

ANSWERS = {
    b"/": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: W/1\r\n\r\nhello",
    b"/vide": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    b"/casse": b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
    b"/long": b"HTTP/1.1 200 OK\r\ncontent-length: 600000\r\n\r\n" + b"x" * 600_000,
}


@pytest.fixture
def connection() -> Connection:
    """To a server that answers each address on one connection, and closes it after three."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            accepted, _ = listening.accept()
            with accepted:
                for _ in range(3):
                    received = accepted.recv(65_536)
                    if not received:
                        break
                    accepted.sendall(ANSWERS[received.split(b" ")[1]])

    threading.Thread(target=serve, daemon=True).start()
    return Connection(listening.getsockname()[1])


def test_an_answer_is_read_to_its_last_byte(connection: Connection) -> None:
    assert len(connection.get("/long").body) == 600_000
    answer = connection.get("/")
    assert (answer.status, answer.body, answer.header("etag")) == (200, b"hello", "W/1")
    assert connection.get("/vide").status == 304


def test_a_connection_that_was_closed_is_opened_again(connection: Connection) -> None:
    for _ in range(8):
        assert connection.get("/").body == b"hello"


def test_an_error_is_never_timed(connection: Connection) -> None:
    with pytest.raises(AssertionError, match="500 instead of 200"):
        connection.seconds([connection.request("/casse")])
    with pytest.raises(AssertionError, match="200 instead of 304"):
        connection.seconds([connection.request("/")], expected=304)


@pytest.mark.parametrize(
    ("figure", "at_least", "passed"),
    [(0.9, True, True), (0.89, True, False), (0.9, False, True), (0.91, False, False)],
)
def test_a_bar_has_two_sides(figure: float, at_least: bool, passed: bool) -> None:
    assert Bar("débit", figure, 0.9, at_least=at_least).passed is passed


def test_a_ratio_compares_each_round_with_its_own_floor() -> None:
    timings = Timings()
    timings.rounds["fresh"] = [2.0, 20.0, 4.0]
    timings.rounds["render"] = [1.0, 10.0, 1.0]
    assert timings.ratio("fresh", "render") == 2.0
    assert timings.seconds("fresh") == 4.0


def test_growth_is_told_as_it_is_and_at_one_length() -> None:
    def at(fresh: float, render: float) -> SimpleNamespace:
        timings = Timings()
        timings.rounds |= {"fresh": [fresh], "render": [render]}
        return SimpleNamespace(timings=timings)

    page = Page("list", "Liste", "/poles/", facets=True)
    facets = {SMALL: 1.0, LARGE: 2.0}
    longer = Measured(page, {SMALL: at(11.0, 4.0), LARGE: at(22.0, 14.0)}, {}, facets)  # type: ignore[dict-item]
    assert (longer.growth, longer.growth_at_one_length) == (2.0, 1.0)
    # A floor that chance made shorter excuses nothing.
    alike = Measured(page, {SMALL: at(11.0, 4.0), LARGE: at(22.0, 3.0)}, {}, facets)  # type: ignore[dict-item]
    assert alike.growth_at_one_length == alike.growth == 2.0
