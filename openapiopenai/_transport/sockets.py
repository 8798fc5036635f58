"""Sockets whose timeout limits everything that follows, not each wait.

The timeout of a plain socket begins again with each byte, so a peer that sends one a second keeps
a caller waiting for ever. Here ``settimeout`` sets a deadline: each operation gets what is left of
it, and so does whoever copies the timeout from one socket to the next, as a TLS handshake does.
"""

from __future__ import annotations

import math
import ssl
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from urllib3.util.wait import wait_for_read, wait_for_socket

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

    #: What ``getaddrinfo`` returns for each address: family, type, protocol, name, address.
    Address = tuple[Any, ...]
    SocketOptions = Iterable[tuple[int, int, int | bytes]]

    _Base = socket.socket
else:
    _Base = object

#: What is no larger goes into the socket's buffer at once, in bytes.
_MAX_UNWATCHED = 32 * 1024

#: A socket with a timeout of 0 does not wait at all.
_MIN_TIMEOUT = 0.001

_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

#: What sending over TLS raises where a plain socket has a broken pipe.
_HUNG_UP = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


class DeadlineMixin(_Base):
    """Mixin for socket classes: a timeout over all operations until it is set again."""

    #: Whether each wait may take the whole timeout, as with a plain socket.
    per_wait = False

    #: Whether the peer responded before all was sent, which ends the connection with the response.
    cut_short = False

    _limit: float | None = None
    _end = math.inf
    _peeked = b""

    def settimeout(self, value: float | None, /) -> None:
        """Set the timeout, which begins now."""
        self._limit = value
        self._end = math.inf if value is None else time.monotonic() + value
        super().settimeout(value)

    def gettimeout(self) -> float | None:
        """Return what is left of the timeout, in seconds.

        :raises TimeoutError: when nothing is.
        """
        if self.per_wait or self._limit is None:
            return self._limit
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def recv(self, *args: Any) -> bytes:
        """Receive within what is left."""
        if self._peeked:
            return self._take_peeked()
        self._arm()
        return super().recv(*args)

    def recv_into(self, buffer: Any, *args: Any) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Receive within what is left."""
        if self._peeked:
            memoryview(buffer)[:1] = self._take_peeked()
            return 1
        self._arm()
        return super().recv_into(buffer, *args)

    def send(self, *args: Any, **kwargs: Any) -> int:
        """Send within what is left."""
        self._arm()
        return self._send(*args, **kwargs)  # gevent's takes a timeout, too

    def sendall(self, data: Any, *args: Any) -> None:
        """Send everything within what is left, or until the peer responds.

        :raises BrokenPipeError: when a response arrives before all was sent. urllib3 takes it for
            a peer that hung up early, and reads the response.
        """
        view = memoryview(data).cast("B")
        if len(view) <= _MAX_UNWATCHED:
            self._arm()
            super().sendall(view, *args)
            return
        super().settimeout(0.0)
        try:
            while view:
                view = view[self._send_available(view) :]
        finally:
            super().settimeout(self._limit)

    def _arm(self) -> None:
        if not self.per_wait:
            super().settimeout(self.gettimeout())

    def _send(self, *args: Any, **kwargs: Any) -> int:
        try:
            return super().send(*args, **kwargs)
        except _HUNG_UP as error:  # urllib3 would take it for a failed handshake
            raise BrokenPipeError(str(error)) from error

    def _send_available(self, view: memoryview) -> int:
        """Send as much as the socket takes; wait when that is nothing."""
        try:
            return self._send(view)
        except _WOULD_BLOCK:
            if not wait_for_socket(self, read=True, write=True, timeout=self.gettimeout()):
                raise TimeoutError("timed out") from None
        self._stop_at_response()
        return 0

    def _stop_at_response(self) -> None:
        if wait_for_read(self, timeout=0.0) and self._has_input():
            self.cut_short = True
            raise BrokenPipeError("the peer responded before all was sent")

    def _has_input(self) -> bool:
        """Whether a readable socket holds data; over TLS it may hold only a session ticket."""
        if isinstance(self, ssl.SSLSocket):
            try:
                self._peeked = self._peeked or super().recv(1)
            except _WOULD_BLOCK:
                return False
        return True

    def _take_peeked(self) -> bytes:
        peeked, self._peeked = self._peeked, b""
        return peeked


@cache
def deadline_class(base: Any) -> Any:
    """Return a socket class with a deadline.

    :param base: the class to build upon, looked up when a socket is opened: gevent replaces
        ``socket.socket``, at times after this module was imported.
    :return: the class.
    """
    return type(f"Deadline{base.__name__}", (DeadlineMixin, base), {})


def first_connected(
    addresses: list[Address], timeout: float, connect: Callable[[Address, float], socket.socket]
) -> socket.socket:
    """Return a socket to the first address that accepts.

    :param addresses: what ``getaddrinfo`` found; each gets an even share of the time that is left.
    :param timeout: the limit for all of them, in seconds; what is left of it is the socket's.
    :param connect: what connects to one address, within a timeout in seconds.
    :raises OSError: when none accepts: the error of the last one.
    """
    end = time.monotonic() + timeout
    for position, address in enumerate(addresses, start=1):
        share = (end - time.monotonic()) / (len(addresses) - position + 1)
        try:
            connected = connect(address, max(_MIN_TIMEOUT, share))
        except OSError:
            if position == len(addresses):
                raise
        else:
            connected.settimeout(max(_MIN_TIMEOUT, end - time.monotonic()))
            return connected
    raise OSError("the name has no address")


def connected(
    opened: socket.socket,
    connect: Callable[[], object],
    timeout: float,
    options: SocketOptions | None = None,
    source_address: tuple[str, int] | None = None,
) -> socket.socket:
    """Connect a socket.

    :param opened: the socket, which is closed when that fails.
    :param connect: what connects it.
    :param timeout: the limit, in seconds.
    :param options: options for the socket, as ``(level, name, value)``.
    :param source_address: the address to bind to.
    :return: the socket.
    :raises OSError: when nobody accepts.
    """
    try:
        for option in options or ():
            opened.setsockopt(*option)
        if source_address:
            opened.bind(source_address)
        opened.settimeout(timeout)
        connect()
    except BaseException:
        opened.close()
        raise
    return opened
