"""How long a call may take, as urllib3 and the sockets below it understand it."""

from __future__ import annotations

import io
import math
import socket
import time
from functools import partial
from http.client import CONTINUE, SWITCHING_PROTOCOLS, HTTPResponse
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from typing_extensions import Self
from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import allowed_gai_family

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable

RequestTimeout: TypeAlias = float | tuple[float, float] | None

#: Without a limit of the caller's: long enough for the longest recording, and still finite.
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 600.0

#: Up to this size, in bytes, the start of a body is sent together with the header.
_WORTH_JOINING = 64 * 1024

#: A longer limit is cut to this: sockets take no more than 24 days.
_LONGEST_SECONDS = 1e6


class TimeLimit(Timeout):
    """A limit for connecting and one for each wait on the socket after that.

    urllib3 lets its limit for connecting hold while a body is sent, too, which a slow line fails.

    :param connect: the limit for connecting, in seconds.
    :param read: the limit for each wait, in seconds.
    """

    #: Whether the limit is over the whole call, and so shrinks from one wait to the next.
    is_total = False

    def __init__(self, connect: float, read: float) -> None:
        super().__init__(connect=connect, read=read)
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
    if not 0 < value < math.inf:
        raise ApiValueError(f"the timeout is {value}; pass a number of seconds greater than 0")
    return float(min(value, _LONGEST_SECONDS))


class LimitedConnection:
    """What makes a connection of urllib3 keep a :class:`TimeLimit` in every send and receive.

    A socket's own timeout begins again with each byte, so a server that sends one a second would
    keep a call waiting for ever.
    """

    limit: TimeLimit
    host: str
    sock: socket.socket

    _header = b""
    _ends_header = False

    def connect(self) -> None:
        """Connect within the limit for that: all addresses, a proxy's answer, and TLS."""
        whole, self.limit = self.limit, self.limit.to_connect()
        try:
            super().connect()  # type: ignore[misc]
        except TimeoutError as error:
            seconds = self.limit.seconds
            told = f"connecting to {self.host} took longer than {seconds:g} s"
            raise ConnectTimeoutError(self, told) from error
        finally:
            self.limit = whole

    def _tunnel(self) -> None:
        super()._tunnel()  # type: ignore[misc]
        self.sock.settimeout(self.limit.next_wait())  # for the TLS handshake that follows

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        """End the header, and hold it until the body begins, so that one system call sends both."""
        self._ends_header = True
        try:
            super().endheaders(*args, **kwargs)  # type: ignore[misc]
        finally:
            self._ends_header = False

    def getresponse(self) -> Any:
        """Send a header that no body has followed, and give the answer."""
        if self._header:
            self.send(b"")
        return super().getresponse()  # type: ignore[misc]

    def send(self, data: bytes | memoryview) -> None:
        """Send within the limit."""
        if self._ends_header:
            self._header = bytes(data)
            return
        header, self._header = self._header, b""
        if not self.sock:
            self.connect()
        if header and len(data) > _WORTH_JOINING:
            self._send(memoryview(header))
            header = b""
        self._send(memoryview(header + data if header else data))

    def _send(self, view: memoryview) -> None:
        self.sock.settimeout(self.limit.next_wait())
        super().send(view)  # type: ignore[misc]

    @property
    def response_class(self) -> Callable[..., HTTPResponse]:
        """What http.client reads the answer with."""
        if self.limit.is_total:
            return partial(_LimitedResponse, limit=self.limit)
        return _Response


class DirectConnection(LimitedConnection):
    """What makes a connection of urllib3 share its time out among the addresses of a host.

    urllib3 gives each of them all the time, so that a host with four addresses that do not answer
    would take four times the limit.
    """

    port: int
    _dns_host: str
    source_address: tuple[str, int] | None
    socket_options: list[tuple[int, int, int | bytes]] | None

    def _new_conn(self) -> socket.socket:
        try:
            connected = self._connected(self._addresses())
        except TimeoutError:
            raise  # ``connect`` tells of it
        except OSError as error:
            raise NewConnectionError(self, f"Failed to connect: {error}") from error  # type: ignore[arg-type]
        connected.settimeout(self.limit.next_wait())  # for the TLS handshake that follows
        return connected

    def _addresses(self) -> list[tuple[Any, ...]]:
        family = allowed_gai_family()
        try:
            return socket.getaddrinfo(self._dns_host, self.port, family, socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]

    def _connected(self, addresses: list[tuple[Any, ...]]) -> socket.socket:
        first, *others = addresses
        try:
            return self._connected_to(first, self.limit.next_wait() / len(addresses))
        except OSError:
            if not others:
                raise
        return self._connected(others)

    def _connected_to(self, address: tuple[Any, ...], seconds: float) -> socket.socket:
        family, kind, protocol, _, place = address
        opened = socket.socket(family, kind, protocol)
        try:
            for option in self.socket_options or ():
                opened.setsockopt(*option)
            if self.source_address:
                opened.bind(self.source_address)
            opened.settimeout(seconds)
            opened.connect(place)
        except BaseException:
            opened.close()
            raise
        return opened


class LimitedPool:
    """What makes a pool of urllib3 tell its connections the limit of the call they serve.

    The limit travels where urllib3 has its ``pool_timeout``, which these pools have no use for:
    they open another connection rather than wait for one.
    """

    def _get_conn(self, timeout: Any = None) -> Any:
        connection: Any = super()._get_conn()  # type: ignore[misc]
        connection.limit = timeout
        return connection  # pyright: ignore[reportUnknownVariableType]


class _Response(HTTPResponse):
    """An answer that may come after others which only say that it will; http.client knows one."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = cast("tuple[str, int, str]", super()._read_status())  # type: ignore[misc]
        interim = SWITCHING_PROTOCOLS < status < 200  # noqa: PLR2004 - the first that is final
        return version, CONTINUE if interim else status, reason


class _LimitedResponse(_Response):
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
