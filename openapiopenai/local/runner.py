"""Runs the application on a socket, by uvicorn, until a signal ends it."""

from __future__ import annotations

import _thread
import contextlib
import logging
import os
import signal
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from openapiopenai.local import synthesizer
from openapiopenai.local.app import create_app
from openapiopenai.local.recognizer import Recognizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from openapiopenai.local.limits import Limits

#: Read without a buffer, whose lock a thread would still hold when the interpreter exits.
_STDIN = 0

#: Seconds that requests in progress have left once the server is stopped.
_SHUTDOWN_SECONDS = 2


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket.

    :param host: the name or address to listen on.
    :param port: the port; 0 for a free one.
    :return: the socket.
    :raises OSError: if the address is not available.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def run(
    listener: socket.socket,
    on_ready: Callable[[str], None],
    *,
    host: str,
    key: str | None,
    workers: int,
    limits: Limits,
) -> None:
    """Serve until SIGINT or SIGTERM.

    :param listener: the listening socket.
    :param on_ready: called with the base URL once requests are served.
    :param host: the name or address that the socket was opened with.
    :param key: the key that clients must send; None accepts every client.
    :param workers: the number of recognizer processes.
    :param limits: limits on requests.
    """
    with contextlib.closing(Recognizer(workers)) as recognizer:
        synthesizer.start()
        recognizer.wait_until_ready()
        app = create_app(recognizer, host=host, key=key, limits=limits)
        _Server(app, lambda: on_ready(_url(listener))).run(sockets=[listener])


def stop_at_end_of_input() -> None:
    """Stop this process, as SIGTERM does, when its standard input closes.

    The parent process holds the other end of that pipe, which closes even if the parent is killed.
    """
    threading.Thread(target=_wait_for_end_of_input, daemon=True).start()


def _wait_for_end_of_input() -> None:
    while os.read(_STDIN, 1024):
        pass
    _thread.interrupt_main(signal.SIGTERM)


class _Server(uvicorn.Server):
    """A uvicorn server that calls back when it listens, and logs only failures."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Requests are cut off on purpose from now on, which is not worth a log record.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets=sockets)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1"
