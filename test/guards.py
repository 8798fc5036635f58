"""Guards of every test: only this machine is reached, and nothing is left running."""

from __future__ import annotations

import ipaddress
import multiprocessing
import re
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GRACE = 2.0  # seconds in which threads and processes that are ending may end
PROC = Path("/proc")
LOOPBACK_NAMES = {"", "localhost", "ip6-localhost"}
SETTINGS = re.compile(
    r"OPENAI_.*|.*_proxy|SSL_CERT_FILE|SSL_CERT_DIR|SSLKEYLOGFILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE",
    re.IGNORECASE,
)
# Started once by multiprocessing and kept until the interpreter ends.
KEPT_BY_MULTIPROCESSING = re.compile(r"multiprocessing\.(resource_tracker|forkserver)")


class OutsideWorldError(RuntimeError):
    """A test tried to reach something other than this machine."""


class NetworkGuard:
    """An audit hook that lets sockets reach only loopback, and names only ``localhost``.

    ``attempts`` lists what was refused, because the code under test may swallow the exception.
    An audit hook cannot be removed, so there is one per session.
    """

    def __init__(self) -> None:
        """Create a guard that is effective once installed."""
        self.attempts: list[str] = []
        self._checks: dict[str, Callable[..., bool]] = {
            "socket.connect": _may_reach,
            "socket.sendto": _may_reach,
            "socket.sendmsg": _may_reach,
            "socket.getaddrinfo": lambda host, *_: is_local(host),
            "socket.gethostbyname": is_local,
            "socket.gethostbyaddr": is_local,
            "socket.getnameinfo": lambda address: is_local(address[0]),
        }

    def install(self) -> None:
        """Guard from now until the interpreter ends."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        check = self._checks.get(event)
        if check and not check(*arguments):
            self.attempts.append(f"{event} {arguments[-1 if 'send' in event else 0 :]!r}")
            raise OutsideWorldError(self.attempts[-1])


def _may_reach(connection: socket.socket, address: object) -> bool:
    if address is None or connection.family == getattr(socket, "AF_UNIX", None):
        return True  # without an address, a datagram goes to where ``connect`` has been
    return isinstance(address, tuple) and is_local(address[0])


def is_local(host: str | bytes | bytearray | None) -> bool:
    """Return whether a name or address is this machine's loopback."""
    name = "" if host is None else host if isinstance(host, str) else bytes(host).decode("latin-1")
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name.lower() in LOOPBACK_NAMES


def ambient_settings(environment: Mapping[str, str]) -> list[str]:
    """Return the names of variables that would change what a client does."""
    return [name for name in environment if SETTINGS.fullmatch(name)]


def running() -> dict[object, str]:
    """Return the live threads and child processes, each with a name to show."""
    threads: dict[object, str] = {
        thread: f"thread {thread.name!r}" for thread in threading.enumerate()
    }
    return {**threads, **_children()}


def left_behind(settled: set[object]) -> list[str]:
    """Wait a little for what is ending, and return what still runs.

    :param settled: threads and processes that may stay.
    :return: the names of the others.
    """
    deadline = time.monotonic() + GRACE
    while leftovers := [name for key, name in running().items() if key not in settled]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return leftovers


def _children() -> dict[object, str]:
    if not PROC.joinpath("self/stat").exists():
        return {child.pid: f"process {child.name!r}" for child in multiprocessing.active_children()}
    lists = PROC.glob("self/task/*/children")
    numbers = {int(number) for children in lists for number in _read(children).split()}
    children = {number: _command(number) for number in numbers}
    return {
        number: f"process {number}: {command}"
        for number, command in children.items()
        if not KEPT_BY_MULTIPROCESSING.search(command)
    }


def _command(number: int) -> str:
    words = _read(PROC / str(number) / "cmdline")
    return words.replace("\0", " ").strip() or "ended, but nobody waited for it"


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # the thread or process has ended meanwhile
        return ""
