"""The names of urllib3 and http.client that the package overrides though they are not published."""

from __future__ import annotations

import http.client
import inspect
import pkgutil
import socket
import ssl
from importlib import import_module

import pytest
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

import openapiopenai._transport as transport

NOT_PUBLISHED = {
    "HTTPConnection._new_conn",
    "HTTPConnectionPool._make_request",
    "HTTPConnectionPool._new_conn",
    "HTTPResponse._read_status",
}
FOREIGN = ("urllib3", "http", "ssl", "socket", "_socket", "io", "_io")


def overridden() -> set[str]:
    """The private names of other packages that a class of the transport defines anew."""
    found = set()
    for module in pkgutil.iter_modules(transport.__path__):
        loaded = import_module(f"{transport.__name__}.{module.name}")
        for _, kind in inspect.getmembers(loaded, inspect.isclass):
            ours = [base for base in kind.__mro__ if base.__module__.startswith("openapiopenai")]
            theirs = [base for base in kind.__mro__ if base.__module__.startswith(FOREIGN)]
            names = {name for base in ours for name in vars(base) if name.startswith("_")}
            found |= {
                f"{base.__name__}.{name}"
                for base in theirs
                for name in names & vars(base).keys()
                if not name.startswith(("__", "_abc_"))
            }
    return found


def test_these_names_and_no_others_are_overridden() -> None:
    of_tls = {name.replace("HTTP", "HTTPS", 1) for name in NOT_PUBLISHED}
    assert overridden() - of_tls == NOT_PUBLISHED
    assert len(NOT_PUBLISHED) <= 8


def test_a_connection_opens_its_socket_by_new_conn() -> None:
    """``_new_conn(self)`` returns a connected socket, over TLS too."""
    for kind in (HTTPConnection, HTTPSConnection):
        assert list(inspect.signature(kind._new_conn).parameters) == ["self"]

    class RefusedError(Exception):
        pass

    class Opening(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            raise RefusedError

    class OpeningSecurely(HTTPSConnection, Opening):
        _new_conn = Opening._new_conn

    for connection in (Opening("127.0.0.1"), OpeningSecurely("127.0.0.1")):
        with pytest.raises(RefusedError):
            connection.connect()


def test_a_pool_hands_the_timeout_to_make_request() -> None:
    """``_make_request(conn, method, url, timeout=...)`` gets the timeout that a caller passed."""
    seen = {}

    class Asking(urllib3.HTTPConnectionPool):
        def _make_request(self, conn: object, *args: object, **options: object) -> None:  # type: ignore[override]
            seen.update(options, conn=conn, args=args)
            raise KeyboardInterrupt

    timeout = urllib3.Timeout(total=5)
    with pytest.raises(KeyboardInterrupt):
        Asking("127.0.0.1").urlopen("GET", "/", timeout=timeout)
    assert isinstance(seen["timeout"], urllib3.Timeout)
    assert seen["timeout"].total == 5
    assert isinstance(seen["conn"], HTTPConnection)
    assert seen["args"] == ("GET", "/")


def test_a_pool_makes_a_connection_by_new_conn() -> None:
    """``_new_conn()`` returns a connection that is not open yet."""
    connection = urllib3.HTTPConnectionPool("127.0.0.1")._new_conn()
    assert isinstance(connection, HTTPConnection)
    assert connection.is_closed


def test_a_response_reads_its_status_by_read_status() -> None:
    """``_read_status`` returns version, status and reason, and is called for each status line."""
    there, here = socket.socketpair()
    with there, here:
        there.sendall(b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        statuses = []

        class Reading(http.client.HTTPResponse):
            def _read_status(self) -> tuple[str, int, str]:
                version, status, reason = super()._read_status()  # type: ignore[misc]
                statuses.append(status)
                return version, http.client.CONTINUE if status == 103 else status, reason

        with Reading(here) as response:
            response.begin()
        assert statuses == [103, 200]
        assert response.status == 200


def test_a_context_makes_sockets_of_the_class_that_it_is_given() -> None:
    """``SSLContext.sslsocket_class`` is published; that ``wrap_socket`` uses it is relied upon."""
    context = ssl.create_default_context()
    kind = type("Ours", (context.sslsocket_class,), {})
    context.sslsocket_class = kind
    there, here = socket.socketpair()
    with there, here:
        wrapped = context.wrap_socket(here, server_hostname="x", do_handshake_on_connect=False)
        assert type(wrapped) is kind
        wrapped.close()
