"""How a connection is opened: a name is looked up and its addresses are tried, within one limit."""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
from typing import Any, TypeAlias, cast

from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_ import is_ipaddress

from openapiopenai._transport.timeouts import LimitedConnection

#: What ``getaddrinfo`` takes: host, port, family, type. And what it gives, each of a list of them.
_Question: TypeAlias = "tuple[str, int, int, int]"
_Address: TypeAlias = "tuple[Any, ...]"

#: For how long an answer that came too late for one try serves the next: longer than the waits
#: between tries, and shorter than most names keep their addresses.
_FRESH_SECONDS = 10.0


class DirectConnection(LimitedConnection):
    """What makes a connection of urllib3 share its time out among the addresses of a host.

    urllib3 gives each of them all the time, so that a host with four addresses that do not answer
    would take four times the limit.
    """

    port: int
    proxy_config: Any
    _dns_host: str
    source_address: tuple[str, int] | None
    socket_options: list[tuple[int, int, int | bytes]] | None

    def _new_conn(self) -> socket.socket:
        return self._connected(self._dns_host, self.port)

    def _connected(self, host: str, port: int) -> socket.socket:
        addresses = self._addresses(host, port)
        try:
            return self._connected_to_one(addresses)
        except TimeoutError:
            raise  # ``connect`` tells of it
        except OSError as error:
            raise NewConnectionError(self, f"Failed to connect to {host}: {error}") from error  # type: ignore[arg-type]

    def _addresses(self, host: str, port: int, family: int | None = None) -> list[_Address]:
        family = allowed_gai_family() if family is None else family
        seconds = self.limit.next_wait()
        found = _looked_up((host, port, family, socket.SOCK_STREAM), seconds)
        if found is None:
            told = f"resolving {host} took longer than {seconds:.3g} s"
            raise ConnectTimeoutError(self, told)
        if isinstance(found, Exception):
            raise NameResolutionError(host, self, found) from found  # type: ignore[arg-type]
        return found

    def _connected_to_one(self, addresses: list[_Address]) -> socket.socket:
        first, *others = addresses
        try:
            return self._connected_to(first, self.limit.next_wait() / len(addresses))
        except OSError:
            if not others:
                raise
        return self._connected_to_one(others)

    def _connected_to(self, address: _Address, seconds: float) -> socket.socket:
        family, kind, protocol, _, place = address
        opened = socket.socket(family, kind, protocol)
        try:
            for option in self.socket_options or ():
                opened.setsockopt(*option)
            if self.source_address:
                opened.bind(self.source_address)
            opened.settimeout(seconds)
            opened.connect(place)
            opened.settimeout(self.limit.next_wait())  # for the TLS handshake that follows
        except BaseException:
            opened.close()
            raise
        return opened

    def _connect_tls_proxy(self, hostname: str, sock: socket.socket) -> _ProxySocket:
        self.proxy_config.ssl_context.sslsocket_class = _ProxySocket
        secured = cast("_ProxySocket", super()._connect_tls_proxy(hostname, sock))  # type: ignore[misc]
        secured.connection = self
        return secured


class _ProxySocket(ssl.SSLSocket):
    """A TLS connection to a proxy, through which urllib3 may put another.

    It reads each record of the inner one by as many waits as the record comes in pieces.
    """

    connection: LimitedConnection | None = None  # whose limit is kept

    def recv(self, *args: Any, **kwargs: Any) -> bytes:
        self._keep_limit()
        return super().recv(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self._keep_limit()
        super().sendall(*args, **kwargs)

    def _keep_limit(self) -> None:
        if self.connection:
            self.settimeout(self.connection.limit.next_wait())


class _Lookup(threading.Thread):
    """A question to the system's resolver, which knows no limit: so it is asked in a thread.

    Where it does not answer in time the thread is left to itself, and ends when it does.
    """

    def __init__(self, question: _Question) -> None:
        super().__init__(name=f"resolving {question[0]}", daemon=True)
        self.question = question
        self.outcome: list[_Address] | Exception | None = None
        self._ended = -math.inf

    @property
    def is_of_use(self) -> bool:
        """Whether an answer is still to come, or has come just now."""
        return self.is_alive() or time.monotonic() - self._ended < _FRESH_SECONDS

    def run(self) -> None:
        try:
            self.outcome = socket.getaddrinfo(*self.question)
        except Exception as error:  # noqa: BLE001 - told by the thread that waits for it
            self.outcome = error
        self._ended = time.monotonic()


#: The lookups whose answer nobody has taken yet. Who asks the same gets the same answer: so a
#: resolver that is down holds a thread for each name, and not for each call, and one whose answer
#: takes longer than a try may take has it ready for the next try.
_under_way: dict[_Question, _Lookup] = {}


def _looked_up(question: _Question, seconds: float) -> list[_Address] | Exception | None:
    """Give the addresses of a name, why there are none, or None where that takes too long."""
    lookup = _under_way.get(question)
    if lookup is None or not lookup.is_of_use:  # as after a fork, which leaves its thread behind
        lookup = _begun(_Lookup(question))
    if lookup.is_alive():
        lookup.join(seconds)
    if lookup.outcome is not None:
        _under_way.pop(question, None)
    return lookup.outcome


def _begun(lookup: _Lookup) -> _Lookup:
    host = lookup.question[0]
    if host == "localhost" or is_ipaddress(host):  # no server is asked for these
        lookup.run()
        return lookup
    _under_way[lookup.question] = lookup
    try:
        lookup.start()
    except RuntimeError:  # no thread is to be had: late is better than not at all
        lookup.run()
    return lookup
