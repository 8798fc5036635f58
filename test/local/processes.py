"""Looks at processes and waits for their end, through /proc."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

PROC = Path("/proc")
WORKER = re.compile(r"multiprocessing\.spawn")


def descendants(pid: int) -> dict[int, str]:
    """Return the living children of a process, and theirs, each with its command line."""
    living: dict[int, str] = {}
    for child in _children(pid):
        living[child] = _read(child, "cmdline").replace("\0", " ")
        living.update(descendants(child))
    return living


def workers(pid: int) -> list[int]:
    """Return the recognizer's processes of a server."""
    return [child for child, command in descendants(pid).items() if WORKER.search(command)]


def seconds_of_work(pid: int) -> float:
    """Return how much of a processor's time a process has had, however busy the machine is."""
    return sum(map(int, _status(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def signals_blocked(pid: int) -> set[signal.Signals]:
    """Return the signals that a process has blocked in its main thread."""
    mask = int(re.findall(r"SigBlk:\s*(\w+)", _read(pid, "status"))[0], 16)
    return {each for each in signal.Signals if mask >> (each - 1) & 1}


def ended(pids: list[int], *, within: float) -> bool:
    """Return whether all of these end, within so many seconds."""
    deadline = time.monotonic() + within
    while alive := [pid for pid in pids if _alive(pid)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return not alive


def _children(pid: int) -> list[int]:
    numbers = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
    return [number for number in numbers if _status(number)[1:2] == [str(pid)] and _alive(number)]


def _alive(pid: int) -> bool:
    return _status(pid)[:1] not in ([], ["Z"])


def _status(pid: int) -> list[str]:
    """Return its state, its parent and so on; empty when it is gone."""
    return _read(pid, "stat").rpartition(") ")[2].split()


def _read(pid: int, name: str) -> str:
    try:
        return (PROC / str(pid) / name).read_text(encoding="latin-1")
    except OSError:
        return ""
