"""A header in one piece: a request's as it leaves, an answer's as it arrives.

http.client writes, checks, parses and keeps header by header, whatever they are like. That is a
third of what a small call costs, so what is plain goes a shorter way; all else goes http.client's.
"""

from __future__ import annotations

import re
from http.client import CONTINUE, SWITCHING_PROTOCOLS, HTTPMessage, HTTPResponse
from typing import TYPE_CHECKING, Any, cast

from urllib3.util.request import SKIP_HEADER

from openapiopenai.request_headers import NAME, VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Up to this size, in bytes, the start of a body is sent together with the header.
_WORTH_JOINING = 64 * 1024

#: What may be sent: lines of a name and a value.
_SENDABLE = re.compile(rf"(?:{NAME}: {VALUE}\r\n)*")

#: What is read in one piece: an answer that has a body, in ASCII, with nothing empty or folded.
_PLAIN = re.compile(
    rf"HTTP/1\.1 (?!204|304)([2-5]\d\d) ([ -~]*)\r\n((?:{NAME}: [!-~][ -~]*\r\n)+)\r\n"
)
_FIELD = re.compile(r"([^:]+): (.*)\r\n")

#: The names, in lower case, that say where an answer ends.
_FRAMING = ("connection", "content-length", "transfer-encoding")

#: A number of bytes; what has more digits is none.
_LENGTH = re.compile(r"\d{1,18}")


class FramedConnection:
    """What makes a connection of urllib3 send its header in one piece, joined with a small body."""

    sock: Any
    connect: Callable[[], None]

    _lines: list[str]
    _header = b""
    _ends_header = False

    def putrequest(self, *args: Any, **kwargs: Any) -> None:
        """Begin a header."""
        self._lines = []
        super().putrequest(*args, **kwargs)  # type: ignore[misc]

    def putheader(self, header: str | bytes, *values: Any) -> None:
        """Note a line of the header."""
        value = values[0] if len(values) == 1 else None
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if isinstance(header, str) and isinstance(value, str) and value != SKIP_HEADER:
            self._lines.append(f"{header}: {value}\r\n")
        else:
            super().putheader(header, *values)  # type: ignore[misc]

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        """End the header, and hold it until the body begins, so that one system call sends both."""
        self._ends_header = True
        try:
            super().endheaders(*args, **kwargs)  # type: ignore[misc]
        finally:
            self._ends_header = False

    def send(self, data: bytes | memoryview) -> None:
        """Send a block of the body, after the header where that is still held."""
        if self._ends_header:
            self._header = _completed(bytes(data), self._lines)
            return
        header, self._header = self._header, b""
        if not self.sock:
            self.connect()
        if header and len(data) > _WORTH_JOINING:
            self._send(header)
            header = b""
        self._send(header + data if header else data)

    def _send(self, data: bytes | memoryview) -> None:
        self.sock.sendall(data)

    def getresponse(self) -> Any:
        """Send a header that no body has followed, and give the answer."""
        if self._header:
            self.send(b"")
        return super().getresponse()  # type: ignore[misc]


def _completed(beginning: bytes, lines: list[str]) -> bytes:
    """Put the lines of a header behind those that http.client has written itself."""
    block = "".join(lines)
    if not _SENDABLE.fullmatch(block) or block.count("\n") != len(lines):  # or one holds two
        # not quoted: it may hold a key
        raise ValueError("a header has a name or a value that no header can have")
    return beginning.removesuffix(b"\r\n") + block.encode("latin-1") + b"\r\n"


class FramedResponse(HTTPResponse):
    """An answer of http.client whose header is read in one piece, where it is plain.

    It may come after others which only say that it will; http.client knows one such status.
    """

    def __init__(
        self, sock: Any, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._is_bodiless = method == "HEAD"

    def begin(self) -> None:
        """Read the header: what has arrived of it at once, else line by line."""
        if self.headers is None and not self._is_bodiless:  # pyright: ignore[reportUnnecessaryComparison]
            self._take(self.fp.peek())
        super().begin()  # does nothing where that was all

    def _take(self, arrived: bytes) -> None:
        """Take a header that has arrived whole and is plain; leave any other."""
        found = _PLAIN.match(arrived.decode("latin-1"))
        if not found:
            return
        status, reason, block = found.groups()
        fields: list[tuple[str, str]] = _FIELD.findall(block)
        told = [(key, value) for name, value in fields if (key := name.lower()) in _FRAMING]
        framing = dict(told)
        if len(framing) < len(told) or not _is_plain(framing):
            return
        self.fp.read(found.end())
        self.version, self.code, self.status = 11, int(status), int(status)
        self.reason = reason.strip()
        self.chunked = "transfer-encoding" in framing
        self.chunk_left = None
        self.length = None if self.chunked else int(framing["content-length"])
        self.will_close = False
        self.headers = self.msg = _Header()
        for name, value in fields:
            self.msg.set_raw(name, value)  # as the parser of the standard library stores them

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = cast("tuple[str, int, str]", super()._read_status())  # type: ignore[misc]
        interim = SWITCHING_PROTOCOLS < status < 200  # noqa: PLR2004 - the first that is final
        return version, CONTINUE if interim else status, reason


class _Header(HTTPMessage):
    """A header behind which there is nothing, so that nobody has to look for it."""

    def get_payload(self, *_: Any, **__: Any) -> None:
        """Give nothing: urllib3 asks for what the parser has left over."""

    def items(self) -> list[tuple[str, str]]:
        """Give names and values as they came: they are plain already."""
        return list(self.raw_items())


def _is_plain(framing: Mapping[str, str]) -> bool:
    """Tell whether a header says in one way where the body ends, and leaves the connection open."""
    if framing.get("connection", "keep-alive").lower() != "keep-alive":
        return False
    if "transfer-encoding" in framing:
        return framing["transfer-encoding"] == "chunked" and "content-length" not in framing
    return _LENGTH.fullmatch(framing.get("content-length", "")) is not None
