"""Responses of a recording server: status, headers, and a body at once or in pieces."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from http.client import responses
from typing import TYPE_CHECKING, Any

from .http1 import Headers

if TYPE_CHECKING:
    import threading

WITHOUT_BODY = {204, 304}

# As RFC 9110 has them; CPython learnt these two in 3.13.
REASONS = {**responses, 413: "Content Too Large", 422: "Unprocessable Content"}


@dataclass(frozen=True)
class Answer:
    """A response of a ``RecordingServer``.

    :param status: the status code.
    :param body: bytes or text; a dict or list is sent as JSON; any other iterable is ``chunks``.
    :param headers: a mapping, or pairs where a name is repeated. The framing that is given here
        (Content-Length, Transfer-Encoding) is sent as it is, right or wrong.
    :param reason: the reason phrase; by default the usual one of the status.
    :param chunks: pieces of the body, each sent as soon as the iterable gives it: a generator can
        wait for a ``server.gate()`` in between, or raise ConnectionAbortedError to cut the answer.
    :param delay: an event to wait for before the first byte is sent.
    """

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()
    reason: str | None = None
    chunks: Iterable[bytes] | None = None
    delay: threading.Event | None = None
    pairs: list[tuple[str, str]] = field(init=False, repr=False)  # the headers as they are sent

    def __post_init__(self) -> None:
        """Normalise the shorthands: pairs of headers, and bytes or chunks."""
        given = self.headers.items() if isinstance(self.headers, Mapping) else self.headers
        self._set(pairs=list(given))
        if isinstance(self.body, (dict, list)):
            self._set(body=json.dumps(self.body).encode())
            self._default("Content-Type", "application/json")
        elif isinstance(self.body, str):
            self._set(body=self.body.encode())
        elif not isinstance(self.body, (bytes, bytearray, memoryview)):
            self._set(body=b"", chunks=self.body)
        if self.status not in WITHOUT_BODY and "Transfer-Encoding" not in self._sent:
            self._default(*self._framing())

    @property
    def closes(self) -> bool:
        """Whether the connection ends with this response: by its header, or by wrong framing."""
        framing = self._sent.get("Transfer-Encoding") or self._sent.get("Content-Length")
        wrong = self.chunks is None and framing not in {str(len(self.body)), None}
        return wrong or self._sent.get("Connection", "").lower() == "close"

    def head(self, *, last: bool = False) -> bytes:
        """Return the status line and the headers.

        :param last: add ``Connection: close``.
        """
        reason = REASONS.get(self.status, "") if self.reason is None else self.reason
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in self.pairs]
        if last and "Connection" not in self._sent:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def blocks(self) -> Generator[bytes, None, None]:
        """Return the body as it is sent, framing included."""
        if self.chunks is None:
            yield self.body
        elif "Content-Length" in self._sent:
            yield from self.chunks
        else:
            yield from (b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in self.chunks if chunk)
            yield b"0\r\n\r\n"

    @property
    def _sent(self) -> Headers:
        return Headers(self.pairs)

    def _framing(self) -> tuple[str, str]:
        if self.chunks is None or "Content-Length" in self._sent:
            return "Content-Length", str(len(self.body))
        return "Transfer-Encoding", "chunked"

    def _default(self, name: str, value: str) -> None:
        if name not in self._sent:
            self.pairs.append((name, value))

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)
