"""Name resolution with a timeout, which ``getaddrinfo`` does not have."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, TypeAlias

from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_ import is_ipaddress

if TYPE_CHECKING:
    from openapiopenai._transport.sockets import Address

_Question: TypeAlias = "tuple[str, int, int, int]"

#: How long a result that came too late for one attempt serves the next, in seconds: longer than
#: the waits between attempts, and shorter than most names keep their addresses.
_FRESH_SECONDS = 10.0


class ResolutionTimeoutError(TimeoutError):
    """A name was not resolved in time.

    :param host: the name.
    """

    def __init__(self, host: str) -> None:
        super().__init__(f"resolving {host} timed out")
        self.host = host


class Resolver:
    """Resolves names in threads, and leaves a thread to itself when the time is over.

    Attempts that wait for the same name share a thread: so a resolver that is down holds one for
    each name, not for each call, and an attempt finds the result that came too late for the last.
    """

    def __init__(self) -> None:
        self._lookups: dict[_Question, _Lookup] = {}

    def resolve(
        self, host: str, port: int, timeout: float, family: int | None = None
    ) -> list[Address]:
        """Return the addresses of a host.

        :param host: a name or an address.
        :param port: the port.
        :param timeout: the limit, in seconds.
        :param family: the address family. Default: IPv4 and, where the system has it, IPv6.
        :return: what ``getaddrinfo`` returns.
        :raises socket.gaierror: when there are none.
        :raises ResolutionTimeoutError: when that takes longer.
        """
        family = allowed_gai_family() if family is None else family
        question = (host, port, family, socket.SOCK_STREAM)
        if host == "localhost" or is_ipaddress(host):  # needs no server
            return socket.getaddrinfo(*question)
        lookup = self._lookups.get(question)
        if lookup is None or not lookup.is_fresh:
            lookup = self._lookups[question] = _Lookup(question)
        if not lookup.done.wait(timeout):
            raise ResolutionTimeoutError(host)
        self._lookups.pop(question, None)
        return lookup.result()


class _Lookup:
    """A call of ``getaddrinfo`` in a daemon thread.

    :param question: its arguments.
    """

    def __init__(self, question: _Question) -> None:
        # looked up here and now: gevent may have replaced them since this module was imported
        self.done = threading.Event()
        self._outcome: list[Address] | Exception = []
        self._ended = 0.0
        name = f"resolving {question[0]}"
        thread = threading.Thread(target=self._run, args=question, name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # there is no thread to be had: late is better than not at all
            self._run(*question)

    @property
    def is_fresh(self) -> bool:
        """Whether the result is still to come, or has come just now."""
        return not self.done.is_set() or time.monotonic() - self._ended < _FRESH_SECONDS

    def result(self) -> list[Address]:
        """Return the addresses, or raise why there are none."""
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def _run(self, *question: int | str) -> None:
        try:
            self._outcome = socket.getaddrinfo(*question)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits
            self._outcome = error
        self._ended = time.monotonic()
        self.done.set()
