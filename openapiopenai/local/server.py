"""``LocalServer``: runs the server in a child process."""

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

from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.local.cli import KEY_VARIABLE
from openapiopenai.local.limits import Limits, check_number

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

#: The child imports from where this process does, however that was set up.
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv.pop(1))
from openapiopenai.local.cli import main
sys.exit(main())
"""

#: Seconds that the child has to exit before it is killed.
_EXIT_SECONDS = 10


class LocalServer:
    """A local speech server in a child process, for the duration of a ``with`` block.

    It also stops when this process ends, even if that is killed.

    :param key: the key that clients must send; None (the default) accepts every client.
    :param workers: utterances to recognize at a time; 1 by default.
    :param port: the port to listen on; 0 (the default) for a free one.
    :param host: the name or address to listen on; reachable from this machine only by default.
    :param max_body: bytes per request; 25 MiB by default.
    :param max_seconds: seconds of audio per transcription; one hour by default.
    :param max_characters: characters of text per speech request; 4096 by default.
    :param max_queue: requests that may wait for recognition; 32 by default.
    :param startup_timeout: seconds to wait until the server is ready; 60 by default.
    :raises ApiTypeError: if an argument has the wrong type.
    :raises ApiValueError: if an argument is out of range.
    """

    def __init__(  # noqa: PLR0913 - keywords, each with a default
        self,
        *,
        key: str | None = None,
        workers: int = 1,
        port: int = 0,
        host: str = "127.0.0.1",
        max_body: int = Limits.max_body,
        max_seconds: float = Limits.max_seconds,
        max_characters: int = Limits.max_characters,
        max_queue: int = Limits.max_queue,
        startup_timeout: float = 60,
    ) -> None:
        numbers = {
            "port": port,
            "workers": workers,
            "max_body": max_body,
            "max_seconds": max_seconds,
            "max_characters": max_characters,
            "max_queue": max_queue,
        }
        for name, value in {**numbers, "startup_timeout": startup_timeout}.items():
            check_number(name, value)
        _check_text(key, host)
        self._key = key
        self._startup_timeout = startup_timeout
        self._options = {"host": host, **numbers}
        self._process: subprocess.Popen[str] | None = None
        self._url = ""

    def __repr__(self) -> str:
        running = self._process is not None and self._process.poll() is None
        host = self._url if running else self._options["host"]
        return f"<LocalServer host={host!r} {'running' if running else 'stopped'}>"

    @property
    def host(self) -> str:
        """The base URL for ``openapiopenai.Configuration(host=...)``.

        :raises RuntimeError: if the server is not running.
        """
        self._require_process()
        return self._url

    @property
    def port(self) -> int:
        """The port it listens on.

        :raises RuntimeError: if the server is not running.
        """
        return urlsplit(self.host).port or 0

    @property
    def pid(self) -> int:
        """The id of the child process.

        :raises RuntimeError: if the server is not running.
        """
        return self._require_process().pid

    def start(self) -> Self:
        """Start the server and wait until it is ready.

        :return: the server itself.
        :raises RuntimeError: if it is running already, or does not start; with its error output.
        """
        if self._process is not None:
            raise RuntimeError("the local server is already running")
        # A file, because a pipe that nobody reads could fill up and block the child.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            self._process = self._spawn(errors)
            try:
                self._url = self._wait_until_ready(self._process)
            finally:
                if not self._url:
                    self.stop()
            if not self._url:
                errors.seek(0)
                reason = errors.read().strip() or f"not ready after {self._startup_timeout:g} s"
                raise RuntimeError(f"the local server did not start: {reason}")
        return self

    def stop(self) -> None:
        """Stop the server and its workers; do nothing if it is not running."""
        process, self._process, self._url = self._process, None, ""
        if process is not None:
            _stop(process)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _require_process(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise RuntimeError("the local server is not running: call start() or use `with`")
        return self._process

    def _spawn(self, errors: IO[str]) -> subprocess.Popen[str]:
        options = [f"--{name.replace('_', '-')}={each}" for name, each in self._options.items()]
        environment = {**os.environ, KEY_VARIABLE: self._key or ""}
        return subprocess.Popen(  # noqa: S603  (this interpreter and our own module)
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path), "--until-input-ends", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            text=True,
            start_new_session=True,  # Ctrl-C reaches this process only, which stops the child
        )

    def _wait_until_ready(self, process: subprocess.Popen[str]) -> str:
        """Return the base URL that the child prints, or an empty string if it exits instead."""
        timer = threading.Timer(self._startup_timeout, process.kill)
        timer.start()
        try:
            line = next(iter(process.stdout or ()), "")
        finally:
            timer.cancel()
            timer.join()
        return line.removeprefix("Listening on ").strip()


def _check_text(key: object, host: object) -> None:
    if key is not None and not isinstance(key, str):
        raise ApiTypeError(f"key must be a str or None, not {type(key).__name__}")
    if not isinstance(host, str):
        raise ApiTypeError(f"host must be a str, not {type(host).__name__}")
    if not host or "/" in host:
        raise ApiValueError(f"host must be a name or an address such as 127.0.0.1, not {host!r}")


def _stop(process: subprocess.Popen[str]) -> None:
    with process, contextlib.suppress(subprocess.TimeoutExpired):
        if process.stdin:
            process.stdin.close()  # the child exits when its standard input closes
        try:
            process.wait(_EXIT_SECONDS)
        finally:
            process.kill()  # does nothing once it has exited
