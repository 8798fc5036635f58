"""A server that records every request and responds from a queue."""

from __future__ import annotations

import hashlib
import json
import time
from collections import deque
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answer import Answer
from .form import Part, parse_form
from .http1 import Head, Headers, Inbox, PeerLeftError, body_blocks, read_head
from .listener import Listener

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable


@dataclass(frozen=True)
class Recorded:
    """A request that arrived completely."""

    method: str
    target: str  # path and query, as sent
    headers: Headers
    body: bytes  # without the framing of chunks; empty with ``keep_bodies=False``
    chunked: bool
    connection: int  # which of the accepted connections it came on, from 1
    seconds: float  # time.monotonic() when its head had arrived
    size: int  # of the body, in bytes
    sha256: str  # of the body, in hexadecimal
    head: bytes  # the request line and the headers, as sent

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def form(self) -> list[Part]:
        """The parts of a multipart body, in order; raises ValueError on anything malformed."""
        return parse_form(self.headers["content-type"], self.body)

    @property
    def json(self) -> Any:
        """The body, read as JSON; raises ValueError if it is not."""
        return json.loads(self.body)


class RecordingServer(Listener):
    """An HTTP/1.1 server with keep-alive, a thread for each connection.

    ``requests`` lists the complete requests, and may be cleared; ``unfinished`` lists the heads
    of requests whose body broke off. Responses come from the queue that ``answer``
    fills; when it is empty, from ``answers_always`` or ``answer_with``, whichever was called
    last; and from the beginning that is 200 ``{"text": "hello"}``.

    A request that breaks the rules of HTTP makes the ``with`` block fail.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, keep_bodies: bool = True) -> None:
        """Make a server that starts with its ``with`` block.

        :param tls: the server's side of TLS (see ``server_context``); plain by default.
        :param keep_bodies: False keeps only the size and the sha256 of bodies, for big uploads.
        """
        super().__init__(tls=tls)
        self.requests: list[Recorded] = []
        self.unfinished: list[bytes] = []
        self._keep_bodies = keep_bodies
        self._queue: deque[Answer] = deque()
        self.answers_always(body={"text": "hello"})

    @property
    def host(self) -> str:
        """The base address for ``Configuration(host=...)``."""
        return f"{self.origin}/v1"

    @property
    def last(self) -> Recorded:
        """The latest request."""
        return self.requests[-1]

    def answer(self, *args: Any, **options: Any) -> None:
        """Queue a response: an ``Answer``, or the arguments of one."""
        self._queue.append(_answer(*args, **options))

    def answers_always(self, *args: Any, **options: Any) -> None:
        """Set the response for an empty queue: an ``Answer``, or the arguments of one."""
        answer = _answer(*args, **options)
        self.answer_with(lambda _: answer)

    def answer_with(self, compute: Callable[[Recorded], Answer]) -> None:
        """Compute the response from the request when the queue is empty."""
        self._compute = compute

    def serve(self, connection: socket.socket, number: int) -> None:
        """Serve the requests of one connection until either side closes it."""
        inbox = Inbox(connection)
        last = False
        while not last and (head := read_head(inbox)):
            request = self._receive(connection, inbox, head, number)
            answer = self._next_answer(request)
            last = head.closes or answer.closes
            self._send(connection, answer, last=last)

    def _receive(
        self, connection: socket.socket, inbox: Inbox, head: Head, number: int
    ) -> Recorded:
        seconds = time.monotonic()
        if head.headers.get("expect", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request = self._record(inbox, head, number, seconds)
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()
        return request

    def _record(self, inbox: Inbox, head: Head, number: int, seconds: float) -> Recorded:
        size, digest, kept = 0, hashlib.sha256(), []
        try:
            for block in body_blocks(inbox, head):
                size += len(block)
                digest.update(block)
                if self._keep_bodies:
                    kept.append(block)
        except (PeerLeftError, ConnectionError):
            self.unfinished.append(head.raw)
            raise
        return Recorded(
            method=head.method,
            target=head.target,
            headers=head.headers,
            body=b"".join(kept),
            chunked=head.chunked,
            connection=number,
            seconds=seconds,
            size=size,
            sha256=digest.hexdigest(),
            head=head.raw,
        )

    def _next_answer(self, request: Recorded) -> Answer:
        try:
            return self._queue.popleft()
        except IndexError:
            return self._compute(request)

    def _send(self, connection: socket.socket, answer: Answer, *, last: bool) -> None:
        if answer.delay:
            self.wait(answer.delay)
        connection.sendall(answer.head(last=last))
        with closing(answer.blocks()) as blocks:
            for block in blocks:
                connection.sendall(block)


def _answer(*args: Any, **options: Any) -> Answer:
    return args[0] if args and isinstance(args[0], Answer) else Answer(*args, **options)
