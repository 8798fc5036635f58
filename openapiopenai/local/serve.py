"""Run the application on a socket until it is told to end."""

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

from openapiopenai.local import speech
from openapiopenai.local.app import make_app
from openapiopenai.local.recognition import Recogniser

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from openapiopenai.local.app import Limits

_STDIN = 0  # read without a buffer: its lock, held by a thread, would spoil the end
_SECONDS_TO_FINISH = 2  # what a request that is being answered has left when the server ends


def listen(host: str, port: int) -> socket.socket:
    """Open the socket that requests come in through.

    :param host: the address of the interface.
    :param port: 0 for one that is free.
    :return: the socket.
    :raises OSError: when that cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def serve(
    listener: socket.socket,
    announce: Callable[[str], None],
    *,
    key: str | None,
    workers: int,
    limits: Limits,
) -> None:
    """Serve until SIGINT or SIGTERM.

    :param listener: where requests come in.
    :param announce: is given the base URL, once requests are answered at it.
    :param key: the key that callers must present; None lets everybody in.
    :param workers: how many utterances are recognised at a time.
    :param limits: how much the server takes on.
    """
    with contextlib.closing(Recogniser(workers)) as recogniser:
        speech.start()
        recogniser.wait_until_ready()
        app = make_app(recogniser, key=key, limits=limits)
        _Server(app, lambda: announce(_url(listener))).run(sockets=[listener])


def end_with_input() -> None:
    """End this process as SIGTERM does when its standard input ends.

    Whoever started it holds the other end of that pipe, and lets go of it even when killed.
    """
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    while os.read(_STDIN, 1024):
        pass
    _thread.interrupt_main(signal.SIGTERM)


class _Server(uvicorn.Server):
    """Uvicorn, which says when it listens, and else only what goes wrong."""

    def __init__(self, app: ASGIApp, listening: Callable[[], None]) -> None:
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
                timeout_graceful_shutdown=_SECONDS_TO_FINISH,
            )
        )
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Whatever is cut short from now on is cut short on purpose: that is no news.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets=sockets)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1"
