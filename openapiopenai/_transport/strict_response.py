"""The rules of HTTP/1.1 framing that http.client leaves out.

http.client takes the end of input for the end of a header, a bare CR for the end of a line, and
whatever ``int`` accepts for a number; it drops what follows a line that is no header, does not look
at the end of a chunk, and reads interim responses and trailers without end. Each of these lets a
server, or whoever is on the way, pass off a broken response as complete.
"""

from __future__ import annotations

import io
import re
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from http.client import (
    CONTINUE,
    SWITCHING_PROTOCOLS,
    HTTPException,
    HTTPMessage,
    HTTPResponse,
    RemoteDisconnected,
)
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import socket

#: How many lines the header, interim responses and trailers may have together; http.client allows
#: 100 in one header.
_MAX_LINES = 256

#: How much of a reason phrase is kept, in characters.
_MAX_REASON = 100

#: The size of a chunk, with its extensions (RFC 9112, section 7.1).
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(;.*)?\r?\n")

_LENGTH = re.compile(r"[0-9]{1,18}")

#: What begins a line that continues the one before it, and where it does, as a regular expression.
_FOLDS = (b" ", b"\t")
_FOLD = r"[ \t]*\r?\n[ \t]*"

#: What may surround a value (RFC 9110, section 5.6.3); Python takes more for white space.
_OWS = " \t"

#: Defects of a line that is no header; http.client drops it, at times with all that follow it.
_HEADER_DEFECTS = (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)


class FramingError(HTTPException):
    """The end of a response is ambiguous."""


class StrictReader(io.BufferedReader):
    """Buffered reader of a response that accepts only complete lines.

    :param raw: the stream of the socket.
    """

    #: Whether the next line is the size of a chunk.
    in_chunks = False

    #: Whether a line of the header was folded, and so continues the one before it.
    is_folded = False

    #: The end of what was read last: when the size of a chunk follows, the end of the one before.
    _last_read = b"\r\n"

    def __init__(self, raw: io.RawIOBase) -> None:
        super().__init__(raw)
        self._lines = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next line, without white space at its end or a CR inside it.

        :raises http.client.RemoteDisconnected: when the connection ends inside it.
        :raises FramingError: when it is malformed, or one line too many.
        """
        line = super().readline(size)
        if line[-1:] != b"\n" and len(line) != size:
            raise RemoteDisconnected("the connection was closed inside the response's header")
        if self.in_chunks:
            return self._chunk_size(line)
        self._lines += 1
        if self._lines > _MAX_LINES:
            raise FramingError(f"the response has more than {_MAX_LINES} header lines")
        if line[:1] in _FOLDS:
            self.is_folded = True
        is_clean = line.find(b"\r") == len(line) - 2 and not line[-3:-2].isspace()
        return line if is_clean else _normalize_line(line)

    def read(self, size: int | None = -1, /) -> bytes:
        """Return so many bytes; http.client reads the two behind a chunk by themselves."""
        data = super().read(size)
        self._last_read = data[-2:]
        return data

    def _chunk_size(self, line: bytes) -> bytes:
        if self._last_read != b"\r\n":
            raise FramingError("the response has a chunk that does not end where its size says")
        found = _CHUNK_SIZE.fullmatch(line)
        if not found:
            raise FramingError("the response has a chunk without a valid size")
        self.in_chunks = int(found[1], 16) > 0  # trailers follow the last chunk
        return found[1] + b"\r\n"


class StrictResponse(HTTPResponse):
    """A response of http.client that is read by the rules.

    :param sock: the socket.
    :param debuglevel: see ``http.client.HTTPConnection.set_debuglevel``.
    :param method: the method of the request.
    :param url: not used by http.client.
    """

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        buffered: Any = self.fp
        self._reader = StrictReader(buffered.detach())
        self.fp = self._reader
        self._is_cut_short: bool = getattr(sock, "cut_short", False)

    def begin(self) -> None:
        """Read the header.

        :raises FramingError: when the end of the body is ambiguous.
        """
        super().begin()
        _validate_lines(self.headers)
        # before unfolding: http.client, too, has read these as they came
        _validate_transfer_encoding(self.headers)
        length = _content_length(self.headers)
        if self._reader.is_folded:
            _unfold(self.headers)
        if self.chunked and self.length == 0:  # 204 and 304: what follows is no body of theirs
            self.chunked = False
            self.will_close = True
        if self.length is None and not self.chunked:  # http.client takes "5, 5" for none
            self.length = length
        self._reader.in_chunks = bool(self.chunked)
        self.will_close = self.will_close or self._is_cut_short

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = cast("tuple[str, int, str]", super()._read_status())  # type: ignore[misc]
        # it stands in messages: what a terminal would obey has no place there
        reason = "".join(filter(str.isprintable, reason))[:_MAX_REASON]
        # http.client skips only 100; 102 and 103, too, say no more than that a response will come
        is_interim = SWITCHING_PROTOCOLS < status < 200  # noqa: PLR2004 - the first final status
        return version, CONTINUE if is_interim else status, reason


def _normalize_line(line: bytes) -> bytes:
    text = line.rstrip(b" \t\r\n")
    if not text and line != b"\n":
        raise FramingError("the response has a header line that is blank")
    # http.client takes a bare CR for the end of a line; RFC 9112, section 2.2, wants a space
    return text.replace(b"\r", b" ") + b"\r\n"


def _unfold(headers: HTTPMessage) -> None:
    """Replace the line ends of values that were folded, as RFC 9112, section 5.2, asks."""
    for name in {name for name, value in headers.items() if "\n" in value}:
        values = headers.get_all(name, [])
        del headers[name]
        for value in values:
            headers[name] = re.sub(_FOLD, " ", value).strip(_OWS)


def _validate_lines(headers: HTTPMessage) -> None:
    if any(isinstance(defect, _HEADER_DEFECTS) for defect in headers.defects):
        raise FramingError("the response has a header line without a valid name")


def _validate_transfer_encoding(headers: HTTPMessage) -> None:
    encodings = headers.get_all("transfer-encoding")
    if encodings and ", ".join(encodings).lower() != "chunked":
        raise FramingError(f"the response's Transfer-Encoding is {', '.join(encodings)!r:.60}")


def _content_length(headers: HTTPMessage) -> int | None:
    """Return the length of the body; None if the header has none."""
    given = headers.get_all("content-length")
    if not given:
        return None
    lengths = {length.strip(_OWS) for length in ",".join(given).split(",")}
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        raise FramingError(f"the response's Content-Length is {', '.join(sorted(lengths))!r:.60}")
    return int(lengths.pop())
