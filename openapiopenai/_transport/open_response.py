"""A response whose body is unread. What reading it may raise becomes an exception of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urllib3.exceptions import DecodeError

from openapiopenai._transport.errors import NETWORK_ERRORS, reading_error
from openapiopenai.exceptions import ApiDecodeException, ApiException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import HTTPHeaderDict, HTTPResponse

    from openapiopenai._transport.timeouts import CallTimeout

#: How much is taken from the connection at a time, in bytes; less where less has arrived.
_BLOCK_SIZE = 256 * 1024


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
        body = bytearray()
        for block in self.blocks():
            body += block
            if len(body) > max_bytes:
                self.close()
                raise self._too_large(max_bytes)
        return bytes(body)

    def read_error(self, max_bytes: int) -> tuple[bytes, str | None]:
        """Read the body of an error, or what arrives of it: the status counts more.

        :param max_bytes: how much of it is read at most, in bytes after decompression.
        :return: the body, and why it is not whole; None where it is.
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
        self._refuse_unknown_encoding()
        read = self.raw.read1
        try:
            while block := read(_BLOCK_SIZE):
                yield block
        except DecodeError as error:
            self.close()
            raise self._unreadable("the response cannot be decompressed") from error
        except NETWORK_ERRORS as error:
            received, left = self.raw.tell(), self.raw.length_remaining
            self.close()
            expected = None if left is None else received + left
            raise reading_error(error, self.timeout, received, expected) from error

    def close(self) -> None:
        """Close the connection, or give it back to the pool if the body was read to its end."""
        self.raw.close()
        self.raw.release_conn()

    def _refuse_unknown_encoding(self) -> None:
        encodings = self.headers.get("content-encoding")
        if not encodings:
            return
        known = {"identity", *self.raw.CONTENT_DECODERS}
        unknown = [
            name for name in map(str.strip, encodings.lower().split(",")) if name not in known
        ]
        if unknown:
            self.close()
            raise self._unreadable(
                f"the response is encoded as {unknown[0]!r:.40}, though identity was asked for"
            )

    def _too_large(self, max_bytes: int) -> ApiDecodeException:
        return self._unreadable(
            f"the response is larger than {max_bytes} bytes; raise Configuration.largest_answer if "
            "it is meant to be"
        )

    def _unreadable(self, reason: str) -> ApiDecodeException:
        return ApiDecodeException(self.status, reason, headers=self.headers, attempts=self.attempts)
