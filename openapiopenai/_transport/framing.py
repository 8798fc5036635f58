"""A header in one piece: a request's as it leaves, an answer's as it arrives.

http.client writes, checks, parses and keeps header by header, whatever they are like, and urllib3
goes through them before and after. That is a third of what a small call costs. So a request whose
header is whole leaves as it is, and an answer whose header is plain is taken as it is; all else
goes their way.
"""

from __future__ import annotations

import re
from http.client import CONTINUE, SWITCHING_PROTOCOLS, HTTPMessage
from http.client import HTTPResponse as RawResponse
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from urllib3 import HTTPHeaderDict, HTTPResponse

from openapiopenai._request.headers import NAME, VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Body = bytes | Iterable[bytes | memoryview] | None

#: Up to this size, in bytes, the start of a body is sent together with the header.
_WORTH_JOINING = 64 * 1024

#: The methods whose requests have a body, be it an empty one.
_WITH_BODY = ("POST", "PUT", "PATCH")

#: What may be sent: a request line, and lines of a name and a value.
_SENDABLE = re.compile(rf"{NAME} [!-~]+ HTTP/1\.1\r\n(?:{NAME}: {VALUE}\r\n)+\r\n")

#: What is read in one piece: an answer that has a body, in ASCII, with nothing empty or folded.
_PLAIN = re.compile(
    rf"HTTP/1\.1 (?!204|304)([2-5]\d\d) ([ -~]*)\r\n((?:{NAME}: [!-~][ -~]*\r\n)+)\r\n"
)
_FIELD = re.compile(r"([^:]+): (.*)\r\n")

#: The names, in lower case, that say where an answer ends.
_FRAMING = ("connection", "content-length", "transfer-encoding")

#: A number of bytes; what has more digits is none.
_LENGTH = re.compile(r"\d{1,18}")


class _Asked(NamedTuple):
    """A request that was sent, as far as its answer has to know it."""

    method: str
    url: str
    reading: dict[str, Any]


class FramedConnection:
    """What makes a connection of urllib3 send and read a header in one piece."""

    #: Whether the header of the next request is whole. Else urllib3 completes it, and reads the
    #: answer: so it does for somebody who uses the pool for requests of his own.
    header_is_whole = False

    sock: Any
    timeout: Any
    connect: Callable[[], None]
    send: Callable[[bytes | memoryview], None]
    close: Callable[[], None]
    response_class: Callable[..., Any]

    _asked: _Asked | None = None

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        *,
        chunked: bool = False,
        **reading: bool,
    ) -> None:
        """Send a request."""
        self._asked = _Asked(method, url, reading) if self.header_is_whole else None
        if self._asked is None:
            super().request(method, url, body, headers, chunked=chunked, **reading)  # type: ignore[misc]
            return
        headers = {**headers, **_framing(method, body, headers)}
        header = _written(method, url, headers)
        if self.sock is not None:  # a new one has it already
            self.sock.settimeout(self.timeout)
        for piece in _pieces(header, body, is_chunked="transfer-encoding" in headers):
            self.send(piece)

    def getresponse(self) -> Any:
        """Give the answer, its body unread."""
        asked, self._asked = self._asked, None
        if asked is None:
            return super().getresponse()  # type: ignore[misc]
        self.sock.settimeout(self.timeout)
        shutdown = getattr(self.sock, "shutdown", None)  # TLS in TLS has none
        answer = self.response_class(self.sock, method=asked.method)
        answer.begin()
        if answer.will_close:
            self.close()  # the answer has the socket for itself
        headers = HTTPHeaderDict()
        for name, value in answer.fields:
            headers.add(name, value)
        return HTTPResponse(
            answer,
            headers=headers,
            status=answer.status,
            version=answer.version,
            version_string="HTTP/1.1",
            reason=answer.reason,
            original_response=answer,
            request_method=asked.method,
            request_url=asked.url,
            sock_shutdown=shutdown,
            **asked.reading,
        )


def _framing(method: str, body: Body, headers: Mapping[str, str]) -> dict[str, str]:
    """Give the header that says where a body ends, where none does."""
    if "content-length" in headers or "transfer-encoding" in headers:
        return {}
    if body is None:
        return {"content-length": "0"} if method in _WITH_BODY else {}
    if isinstance(body, bytes):
        return {"content-length": str(len(body))}
    return {"transfer-encoding": "chunked"}


def _written(method: str, url: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    header = f"{method} {url} HTTP/1.1\r\n{''.join(lines)}\r\n"
    if not _SENDABLE.fullmatch(header) or header.count("\n") != len(lines) + 2:  # or one holds two
        # not quoted: it may hold a key
        raise ValueError("the method, or a header's name or value, is none that HTTP allows")
    return header.encode("latin-1")


def _pieces(header: bytes, body: Body, *, is_chunked: bool) -> Iterator[bytes | memoryview]:
    """Give a request in pieces that are worth a system call each."""
    for block in (body,) if isinstance(body, bytes) else body or ():
        if not block:  # which would end the chunks
            continue
        piece = b"".join((b"%x\r\n" % len(block), block, b"\r\n")) if is_chunked else block
        if header and len(piece) > _WORTH_JOINING:
            yield header
            header = b""
        yield header + piece if header else piece
        header = b""
    if header:
        yield header
    if is_chunked:
        yield b"0\r\n\r\n"


class FramedResponse(RawResponse):
    """An answer of http.client whose header is read in one piece, where it is plain.

    It may come after others which only say that it will; http.client knows one such status.
    """

    #: Names and values, in order and as they came; one that was folded is in one line.
    fields: list[tuple[str, str]]

    def __init__(
        self, sock: Any, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._is_bodiless = method == "HEAD"

    def begin(self) -> None:
        """Read the header: what has arrived of it at once, else line by line."""
        if self._is_bodiless or not self._takes(self.fp.peek()):
            super().begin()
            self.fields = [(name, _unfolded(value)) for name, value in self.msg.items()]

    def _takes(self, arrived: bytes) -> bool:
        """Take a header that has arrived whole and is plain; leave any other."""
        found = _PLAIN.match(arrived.decode("latin-1"))
        if not found:
            return False
        status, reason, block = found.groups()
        fields: list[tuple[str, str]] = _FIELD.findall(block)
        told = [(key, value) for name, value in fields if (key := name.lower()) in _FRAMING]
        framing = dict(told)
        if len(framing) < len(told) or not _is_plain(framing):
            return False
        self.fp.read(found.end())
        self.version, self.code, self.status = 11, int(status), int(status)
        self.reason = reason.strip()
        self.chunked = "transfer-encoding" in framing
        self.chunk_left = None
        self.length = None if self.chunked else int(framing["content-length"])
        self.will_close = False
        self.fields = fields
        self.headers = self.msg = HTTPMessage()
        for name, value in fields:
            self.msg.set_raw(name, value)  # as the parser of the standard library stores them
        return True

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = cast("tuple[str, int, str]", super()._read_status())  # type: ignore[misc]
        interim = SWITCHING_PROTOCOLS < status < 200  # noqa: PLR2004 - the first that is final
        return version, CONTINUE if interim else status, reason


def _unfolded(value: str) -> str:
    return " ".join(map(str.strip, value.split("\n"))) if "\n" in value else value


def _is_plain(framing: Mapping[str, str]) -> bool:
    """Tell whether a header says in one way where the body ends, and leaves the connection open."""
    if framing.get("connection", "keep-alive").lower() != "keep-alive":
        return False
    if "transfer-encoding" in framing:
        return framing["transfer-encoding"] == "chunked" and "content-length" not in framing
    return _LENGTH.fullmatch(framing.get("content-length", "")) is not None
