"""A small HTTP client: one connection kept alive, nothing parsed but the length and the status.

The request is written beforehand and sent at once; the answer is read to its last byte. What the
client itself costs is the same for a page and for its floor, so it is kept as small as can be: a
costly client would hide what is measured.
"""

import re
import socket
import time
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name.lower().encode():
                return value.strip().decode()
        return ""


class Connection:
    """Requests one after the other on the same connection, as a browser behind a proxy would."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def get(self, address: str, *, encoding: str = "br", etag: str = "") -> Answer:
        return self._answer(self.request(address, encoding=encoding, etag=etag))

    def request(self, address: str, *, encoding: str = "br", etag: str = "") -> bytes:
        lines = [
            f"GET {address} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Accept-Encoding: {encoding}",
            "X-Forwarded-Proto: https",
        ]
        if etag:
            lines.append(f"If-None-Match: {etag}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def seconds(self, requests: list[bytes], expected: int = 200) -> float:
        """The time that all the requests take, each answered before the next is sent."""
        self._open()
        begun = time.perf_counter()
        for request in requests:
            status = self._answer(request).status
            if status != expected:
                raise AssertionError(f"{status} instead of {expected}: {request[:120]!r}")
        return time.perf_counter() - begun

    def _open(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _answer(self, request: bytes) -> Answer:
        for last in (False, True):
            try:
                return self._exchange(request)
            except ConnectionError:
                # The server closes a connection that stayed idle; the next one is a new one.
                self.close()
                if last:
                    raise
        raise AssertionError

    def _exchange(self, request: bytes) -> Answer:
        connection = self._open()
        connection.sendall(request)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._receive(connection)
        head, body = received[:end], bytearray(received[end + 4 :])
        status = int(head[9:12])
        length = _LENGTH.search(head)
        if length is None and status != 304:
            raise AssertionError(f"an answer without its length: {head!r}")
        wanted = int(length[1]) if length and status != 304 else 0
        while len(body) < wanted:
            body += self._receive(connection)
        return Answer(status, head, bytes(body))

    @staticmethod
    def _receive(connection: socket.socket) -> bytes:
        part = connection.recv(262_144)
        if not part:
            raise ConnectionError("closed")
        return part
