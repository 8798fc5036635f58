"""Scripts for ``RawServer``: what servers and networks do to a call.

Each is a script, or makes one, so that a table of cases can name it. The connection is closed
when the script returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .answer import Answer
from .http1 import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .raw import Connection, Script


def whole(*args: object, **options: object) -> bytes:
    """Return the bytes of a sound response; accepts what ``Answer`` accepts."""
    answer = Answer(*args, **options)  # type: ignore[arg-type]
    return answer.head() + b"".join(answer.blocks())


OK = whole(body={"text": "hello"})


def closes(connection: Connection) -> None:
    """Close the connection (before the request, or between two)."""
    connection.close()


def replies(*answers: bytes, then: Script = closes) -> Script:
    """Respond to the requests of a connection with these bytes, one after another.

    :param then: what to do with the connection after the last: by default, close it.
    """

    def script(connection: Connection) -> None:
        for answer in answers:
            if connection.read_request()[0]:
                connection.send(answer)
        then(connection)

    return script


def resets_before_request(connection: Connection) -> None:
    """Reset the connection as soon as it is accepted."""
    connection.reset()


def resets_during_request(after_bytes: int = 1) -> Script:
    """Read the head and so many bytes of what follows it; then reset."""

    def script(connection: Connection) -> None:
        connection.read_head()
        connection.read(after_bytes)
        connection.reset()

    return script


def resets_after_request(connection: Connection) -> None:
    """Read the request; then reset, without a response."""
    connection.read_request()
    connection.reset()


def closes_without_answer(connection: Connection) -> None:
    """Read the request; then close, without a response."""
    connection.read_request()
    connection.close()


def truncates(
    body: bytes = b'{"text": "hel', *, missing: int = 10, content_type: str = "application/json"
) -> Script:
    """Promise ``missing`` more bytes of body than are sent, and close."""
    length = str(len(body) + missing)
    return replies(whole(200, body, {"Content-Type": content_type, "Content-Length": length}))


def truncates_chunked(
    body: bytes = b'{"text": "hel', *, content_type: str = "application/json"
) -> Script:
    """Send the body as a chunk, and close without the last chunk that ends it."""
    sound = whole(200, chunks=[body], headers={"Content-Type": content_type})
    return replies(sound.removesuffix(b"0\r\n\r\n"))


def resets_in_answer(answer: bytes = OK, after_bytes: int = 20) -> Script:
    """Send the first bytes of a response; then reset."""

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(answer[:after_bytes])
        connection.reset()

    return script


def drips(body: Iterable[int], every: float = 0.05, *, head: bytes | None = None) -> Script:
    """Send the head at once and then the body, a byte at a time, until it or the server ends.

    :param body: bytes, or numbers without end such as ``itertools.repeat(32)`` (with a ``head``).
    :param every: seconds between two bytes.
    :param head: status line and headers to use, blank line included where it is wanted; by
        default those of a sound 200 answer in JSON.
    """
    if head is None:
        body = bytes(body)
        head = Answer(200, body, {"Content-Type": "application/json"}).head()

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(head)
        for byte in body:
            connection.wait(seconds=every)
            connection.send(bytes([byte]))

    return script


def says_nothing(connection: Connection) -> None:
    """Read the request; then hold the connection open until the server ends."""
    connection.read_request()
    connection.wait()


def reads_nothing(connection: Connection) -> None:
    """Hold the connection open, reading nothing, so that a big upload stalls."""
    connection.wait()


def reads_slowly(every: float = 0.05, *, block: int = BLOCK) -> Script:
    """Read a block of the request at each interval, for ever, and never answer."""

    def script(connection: Connection) -> None:
        connection.read_head()
        while connection.read_some(block):
            connection.wait(seconds=every)

    return script


def early_answer(
    status: int = 413, body: object = b"", *, headers: object = (), drains: bool = False
) -> Script:
    """Respond after the head, without reading the body, and close.

    :param drains: read the rest of the request before closing, as polite servers do; otherwise
        the client's upload is met by a reset.
    """
    answer = whole(status, body, [*dict(headers).items(), ("Connection", "close")])  # type: ignore[call-overload]

    def script(connection: Connection) -> None:
        connection.read_head()
        connection.send(answer)
        if drains:
            connection.finish()
            connection.drain()
        connection.close()

    return script


def in_turn(*scripts: Script) -> Script:
    """Follow the first script on the first connection, and so on; the last stays for the rest."""

    def script(connection: Connection) -> None:
        scripts[min(connection.number, len(scripts)) - 1](connection)

    return script
