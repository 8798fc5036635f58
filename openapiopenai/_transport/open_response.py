"""A response whose body is unread. What reading it may raise becomes an exception of ours."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import DecodeError

from openapiopenai._response.encodings import read_blocks
from openapiopenai._transport.errors import NETWORK_ERRORS, reading_error
from openapiopenai.exceptions import ApiDecodeException, ApiException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import HTTPHeaderDict, HTTPResponse

    from openapiopenai._transport.timeouts import CallTimeout

#: How long the end of a response is waited for after its last event, in seconds.
_MAX_DRAIN_SECONDS = 0.1


class OpenResponse:
    """A response whose body is unread.

    :param raw: the response of urllib3.
    :param timeout: the timeout of the call.
    :param attempts: how often the request was sent.
    """

    __slots__ = ("attempts", "raw", "timeout")

    def __init__(self, raw: HTTPResponse, timeout: CallTimeout, attempts: int) -> None:
        self.raw = raw
        self.timeout = timeout
        self.attempts = attempts

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.raw.status

    @property
    def headers(self) -> HTTPHeaderDict:
        """The headers."""
        return self.raw.headers

    def read(self, max_bytes: int) -> bytes:
        """Read the body.

        :param max_bytes: how large it may be, in bytes after decompression.
        :return: the body.
        :raises ApiConnectionException: when it breaks off.
        :raises ApiDecodeException: when it cannot be decompressed, or is too large.
        """
        blocks: list[bytes] = []
        size = 0
        for block in self.blocks():
            blocks.append(block)
            size += len(block)
            if size > max_bytes:
                self.close()
                raise self._too_large(max_bytes)
        return b"".join(blocks)

    def read_error(self, max_bytes: int) -> tuple[bytes, str | None]:
        """Read the body of an error, or what arrives of it: the status counts more.

        :param max_bytes: how much of it is read at most, in bytes after decompression.
        :return: the body, and why it is incomplete; None if it is complete.
        """
        body = bytearray()
        try:
            for block in self.blocks():
                body += block
                if len(body) > max_bytes:
                    raise self._too_large(max_bytes)
        except ApiException as error:
            self.close()
            return bytes(body[:max_bytes]), error.reason
        return bytes(body), None

    def blocks(self) -> Iterator[bytes]:
        """Yield the body as it arrives.

        :raises ApiConnectionException: when it breaks off.
        :raises ApiDecodeException: when it cannot be decompressed.
        """
        try:
            yield from read_blocks(self.raw)
        except DecodeError as error:
            self.close()
            raise self._unreadable(str(error)) from error
        except NETWORK_ERRORS as error:
            received, left = self.raw.tell(), self.raw.length_remaining
            self.close()
            expected = None if left is None else received + left
            raise reading_error(error, self.timeout, received, expected) from error

    def drain(self) -> None:
        """Read the end of a response whose last event has come, so that the connection is kept.

        Not every server ends it: so the wait is short, and the connection is closed otherwise.
        """
        connection: Any = getattr(self.raw, "connection", None)
        if connection is None:  # released at the end of the response, or replayed by a recorder
            return
        with suppress(*NETWORK_ERRORS):
            if connection.sock:
                connection.sock.settimeout(_MAX_DRAIN_SECONDS)
            self.raw.read1(1, decode_content=False)

    def close(self) -> None:
        """Close the connection, or give it back to the pool if the body was read to the end."""
        self.raw.close()
        self.raw.release_conn()

    def _too_large(self, max_bytes: int) -> ApiDecodeException:
        return self._unreadable(
            f"the response is larger than {max_bytes} bytes; raise Configuration.largest_answer if "
            "it is meant to be"
        )

    def _unreadable(self, reason: str) -> ApiDecodeException:
        return ApiDecodeException(self.status, reason, headers=self.headers, attempts=self.attempts)
