"""Runs of the example, on a Ray of their own or on a shared one, and what they leave behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "docs/examples/transcribe_dataset.py"
GUIDE = HERE.parents[1] / "docs/scale-out.md"
LONGEST = 240  # seconds that a run may take
WORKER_TOKEN = "sk-known-to-workers"

#: What Ray is told: stay on loopback, report nothing, and let nobody else in.
_RAY = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # its way to say: use 127.0.0.1, whatever the OS
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "made-up-for-these-tests-0123456789abcdef",
}


class Processes:
    """A command, and all that it starts: they share a session, which Ray's processes stay in.

    :param command: the command line.
    :param folder: where Ray keeps what it must; the command's own by default.
    :param place: the working directory; this process's by default.
    :param environment: what to add to the environment.
    """

    def __init__(
        self,
        *command: str | Path,
        folder: str | None = None,
        place: Path | None = None,
        environment: Mapping[str, str],
    ) -> None:
        # short, because Ray puts sockets there, and their names may not be long
        self._own = tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True)
        self.folder = folder or self._own.name
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by __exit__
        search = os.pathsep.join([str(HERE / "guarded"), *filter(None, sys.path)])
        given = {"PYTHONPATH": search, "RAY_TMPDIR": self.folder}
        self.first = subprocess.Popen(
            command,
            cwd=place,
            env={**os.environ, **_RAY, **given, **environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        """What was printed so far."""
        return os.pread(self._log.fileno(), 10**6, 0).decode(errors="replace")

    def wait(self) -> int:
        """Return the exit status, once the command has ended by itself."""
        return self.first.wait(LONGEST)

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait for something to happen while the command runs."""
        until(lambda: condition() or self.first.poll() is not None)
        assert condition(), self.output

    def kill(self) -> None:
        """Kill the command, as a system without memory does, and see its actors end."""
        self.first.kill()
        until(lambda: not set(actors()) & set(self._left()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        until(self._all_ended)
        self.first.wait()
        self._log.close()
        self._own.cleanup()

    def _all_ended(self) -> bool:
        """End what is left: agents of Ray outlive a driver that was killed."""
        left = self._left()
        for number in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return not left

    def _left(self) -> list[int]:
        return [number for number in _numbers() if _session(number) == self.first.pid]


def run(
    host: str, *places: str | Path, cluster: Processes | None = None, program: Path = EXAMPLE
) -> Processes:
    """Start the example.

    :param host: the base URL of the server.
    :param places: its command line.
    :param cluster: the Ray to use; one of its own by default.
    :param program: the example, or a copy.
    """
    address = {"RAY_ADDRESS": "auto"} if cluster else {}
    server = {"OPENAI_BASE_URL": host, "OPENAI_API_KEY": "sk-test"}
    return Processes(
        *(sys.executable, program, *places),
        folder=cluster and cluster.folder,
        environment={**address, **server},
    )


def changed(folder: Path, old: str, new: str) -> Path:
    """Copy the example and change a setting, as a reader does.

    :param folder: where to put the copy.
    :param old: what is there once.
    :param new: what to put there.
    :return: the copy.
    """
    program = EXAMPLE.read_text()
    assert program.count(old) == 1
    copy = folder / "changed.py"
    copy.write_text(program.replace(old, new))
    return copy


def one_machine(folder: Path) -> Path:
    """Return the program for one machine, as the guide shows it.

    :param folder: where to put it.
    :return: the file.
    """
    program = folder / "threads.py"
    program.write_text(GUIDE.read_text().partition("```python\n")[2].partition("```")[0])
    return program


def start_cluster(environment: Mapping[str, str]) -> Processes:
    """Start a Ray that outlives its drivers.

    :param environment: what to add to the environment of its workers.
    """
    options = [
        "--head",
        "--block",
        "--num-cpus=2",
        "--port=0",
        "--node-ip-address=127.0.0.1",
        "--include-dashboard=false",
    ]
    ray = Path(sys.executable).with_name("ray")
    given = {"TOKEN": WORKER_TOKEN, **environment}
    cluster = Processes(ray, "start", *options, environment=given)
    cluster.until(lambda: "Ray runtime started" in cluster.output)
    return cluster


def actors() -> list[int]:
    """Return the processes that transcribe."""
    title = b"ray::MapWorker(Map(Transcriber))"
    return [number for number in _numbers() if _read(number, "cmdline").startswith(title)]


def until(condition: Callable[[], Any], seconds: float = LONGEST) -> None:
    """Wait until something holds.

    :raises TimeoutError: when it does not in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.02)


def transcripts(out: Path) -> list[dict[str, Any]]:
    """Return the rows of a data set, as a reader meets them."""
    rows: list[dict[str, Any]] = pq.read_table(out).to_pylist()
    return rows


def repeated(rows: list[dict[str, Any]]) -> list[str]:
    """Return the recordings that have more than one row."""
    return [path for path, count in Counter(row["path"] for row in rows).items() if count > 1]


def _numbers() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _read(number: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{number}/{name}").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _session(number: int) -> int | None:
    """Return the session of a process; None where it has ended."""
    state, _, _, session, *_ = _read(number, "stat").rpartition(b")")[2].split() or [b"Z", 0, 0, 0]
    return None if state == b"Z" else int(session)
