"""``LocalServer``: starts a speech server for a program or a test, and ends it with it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from openapiopenai.local.command import KEY_VARIABLE

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

#: The child finds its modules where this process does, however that came by them.
_START = """
import json, sys
sys.path[:] = json.loads(sys.argv.pop(1))
from openapiopenai.local.command import main
sys.exit(main())
"""

_SECONDS_TO_END = 10


class LocalServer:
    """A speech server in a process of its own, for as long as a ``with`` block lasts.

    It ends with this process too, even if that is killed: it holds one end of a pipe to it.

    :param key: the key that callers must present; None (the default) lets everybody in.
    :param workers: how many utterances are recognised at a time; 1 by default.
    :param port: where it listens; 0 (the default) for a port that is free.
    :param host: the address of the interface it listens on; only this machine by default.
    :param max_body: bytes of a request; 25 MiB by default.
    :param max_seconds: seconds of a recording; an hour by default.
    :param max_queue: requests that may wait for recognition; 32 by default.
    :param startup_timeout: seconds that it may take to be ready; 60 by default.
    """

    def __init__(
        self,
        *,
        key: str | None = None,
        workers: int = 1,
        port: int = 0,
        host: str = "127.0.0.1",
        max_body: int = 25 * 1024 * 1024,
        max_seconds: float = 3600,
        max_queue: int = 32,
        startup_timeout: float = 60,
    ) -> None:
        self._key = key
        self._startup_timeout = startup_timeout
        self._options = {
            "--host": host,
            "--port": port,
            "--workers": workers,
            "--max-body": max_body,
            "--max-seconds": max_seconds,
            "--max-queue": max_queue,
        }
        self._process: subprocess.Popen[str] | None = None
        self._url = ""

    @property
    def host(self) -> str:
        """The base URL: what ``openapiopenai.Configuration(host=...)`` takes.

        :raises RuntimeError: when the server does not run.
        """
        self._running()
        return self._url

    @property
    def port(self) -> int:
        """The port it listens on.

        :raises RuntimeError: when the server does not run.
        """
        return urlsplit(self.host).port or 0

    @property
    def pid(self) -> int:
        """The number of its process.

        :raises RuntimeError: when the server does not run.
        """
        return self._running().pid

    def start(self) -> Self:
        """Start the server and wait until it answers.

        :return: itself.
        :raises RuntimeError: when it runs already, or does not start; with what it said.
        """
        if self._process is not None:
            raise RuntimeError("The local speech server runs already.")
        # To a file: a pipe that nobody reads would fill up, and stop it.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            self._process = self._popen(complaints)
            try:
                self._url = self._announced(self._process)
            finally:
                if not self._url:
                    self.stop()
            if not self._url:
                complaints.seek(0)
                why = complaints.read().strip() or f"not ready in {self._startup_timeout:g} seconds"
                raise RuntimeError(f"The local speech server did not start: {why}")
        return self

    def stop(self) -> None:
        """End the server and its workers; do nothing when it does not run."""
        process, self._process, self._url = self._process, None, ""
        if process is not None:
            _end(process)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise RuntimeError("The local speech server does not run: start it, or use `with`.")
        return self._process

    def _popen(self, complaints: IO[str]) -> subprocess.Popen[str]:
        options = [str(part) for option in self._options.items() for part in option]
        environment = {**os.environ, KEY_VARIABLE: self._key or ""}
        return subprocess.Popen(  # noqa: S603  (this interpreter, our own module)
            [sys.executable, "-c", _START, json.dumps(sys.path), "--until-input-ends", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environment,
            text=True,
            start_new_session=True,  # Ctrl-C is for whoever started it, who then ends it
        )

    def _announced(self, process: subprocess.Popen[str]) -> str:
        """Wait for the line that names the URL: an empty one, when the process ends instead."""
        timer = threading.Timer(self._startup_timeout, process.kill)
        timer.start()
        try:
            line = next(iter(process.stdout or ()), "")
        finally:
            timer.cancel()
            timer.join()
        return line.removeprefix("Listening on ").strip()


def _end(process: subprocess.Popen[str]) -> None:
    with process, contextlib.suppress(subprocess.TimeoutExpired):
        if process.stdin:
            process.stdin.close()  # which it takes as the sign to end
        try:
            process.wait(_SECONDS_TO_END)
        finally:
            process.kill()  # unless it has ended
