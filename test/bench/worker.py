"""A contender at work: runs in its environment, takes orders from ``measure.py``, line by line.

An order names a method of the contender's client; the answer tells how many calls were made, the
CPU and wall time they took, the most memory that the process ever had, and what the last call
found.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import mmap
import resource
import sys
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Kilobytes on Linux, bytes on macOS.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024

_PAGE = 4096


def peak() -> int:
    """Return the peak of this process's memory, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT


@contextlib.contextmanager
def mapped(path: str) -> Iterator[memoryview]:
    """Return a mapped file whose pages have been read, so that only copies count."""
    with (
        Path(path).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pages,
        memoryview(pages) as view,
    ):
        sum(view[::_PAGE])
        yield view


_SOURCES: dict[str, Callable[[str], Any]] = {
    "path": contextlib.nullcontext,
    "file": lambda path: Path(path).open("rb"),  # noqa: SIM115 - its caller closes it
    "mmap": mapped,
}


def repeated(call: Callable[[], int], calls: int, seconds: float) -> tuple[int, int]:
    """Make some calls at least, for some CPU time; return their number and the last result."""
    made = 0
    end = time.process_time() + seconds
    while True:
        found = call()
        made += 1
        if made >= calls and time.process_time() >= end:
            return made, found


def in_threads(call: Callable[[], int], threads: int, seconds: float) -> tuple[int, int]:
    """Make calls from several threads for some time; return their number and the last result."""
    made: list[tuple[int, int]] = []
    end = time.perf_counter() + seconds

    def work() -> None:
        calls = 0
        while time.perf_counter() < end:
            found = call()
            calls += 1
        made.append((calls, found))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(calls for calls, _ in made), made[0][1]


def obeyed(client: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Execute an order, and return what it took."""
    with contextlib.ExitStack() as stack:
        arguments = order.get("arguments", [])
        if "source" in order:
            arguments = [stack.enter_context(_SOURCES[order["source"]](order["path"]))]
        call = lambda: getattr(client, order["work"])(*arguments)  # noqa: E731
        before, cpu, wall = peak(), time.process_time(), time.perf_counter()
        if "threads" in order:
            made, found = in_threads(call, order["threads"], order["seconds"])
        else:
            made, found = repeated(call, order.get("calls", 1), order.get("seconds", 0))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "calls": made,
        "found": found,
        "cpu": cpu,
        "wall": wall,
        "peak": peak(),
        "grown": peak() - before,
    }


def _main() -> None:
    module = importlib.import_module(f"clients.{sys.argv[1]}")
    clients = cache(module.Client)
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(obeyed(clients(order["url"]), order)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
