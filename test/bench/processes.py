"""The processes that are measured: long-lived workers, and commands that run once."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from environments import Environment

_HERE = Path(__file__).resolve().parent


class Bench(NamedTuple):
    """What every measurement needs.

    :param environments: contender -> where it is installed.
    :param server: the root URL of the server.
    :param folder: a place for large files.
    :param rounds: how often each contender has its turn.
    """

    environments: dict[str, Environment]
    server: str
    folder: Path
    rounds: int

    def url(self, kind: str, size: int = 0) -> str:
        """Return the base URL below which the server sends one kind of response."""
        return f"{self.server}/{kind}/{size}"

    @contextlib.contextmanager
    def workers(self, contenders: Sequence[str]) -> Iterator[dict[str, Worker]]:
        """Start a process for each contender, and end them all."""
        with contextlib.ExitStack() as stack:
            yield {name: stack.enter_context(self.worker(name)) for name in contenders}

    @contextlib.contextmanager
    def worker(self, contender: str) -> Iterator[Worker]:
        """Start a contender's process, and end it."""
        command = [self.environments[contender].python, _HERE / "worker.py", contender]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=plain()
        ) as process:
            yield Worker(process)
            process.stdin.close()  # type: ignore[union-attr]


class Worker:
    """A process that executes orders; see ``worker.py``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, work: str, url: str, **order: Any) -> dict[str, Any]:
        """Send an order, and return what it took."""
        stdin, stdout = self._process.stdin, self._process.stdout
        stdin.write(json.dumps({"work": work, "url": url, **order}) + "\n")  # type: ignore[union-attr]
        stdin.flush()  # type: ignore[union-attr]
        line = stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise SystemExit(f"{self._process.args!r} has ended during {work}")
        return json.loads(line)  # type: ignore[no-any-return]


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run the server, and yield its root URL."""
    command = [sys.executable, _HERE / "server.py"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=plain()
    ) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"  # type: ignore[union-attr]
        process.stdin.close()  # type: ignore[union-attr]


def cpu_of(command: Sequence[str]) -> float:
    """Run a command, and return its CPU time in seconds."""
    process = subprocess.Popen(command, env=plain(), cwd=_HERE)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command!r} has failed")
    return usage.ru_utime + usage.ru_stime


def plain() -> dict[str, str]:
    """Return the environment without variables that would change a contender."""
    unwanted = ("OPENAI_", "PYTHON", "COVERAGE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
