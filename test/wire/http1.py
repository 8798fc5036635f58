"""HTTP/1.1 requests, parsed by h11, and what h11 forgives refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import h11

if TYPE_CHECKING:
    import socket

BLOCK = 256 * 1024
END_OF_HEAD = b"\r\n\r\n"

#: What h11 accepts in a head although RFC 9112 has a sender not write it. A client that lets a
#: header through with one of these has let its caller inject something.
FORGIVEN_BY_H11 = {
    "a bare CR or LF": re.compile(rb"\r(?!\n)|(?<!\r)\n"),
    "a control character": re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"),
    "a folded header": re.compile(rb"\r\n[ \t]"),
    "a second header that frames the body": re.compile(
        rb"(?:\r\n(?:content-length|transfer-encoding):.*){2}", re.IGNORECASE | re.DOTALL
    ),
}


class PeerLeftError(ConnectionError):
    """The peer closed the connection in the middle of a message."""


class Headers(Mapping[str, str]):
    """The headers of a message: names in any letter case, repeated ones joined by a comma.

    ``headers.pairs`` is the list of (name, value) as it was sent, and ``headers.get_all(name)``
    gives the value of each header of that name.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        """:param pairs: the names and values in the order in which they were sent."""
        self.pairs = pairs

    def get_all(self, name: str) -> list[str]:
        """Return the values of all headers of that name, in order; may be empty."""
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def __getitem__(self, name: str) -> str:
        values = self.get_all(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key.lower() for key, _ in self.pairs))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Headers({self.pairs!r})"


@dataclass(frozen=True)
class Head:
    """A request line and its headers."""

    method: str
    target: str
    version: str
    headers: Headers
    raw: bytes
    parser: h11.Connection = field(repr=False)

    @property
    def chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self.headers.get("transfer-encoding", "").lower() == "chunked"

    @property
    def closes(self) -> bool:
        """Whether the client wants the connection closed after the response."""
        wanted = self.headers.get("connection", "").lower()
        return wanted == "close" or (self.version == "1.0" and wanted != "keep-alive")


class Inbox:
    """Buffered reading from a socket: up to a mark, by the number of bytes, or as it comes."""

    def __init__(self, connection: socket.socket) -> None:
        """:param connection: the connected socket, which the caller closes."""
        self._connection = connection
        self._held = bytearray()

    def some(self, limit: int = BLOCK) -> bytes:
        """Return at least one byte and at most ``limit``; empty at the end of the stream."""
        if not self._held:
            return self._connection.recv(limit)
        taken = bytes(self._held[:limit])
        del self._held[:limit]
        return taken

    def exactly(self, size: int) -> bytes:
        """Return exactly ``size`` bytes.

        :raises PeerLeftError: the stream ended before.
        """
        while missing := max(0, size - len(self._held)):
            self._fill(missing, f"{missing} bytes never came")
        return self.some(size) if size else b""

    def held(self) -> bytes:
        """Return what has been received but not read, without waiting; may be empty."""
        return self.some(len(self._held)) if self._held else b""

    def put_back(self, data: bytes) -> None:
        """Return ``data`` to the front of the buffer."""
        self._held[:0] = data

    def until(self, mark: bytes) -> bytes:
        """Return everything up to the mark, with it; empty where the stream ends without a byte.

        :raises PeerLeftError: the stream ended before the mark.
        """
        if not self._held:
            self._held += self._connection.recv(BLOCK)
        while self._held and mark not in self._held:
            self._fill(BLOCK, f"{mark!r} never came")
        return self.some(self._held.find(mark) + len(mark)) if self._held else b""

    def _fill(self, limit: int, otherwise: str) -> None:
        more = self._connection.recv(limit)
        if not more:
            raise PeerLeftError(otherwise)
        self._held += more


def read_head(inbox: Inbox) -> Head | None:
    """Return the head of the next request, or None where the peer closed the connection first."""
    raw = inbox.until(END_OF_HEAD)
    return parse_head(raw) if raw else None


def parse_head(raw: bytes) -> Head:
    """Parse the bytes of a head.

    :raises h11.RemoteProtocolError: it is not as HTTP/1.1 wants it.
    """
    for what, pattern in FORGIVEN_BY_H11.items():
        if pattern.search(raw.removesuffix(END_OF_HEAD)):
            raise h11.RemoteProtocolError(f"{what} in {raw!r}")
    parser = h11.Connection(h11.SERVER)
    parser.receive_data(raw)
    request = parser.next_event()
    if not isinstance(request, h11.Request):
        raise h11.RemoteProtocolError(f"no request in {raw!r}")
    pairs = [
        (name.decode(), value.decode("latin-1")) for name, value in request.headers.raw_items()
    ]
    return Head(
        method=request.method.decode(),
        target=request.target.decode(),
        version=request.http_version.decode(),
        headers=Headers(pairs),
        raw=raw,
        parser=parser,
    )


def body_blocks(inbox: Inbox, head: Head) -> Iterator[bytes]:
    """Read the body of a request without its framing, in pieces as they come.

    :raises PeerLeftError: the stream ended before the body did.
    :raises h11.RemoteProtocolError: the framing is broken.
    """
    while not isinstance(event := head.parser.next_event(), h11.EndOfMessage):
        if isinstance(event, h11.Data):
            yield bytes(event.data)
        elif block := inbox.some():
            head.parser.receive_data(block)
        else:
            raise PeerLeftError("the body of the request broke off")
    inbox.put_back(head.parser.trailing_data[0])
