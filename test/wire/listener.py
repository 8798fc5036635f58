"""Base of the servers: a listening socket, a thread per connection, and a sure end."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

LOOPBACK = "127.0.0.1"
GRACE = 5.0  # seconds that a handler may take to end, once its connection is gone


class ServerEndedError(ConnectionError):
    """The server ended while a handler was waiting."""


class Listener:
    """A server on a free port of 127.0.0.1 that lives as long as its ``with`` block.

    A handler that fails, other than by losing its connection, makes the ``with`` block fail.
    ``errors`` holds these failures until then.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        """:param tls: the server's side of TLS (see ``server_context``); plain by default."""
        self.port = 0
        self.connections = 0  # how many were accepted
        self.errors: list[Exception] = []
        self.server_names: list[str | None] = []  # what each TLS client named by SNI
        self.ending = threading.Event()
        self.changed = threading.Condition()
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._gates: list[threading.Event] = []

    def serve(self, connection: socket.socket, number: int) -> None:
        """Handle one connection, which is closed afterwards; each kind of server has its own.

        :param number: which of the accepted connections it is, from 1.
        """
        raise NotImplementedError

    @property
    def origin(self) -> str:
        """The scheme, address and port, as in ``http://127.0.0.1:4321``."""
        return f"{'https' if self._tls else 'http'}://{LOOPBACK}:{self.port}"

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        return len(self._open)

    def wait_for(self, predicate: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Wait until something about the server is true: a request came, a connection went.

        :param predicate: evaluated at every change.
        :param seconds: the longest wait.
        :return: whether it came true in time.
        """
        with self.changed:
            return self.changed.wait_for(predicate, seconds)

    def gate(self, event: threading.Event | None = None) -> threading.Event:
        """Make an event that handlers can wait for: the end of the server sets it, too.

        :param event: one to be set at the end; a new one by default.
        """
        event = event or threading.Event()
        with self.changed:
            self._gates.append(event)
            if self.ending.is_set():
                event.set()
        return event

    def wait(self, event: threading.Event | None = None, seconds: float | None = None) -> None:
        """Wait in a handler: for an event, for some seconds, or for the end of the server.

        :raises ServerEndedError: the server ended, so that there is nothing left to do.
        """
        gate = self.gate(event)
        gate.wait(seconds)
        with self.changed:
            self._gates.remove(gate)
        if self.ending.is_set():
            raise ServerEndedError

    def __enter__(self) -> Self:
        self._listening = socket.create_server((LOOPBACK, 0), backlog=128)
        self._listening.settimeout(0)
        self.port = self._listening.getsockname()[1]
        self._wakes, self._woken = socket.socketpair()
        if self._tls:
            self._tls.sni_callback = self._note_server_name
        self._acceptor = threading.Thread(target=self._accept_all, name=self._name("acceptor"))
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop_accepting()
        self._release_handlers()
        for thread in self._threads:
            thread.join(GRACE)
        if kind is None and any(thread.is_alive() for thread in self._threads):
            raise RuntimeError(f"a handler of {self._name('server')} waits for what never comes")
        if kind is None and self.errors:
            raise RuntimeError(f"{len(self.errors)} handler(s) failed") from self.errors[0]

    def _name(self, part: str) -> str:
        return f"{type(self).__name__}:{self.port} {part}"

    def _note_server_name(
        self, _: ssl.SSLSocket | ssl.SSLObject, name: str | None, __: ssl.SSLContext
    ) -> None:
        self.server_names.append(name)

    def _stop_accepting(self) -> None:
        self.ending.set()
        self._wakes.send(b"!")  # closing it would not do: a forked child may hold it open
        self._acceptor.join()
        for end in (self._listening, self._wakes, self._woken):
            end.close()

    def _release_handlers(self) -> None:
        with self.changed:
            for gate in self._gates:
                gate.set()
            for connection in self._open:
                shut_down(connection)

    def _accept_all(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self.ending.is_set():
                selector.select()
                with contextlib.suppress(OSError):  # the client may have left the queue again
                    self._accept()

    def _accept(self) -> None:
        connection, _ = self._listening.accept()
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.changed:
            self.connections += 1
            number = self.connections
        if self._tls:
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        with self.changed:
            self._open.add(connection)
            self.changed.notify_all()
        self._start(connection, number)

    def _start(self, connection: socket.socket, number: int) -> None:
        name = self._name(f"connection {number}")
        thread = threading.Thread(target=self._handle, args=(connection, number), name=name)
        self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]
        thread.start()

    def _handle(self, connection: socket.socket, number: int) -> None:
        try:
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            self.serve(connection, number)
        except OSError:
            pass  # the peer left or was made to: what many tests are about
        except Exception as error:  # noqa: BLE001  any failure of a handler is shown at the end
            self.errors.append(error)
        finally:
            self._forget(connection)

    def _forget(self, connection: socket.socket) -> None:
        shut_down(connection)
        connection.close()
        with self.changed:
            self._open.discard(connection)
            self.changed.notify_all()


def shut_down(connection: socket.socket) -> None:
    """End both directions of a connection, whichever thread or forked child holds it as well."""
    with contextlib.suppress(OSError):
        # Not the method of SSLSocket: it would drop the TLS state under a thread that reads.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
