"""Ports that do not answer, and the sockets that this process holds."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from .listener import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBE_SECONDS = 0.2  # on loopback, a connect that takes longer than this gets no answer
MOST_FILLERS = 16


@contextlib.contextmanager
def refused_port() -> Iterator[int]:
    """A port of 127.0.0.1 that refuses connections, reserved for the block."""
    with socket.socket() as bound:
        bound.bind((LOOPBACK, 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """A port of 127.0.0.1 where connecting times out, because its backlog is full.

    :raises RuntimeError: this system takes connections even so.
    """
    with contextlib.ExitStack() as held, socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        listening.listen(0)
        address = listening.getsockname()
        for _ in range(MOST_FILLERS):
            filler = held.enter_context(socket.socket())
            filler.settimeout(PROBE_SECONDS)
            try:
                filler.connect(address)
            except TimeoutError:
                break
        else:
            raise RuntimeError("the backlog of a listening socket cannot be filled here")
        yield address[1]


def open_sockets() -> int:
    """Count the sockets that this process has open, servers' of this process included (Linux)."""
    return sum(map(_is_socket, Path("/proc/self/fd").iterdir()))


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except FileNotFoundError:  # the descriptor by which the directory was read
        return False
