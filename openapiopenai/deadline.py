"""How long a call may take, as urllib3 and the sockets below it understand it."""

from __future__ import annotations

import io
import math
import time
from functools import partial
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, TypeAlias

from typing_extensions import Self
from urllib3 import Timeout

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

RequestTimeout: TypeAlias = float | tuple[float, float] | None

#: Without a limit of the caller's: long enough for the longest recording, and still finite.
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 600.0


class TimeLimit(Timeout):
    """A limit for connecting and one for each wait on the socket after that.

    urllib3 lets its limit for connecting hold while a body is sent, too, which a slow line fails.
    """

    #: Whether the limit is over the whole call, and so shrinks from one wait to the next.
    is_total = False

    def next_wait(self) -> float | None:
        """Give how long the next wait on a socket may last, in seconds."""
        return self.read_timeout

    @property
    def remaining(self) -> float:
        """How many seconds are left for the call."""
        return math.inf


class Deadline(TimeLimit):
    """A limit over a whole call, counted once: connecting, sending, waiting, reading, retrying.

    urllib3 counts its own ``total`` anew for each attempt, and only up to the first byte of an
    answer.

    :param seconds: the limit.
    :param clock: what tells the time, in seconds.
    """

    is_total = True

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(total=seconds)
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

    def clone(self) -> Self:
        """Give itself: the end does not move with an attempt."""
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


def limit_of(value: RequestTimeout, clock: Callable[[], float]) -> TimeLimit:
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
    if not (math.isfinite(value) and value > 0):
        raise ApiValueError(f"the timeout is {value}; pass a number of seconds greater than 0")
    return float(value)


class LimitedConnection:
    """What makes a connection of urllib3 keep a :class:`TimeLimit` in every send and receive.

    A socket's own timeout begins again with each byte, so a server that sends one a second would
    keep a call waiting for ever.
    """

    limit: TimeLimit
    sock: socket.socket | None

    def send(self, data: Any) -> None:
        """Send within the limit."""
        if self.sock is not None:
            self.sock.settimeout(self.limit.next_wait())
        super().send(data)  # type: ignore[misc]

    @property
    def response_class(self) -> Callable[..., HTTPResponse]:
        """What http.client reads the answer with."""
        if self.limit.is_total:
            return partial(_LimitedResponse, limit=self.limit)
        return HTTPResponse


class LimitedPool:
    """What makes a pool of urllib3 tell its connections the limit of the call they serve.

    The limit travels where urllib3 has its ``pool_timeout``, which these pools have no use for:
    they open another connection rather than wait for one.
    """

    def _get_conn(self, timeout: Any = None) -> Any:
        connection: Any = super()._get_conn()  # type: ignore[misc]
        connection.limit = timeout
        return connection


class _LimitedResponse(HTTPResponse):
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
