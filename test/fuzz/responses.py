"""A grammar of responses, sound and broken: any bytes choose one of them.

Hypothesis and Atheris supply the bytes. Where these end, the first alternative is taken, which is
sound; so few bytes are a response with one thing wrong, and no bytes a sound one.
"""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

TEXT = b'{"text": "first"}'
FORGED = b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"text": "forged"}'
EVENTS = (
    b'data: {"type": "transcript.text.delta", "delta": "first"}\n\n'
    b'data: {"type": "transcript.text.done", "text": "first"}\n\ndata: [DONE]\n\n'
)

STATUS_LINES = (
    *(b"HTTP/1.1 200 OK", b"HTTP/1.1 200", b"HTTP/1.1 201 Created", b"HTTP/1.1 204 No Content"),
    *(b"HTTP/1.1 307 Moved", b"HTTP/1.1 401 No", b"HTTP/1.1 429 Slow", b"HTTP/1.1 503 Busy"),
    *(b"HTTP/1.0 200 OK", b"HTTP/1.1 101 Switching", b"HTTP/1.1 304 Same", b"HTTP/1.1 205 Reset"),
    *(b"HTTP/1.1 1000 No", b"HTTP/1.1 099 No", b"HTTP/2 200", b"HTTP/1.1 2_0 OK", b"ICY 200 OK"),
    *(b"HTTP/1.1 200 \xff\xfe", b"\x15\x03\x01\x00\x02\x02\x46", b"", b"HTTP/1.1"),
)
INTERIM = (
    *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\nX: y\r\n\r\n"),
    *(b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n", b"HTTP/1.1 100\r\nContent-Length: 5\r\n\r\n"),
    *(b"HTTP/1.1 199 Last\r\n\r\n", b"HTTP/1.1 102 Cut\r\n", b"\r\n"),
)
HEADERS = (
    *(b"Content-Type: application/json", b"Content-Type: audio/mpeg", b"X-Request-Id: r  "),
    *(b"Content-Type: text/event-stream", b"Content-Type: text/plain; charset=utf-16"),
    *(b"Connection: close", b"Connection: keep-alive", b"Content-Length: 17"),
    *(b"Content-Length: 17, 17", b"Content-Length: 16", b"Content-Length: 0x11"),
    *(b"Content-Length: -1", b"Content-Length: 18446744073709551633", b"Content-Length:"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding:"),
    *(b"transfer-encoding: \tCHUNKED ", b"Transfer-Encoding : chunked", b"Trailer: X"),
    *(b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Content-Encoding: br"),
    *(b"Content-Encoding: gzip, gzip", b"Retry-After: 1e300", b"retry-after-ms: 9e99"),
    *(b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", b"x-should-retry: true "),
    *(b"Location: /v1/again", b"Location: http://[", b"Location: //127.0.0.1:1/\xff"),
    *(b"X: a\r\n folded", b" X: y", b": none", b"no colon", b"X: \x00\xff\x0b\x85", b"X: a\rY: b"),
    *(b"Set-Cookie: a=b\x1f", b"X: " + b"y" * 70_000, b"\r\n".join([b"X: y"] * 110)),
)
CONTENTS = (
    *(TEXT, b"", EVENTS, b"ID3audio", b"null", b"<html>", b'{"error": {"message": "no"}}'),
    *(gzip.compress(TEXT, mtime=0), gzip.compress(TEXT, mtime=0)[:-9], zlib.compress(TEXT)),
    *(gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), gzip.compress(TEXT, mtime=0) * 2),
    *(b"[" * 3000, b"\xff\xfe{\x00", bytes(20_000), FORGED),
)
SIZES = (
    *(b"%x", b"%X;a=b", b"000%x", b"%x \t", b"-%x", b"+%x", b"0x%x", b" %x", b"%x_0", b"%x,"),
    *(b"%x;" + b"a" * 300, b"%xg", b"%x\x00", b"f" * 30 + b"%x", b"%x;\n"),
)
LAST_CHUNKS = (b"0\r\n", b"", b"000\r\n", b"-0\r\n", b"0;x=y\r\n", b"0\n", b"0", b"00x\r\n")
TRAILERS = (
    *(b"\r\n", b"X: y\r\n\r\n", b"Content-Length: 3\r\n\r\n", b"", b"X: y\r\n", b"\n"),
    *(b"X: y\r\n" * 300 + b"\r\n", b"no colon\r\n\r\n", b"X: " + b"y" * 70_000, b"\x00\r\n\r\n"),
)
BEYOND = (b"", FORGED, b"\r\n", b"\x00", FORGED + bytes(9000), FORGED[:40])
LINE_ENDS = (b"\r\n", b"\n", b"\r", b"\n\r", b" \r\n", b"\x0b\r\n", b"\x00\r\n")


class Choices:
    """Bytes, read as choices.

    :param data: the bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._left = iter(data)

    def number(self, below: int) -> int:
        """Return a number from 0 on; 0 when no bytes are left."""
        high = next(self._left, 0) if below > 256 else 0
        return (high * 256 + next(self._left, 0)) % below

    def of(self, table: Sequence[T]) -> T:
        """Return one of a table; the first when no bytes are left."""
        return table[self.number(len(table))]

    def some(self, table: Sequence[T], most: int) -> list[T]:
        """Return a few of a table; none when no bytes are left."""
        return [self.of(table) for _ in range(self.number(most + 1))]


def response_from(choices: Choices) -> bytes:
    """Return the bytes that a server sends for one request."""
    interim = b"".join(choices.some(INTERIM, 3)) * choices.of((1, 1, 1, 100))
    headers = choices.some(HEADERS, 4)
    status, content = choices.of(STATUS_LINES), choices.of(CONTENTS)
    framing, body = choices.of(FRAMINGS)(choices, content)
    end = choices.of((b"\r\n",) * 4 + LINE_ENDS)
    head = end.join([status, *framing, *headers, b"", b""])
    return _mutated(choices, interim + head + body + choices.of(BEYOND))


def _of_length(choices: Choices, content: bytes) -> tuple[list[bytes], bytes]:
    length = len(content) + choices.of((0, 0, 0, 1, -1, 1000))
    return [b"Content-Length: %d" % length], content


def _in_chunks(choices: Choices, content: bytes) -> tuple[list[bytes], bytes]:
    size = max(1, len(content) // choices.of((1, 2, 5)))
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    body = b"".join(_chunk(choices, chunk) for chunk in chunks)
    end = choices.of(LAST_CHUNKS) + choices.of(TRAILERS)
    return [b"Transfer-Encoding: chunked"], body + end


def _chunk(choices: Choices, chunk: bytes) -> bytes:
    size = (choices.of(SIZES) % len(chunk)) + choices.of((b"\r\n",) * 4 + LINE_ENDS)
    return size + chunk + choices.of((b"\r\n", b"\r\n", b"\r\n", b"\n", b"", b"xx"))


def _unframed(_: Choices, content: bytes) -> tuple[list[bytes], bytes]:
    return [], content


FRAMINGS: tuple[Callable[[Choices, bytes], tuple[list[bytes], bytes]], ...] = (
    _of_length,
    _in_chunks,
    _unframed,
)


def _mutated(choices: Choices, sent: bytes) -> bytes:
    for _ in range(choices.number(4)):
        at, size = choices.number(len(sent) + 1), choices.number(20)
        kept = sent[at + size :] if choices.number(4) else b""  # at times it is cut off
        sent = sent[:at] + choices.of((b"", *LINE_ENDS, b"0", b"f", b"\xff", b":")) + kept
    return sent
