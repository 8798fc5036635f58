"""A request on its way: what is sent, where to, and within which time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urllib3 import Retry

    from openapiopenai._transport.timeouts import CallTimeout
    from openapiopenai._transport.url import BaseURL


class StreamedBody(Protocol):
    """A body that is sent in blocks."""

    @property
    def rewindable(self) -> bool:
        """Whether the body can be sent a second time."""
        ...

    def prepare(self, limit: Callable[[], float], /) -> None:
        """Read the beginning of its streams, within what the limit returns for each wait."""
        ...

    def blocks(self, limit: Callable[[], float], /) -> Iterator[bytes | memoryview]:
        """Yield the body from its beginning, within what the limit returns for each wait."""
        ...


class HTTPRequest(NamedTuple):
    """A request on its way.

    :param method: the HTTP method.
    :param url: the server, with the base of its paths.
    :param target: the path and query.
    :param headers: what returns the headers, called anew for each attempt.
    :param body: the body.
    :param timeout: the timeout of the call.
    :param retries: what is retried.
    """

    method: str
    url: BaseURL
    target: str
    headers: Callable[[], dict[str, str]]
    body: bytes | StreamedBody | None
    timeout: CallTimeout
    retries: Retry

    @property
    def path(self) -> str:
        """The path, for logs: a query may hold a key."""
        return self.target.partition("?")[0]

    @property
    def is_repeatable(self) -> bool:
        """Whether the same bytes can be sent again."""
        return self.body is None or isinstance(self.body, bytes) or self.body.rewindable

    def prepare(self) -> None:
        """Read the beginning of what a caller streams, so that nothing is sent if it is empty.

        :raises TimeoutError: when it does not come in time.
        """
        if self.body is not None and not isinstance(self.body, bytes):
            self.body.prepare(self.timeout.next_wait)

    def blocks(self) -> bytes | Iterator[bytes | memoryview] | None:
        """Return the body from its beginning."""
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        return self.body.blocks(self.timeout.next_wait)
