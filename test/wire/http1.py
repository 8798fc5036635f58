"""HTTP/1.1 as a server reads it: strictly, so that a malformed request never passes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

BLOCK = 256 * 1024
END_OF_LINE = b"\r\n"
END_OF_HEAD = b"\r\n\r\n"
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class MalformedRequestError(ValueError):
    """A request that breaks the rules of HTTP; a server shows it when it ends."""


class PeerLeftError(ConnectionError):
    """The peer ended the connection in the middle of something."""


class Headers(Mapping[str, str]):
    """The headers of a message: names in any letter case, repeated ones joined by a comma.

    ``headers.pairs`` is the list of (name, value) as it was sent, and ``headers.get_all(name)``
    gives the value of each header of that name.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        """:param pairs: the names and values in the order in which they were sent."""
        self.pairs = pairs

    def get_all(self, name: str) -> list[str]:
        """:return: the values of all headers of that name, in order; may be empty."""
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
    """The first part of a request: its line and its headers."""

    method: str
    target: str
    version: str
    headers: Headers
    raw: bytes

    @property
    def chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self.headers.get("transfer-encoding", "").lower() == "chunked"

    @property
    def closes(self) -> bool:
        """Whether the client wants the connection closed after the answer."""
        asked = self.headers.get("connection", "").lower()
        return asked == "close" or (self.version == "HTTP/1.0" and asked != "keep-alive")


class Inbox:
    """What a peer sends: read up to a mark, by the number of bytes, or as it comes."""

    def __init__(self, connection: socket.socket) -> None:
        """:param connection: the connected socket, which stays the caller's to close."""
        self._connection = connection
        self._held = bytearray()

    def some(self, limit: int = BLOCK) -> bytes:
        """:return: at least one byte and at most ``limit``; empty when the peer has ended."""
        if not self._held:
            return self._connection.recv(limit)
        taken = bytes(self._held[:limit])
        del self._held[:limit]
        return taken

    def blocks(self, size: int) -> Iterator[bytes]:
        """Read exactly ``size`` bytes, in pieces as they come.

        :raises PeerLeftError: there were fewer.
        """
        while size:
            block = self.some(min(size, BLOCK))
            if not block:
                raise PeerLeftError(f"{size} bytes of the request never came")
            size -= len(block)
            yield block

    def exactly(self, size: int) -> bytes:
        """:return: exactly ``size`` bytes."""
        return b"".join(self.blocks(size))

    def held(self) -> bytes:
        """:return: what has come already but was not read, without waiting; may be empty."""
        return self.some(len(self._held)) if self._held else b""

    def until(self, mark: bytes) -> bytes:
        """:return: all up to the mark, with it; empty when nothing came before the end."""
        searched = 0
        while (found := self._held.find(mark, searched)) < 0:
            searched = max(0, len(self._held) - len(mark) + 1)
            more = self._connection.recv(BLOCK)
            if not more and self._held:
                raise PeerLeftError(f"the request ended before {mark!r}")
            if not more:
                return b""
            self._held += more
        return self.some(found + len(mark))


def read_head(inbox: Inbox) -> Head | None:
    """:return: the head of the next request, or None if the peer ended the connection first."""
    raw = inbox.until(END_OF_HEAD)
    return parse_head(raw) if raw else None


def parse_head(raw: bytes) -> Head:
    """Take the bytes of a head apart.

    :raises MalformedRequestError: it is not as HTTP/1.1 wants it.
    """
    line, *fields = raw.removesuffix(END_OF_HEAD).decode("latin-1").split("\r\n")
    words = line.split(" ")
    if len(words) != 3 or not TOKEN.fullmatch(words[0]) or words[2][:7] != "HTTP/1.":
        raise MalformedRequestError(f"request line {line!r}")
    headers = Headers([_header(field) for field in fields])
    return Head(words[0], words[1], words[2], headers, raw)


def _header(field: str) -> tuple[str, str]:
    name, colon, value = field.partition(":")
    if not colon or not TOKEN.fullmatch(name) or CONTROL.search(value):
        raise MalformedRequestError(f"header line {field!r}")
    return name, value.strip(" \t")


def body_blocks(inbox: Inbox, head: Head) -> Iterator[bytes]:
    """Read the body of a request without its framing, in pieces as they come.

    :raises MalformedRequestError: the framing is contradictory or broken.
    """
    lengths = head.headers.get_all("content-length")
    if "transfer-encoding" in head.headers and (lengths or not head.chunked):
        raise MalformedRequestError(f"framing of the body: {head.headers!r}")
    if head.chunked:
        yield from _chunks(inbox)
    elif lengths:
        yield from inbox.blocks(_number(", ".join(lengths), 10))


def _chunks(inbox: Inbox) -> Iterator[bytes]:
    while size := _number(inbox.until(END_OF_LINE).decode("latin-1").strip(), 16):
        yield from inbox.blocks(size)
        _expect_end_of_line(inbox)
    _expect_end_of_line(inbox)


def _expect_end_of_line(inbox: Inbox) -> None:
    if (found := inbox.until(END_OF_LINE)) != END_OF_LINE:
        raise MalformedRequestError(f"{found[:80]!r} where a line should end")


def _number(text: str, base: int) -> int:
    if not text:
        raise PeerLeftError("the body never came")
    if not re.fullmatch("[0-9]+" if base == 10 else "[0-9A-Fa-f]+", text):
        raise MalformedRequestError(f"the length of the body is {text!r}")
    return int(text, base)
