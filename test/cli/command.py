"""Runs the command in a process of its own, with pipes or on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import openapiopenai

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = str(Path(openapiopenai.__file__).parents[1])
# When coverage is measured, it has a remark of its own to make.
QUIET = "ignore:Module openapiopenai"
SECONDS = 60.0  # a command that runs longer fails its test


class Done(NamedTuple):
    """A command that has ended."""

    status: int
    output: str
    errors: str

    @property
    def lines(self) -> list[str]:
        """What it wrote to standard error."""
        return self.errors.splitlines()


def installed() -> list[str]:
    """Return the command as it is installed beside this Python, else as a module."""
    script = shutil.which("openapiopenai", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "openapiopenai"]


class Command:
    """The command, in a folder, with the environment of a user."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": PACKAGE,
            "PYTHONWARNINGS": QUIET,
            "COLUMNS": "80",
            **environment,
        }

    def __call__(
        self, *words: str, data: bytes | None = None, encoding: str = "utf-8", **options: Any
    ) -> Done:
        """Run it to its end."""
        with self.started(*words, **options) as process:
            output, errors = process.communicate(data, timeout=SECONDS)
        return Done(process.returncode, _text(output, encoding), _text(errors))

    @contextmanager
    def started(self, *words: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
        """Start it, and end it with the block."""
        environment = {**self.environment, **options.pop("environment", {})}
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        program = options.pop("program", None) or installed()
        with subprocess.Popen(
            [*program, *words], cwd=self.folder, env=environment, **{**pipes, **options}
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def on_terminal(
        self, *words: str, streams: tuple[str, ...] = ("stderr",), **options: Any
    ) -> Done:
        """Run it with some of its streams on a terminal; what is shown there is ``errors``."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        with self.started(*words, **dict.fromkeys(streams, theirs), **options) as process:
            os.close(theirs)
            shown = _read_terminal(ours)
            output, errors = process.communicate(timeout=SECONDS)
        return Done(process.returncode, _text(output or errors), _text(shown))


def _read_terminal(descriptor: int) -> bytes:
    shown = b""
    deadline = time.monotonic() + SECONDS
    with open(descriptor, "rb", buffering=0) as terminal:
        while time.monotonic() < deadline:
            try:
                block = terminal.read(4096)
            except OSError:  # Linux: the other side is closed
                break
            if not block:
                break
            shown += block
    return shown


def _text(data: bytes | None, encoding: str = "utf-8") -> str:
    return (data or b"").decode(encoding).replace("\r\n", "\n")
