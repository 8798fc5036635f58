"""How long a call may take, as urllib3 and the sockets below it understand it."""

from __future__ import annotations

import io
import math
import time
from typing import TYPE_CHECKING, Any, TypeAlias

from typing_extensions import Self
from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError

from openapiopenai._transport.framing import FramedConnection, FramedResponse
from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from http.client import HTTPResponse

RequestTimeout: TypeAlias = float | tuple[float, float] | None

#: Without a limit of the caller's: long enough for the longest recording, and still finite.
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 600.0

#: A longer limit is cut to this: sockets take no more than 24 days.
_LONGEST_SECONDS = 1e6


class TimeLimit(Timeout):
    """A limit for connecting and one for each wait on the socket after that.

    urllib3 lets its limit for connecting hold while a body is sent, too, which a slow line fails:
    so it is told of the other one alone.

    :param connect: the limit for connecting, in seconds.
    :param read: the limit for each wait, in seconds.
    """

    #: Whether the limit is over the whole call, and so shrinks from one wait to the next.
    is_total = False

    def __init__(self, connect: float, read: float) -> None:
        super().__init__(connect=read, read=read)
        self._to_connect, self._to_read = connect, read

    def next_wait(self) -> float:
        """Give how long the next wait on a socket may last, in seconds."""
        return self._to_read

    def to_connect(self) -> Deadline:
        """Give the limit for connecting, which begins now and holds for all its steps."""
        return Deadline(self._to_connect)

    @property
    def remaining(self) -> float:
        """How many seconds are left for the call."""
        return math.inf

    def clone(self) -> Self:
        """Give itself: nothing in it belongs to one attempt, so nothing is to be copied."""
        return self

    def start_connect(self) -> float:
        """Give the time; :meth:`to_connect` is what counts."""
        return time.monotonic()


class Deadline(TimeLimit):
    """A limit over a whole call, counted once: connecting, sending, waiting, reading, retrying.

    urllib3 counts its own ``total`` anew for each attempt, and only up to the first byte of an
    answer.

    :param seconds: the limit.
    :param clock: what tells the time, in seconds.
    """

    is_total = True

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(seconds, seconds)
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    @property
    def remaining(self) -> float:
        """How many seconds are left for the call; 0 when none are."""
        return max(0.0, self._end - self._clock())

    def next_wait(self) -> float:
        """Give how long the next wait on a socket may last, in seconds.

        :raises TimeoutError: when no time is left.
        """
        left = self.remaining
        if not left:
            raise TimeoutError(f"the call has taken its {self.seconds:g} s")
        return left

    def to_connect(self) -> Self:
        """Give itself: connecting has no end of its own."""
        return self

    def start_connect(self) -> float:
        """Give the time; the count began with the call."""
        return self._clock()

    @property
    def connect_timeout(self) -> float:
        """How long connecting may still take."""
        return self.next_wait()

    @property
    def read_timeout(self) -> float:
        """How long waiting for the answer may still take."""
        return self.next_wait()


def limit_of(value: RequestTimeout, clock: Callable[[], float] = time.monotonic) -> TimeLimit:
    """Take what a caller passes as a time limit.

    :param value: seconds for the whole call, a pair (connecting, between bytes), or None.
    :param clock: what tells the time, in seconds.
    :return: the limit.
    :raises ApiTypeError: when it is something else.
    :raises ApiValueError: when it leaves no time, or is not a finite number.
    """
    if value is None:
        return _DEFAULT
    if not isinstance(value, tuple):
        return Deadline(_seconds(value), clock)
    if len(value) != 2:  # noqa: PLR2004 - a pair
        raise ApiValueError(f"the timeout has {len(value)} parts; pass (connect, read)")
    connect, read = value
    return TimeLimit(connect=_seconds(connect), read=_seconds(read))


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ApiTypeError(
            f"the timeout is {type(value).__name__}; pass seconds, or a pair (connect, read)"
        )
    if not 0 < value < math.inf:
        raise ApiValueError(f"the timeout is {value}; pass a number of seconds greater than 0")
    return float(min(value, _LONGEST_SECONDS))


class LimitedConnection(FramedConnection):
    """What makes a connection of urllib3 keep a :class:`TimeLimit` in every send and receive.

    A socket's own timeout begins again with each byte, so a server that sends one a second would
    keep a call waiting for ever.
    """

    limit: TimeLimit
    host: str
    sock: socket.socket

    _answer: HTTPResponse | None = None

    def connect(self) -> None:
        """Connect within the limit for that: all addresses, a proxy's answer, and TLS."""
        whole, self.limit = self.limit, self.limit.to_connect()
        try:
            super().connect()
        except TimeoutError as error:
            seconds = self.limit.seconds
            told = f"connecting to {self.host} took longer than {seconds:g} s"
            raise ConnectTimeoutError(self, told) from error
        finally:
            self.limit = whole
        self.sock.settimeout(whole.next_wait())

    def _tunnel(self) -> None:
        super()._tunnel()  # type: ignore[misc]
        self.sock.settimeout(self.limit.next_wait())  # for the TLS handshake that follows

    def getresponse(self) -> Any:
        """Give the answer; where it cannot be, nothing of it stays open."""
        try:
            return super().getresponse()
        except BaseException:
            # urllib3 may refuse a header when http.client has handed the socket on already
            if self._answer:
                self._answer.close()
            raise
        finally:
            self._answer = None

    def send(self, data: bytes | memoryview) -> None:
        """Send a part of a request."""
        if self.limit.is_total and self.sock:
            self.sock.settimeout(self.limit.next_wait())
        super().send(data)

    def response_class(self, *args: Any, **kwargs: Any) -> HTTPResponse:
        """Make what http.client reads the answer with."""
        if self.limit.is_total:
            self._answer = _LimitedResponse(*args, limit=self.limit, **kwargs)
        else:
            self._answer = FramedResponse(*args, **kwargs)
        return self._answer


class _LimitedResponse(FramedResponse):
    """An answer whose bytes, from the first of its header, are read within a limit."""

    def __init__(self, sock: socket.socket, *args: Any, limit: TimeLimit, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_LimitedReader(self.fp.detach(), sock, limit))


class _LimitedReader(io.RawIOBase):
    """Reads from a socket, each time within what is left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, limit: TimeLimit) -> None:
        self._raw = raw
        self._sock = sock
        self._limit = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._limit.next_wait())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


_DEFAULT = TimeLimit(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
