"""The rows of the table: what each measures, and its targets."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from contest import OURS, Row, Target
from processes import Bench, cpu_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from processes import Worker

_ALL = (OURS, "by_hand", "official", "published")
_STREAMING = (OURS, "by_hand", "official")

#: The least CPU time of a contender's turn, in seconds; with threads, the wall time.
_TURN = 0.2
_THREADS = 8

_SEGMENTS = 300
_EVENTS = 20_000
_SPEECH = 100_000
_SMALL = 10_000
LARGE = 512 * 1024 * 1024

#: Unit -> how many of them are a second.
_PER_SECOND = {"ms": 1e3, "us": 1e6}
_MILLI = _PER_SECOND["ms"]
_MEGABYTE = 1024 * 1024

_FLOOR = "import urllib3; from pydantic import BaseModel, validate_call"
#: The least that a client with models imports: defining one loads more of pydantic.
_ONE_MODEL = f"{_FLOOR}\nclass Model(BaseModel):\n    x: int\nModel(x=1)"
_MODULES = {OURS: "openapiopenai", "official": "openai", "published": "openapiopenai"}


def imports(bench: Bench) -> Iterator[Row]:
    """Measure what an import costs over Python itself."""
    row = Row(
        "import",
        "`import` of the package, nothing used: CPU time over Python itself",
        "ms",
        (Target(0.0375, "official"),),  # 30 ms where openai takes 800
    )
    for _ in range(bench.rounds):
        for name, module in _MODULES.items():
            python = bench.environments[name].python
            whole = cpu_of([python, "-c", f"import {module}"])
            row.add(name, (whole - cpu_of([python, "-c", "pass"])) * _MILLI)
    yield row


def first_call(bench: Bench) -> Iterator[Row]:
    """Measure a process that makes one call and ends."""
    row = Row(
        "process",
        "a new process makes one transcription: CPU time",
        "ms",
        (Target(1.25, "floor"), Target(0.36, "official")),
    )
    for _ in range(bench.rounds):
        for name, code in (("floor", _FLOOR), ("one_model", _ONE_MODEL)):
            row.add(name, cpu_of([bench.environments[OURS].python, "-c", code]) * _MILLI)
        for name in _ALL:
            call = f"from clients.{name} import Client; Client({bench.url('json')!r}).transcribe()"
            row.add(name, cpu_of([bench.environments[name].python, "-c", call]) * _MILLI)
    yield row


def small(bench: Bench) -> Iterator[Row]:
    """Measure a small transcription on an open connection."""
    row = Row(
        "small",
        "one small transcription, warm: CPU time",
        "us",
        (Target(1.00, "by_hand"), Target(0.28, "official")),
    )
    yield _taken_in_turns(bench, row, _Turn("transcribe", bench.url("json")))


def speech(bench: Bench) -> Iterator[Row]:
    """Measure a small speech on an open connection."""
    row = Row("speech", "one speech of 100 kB, warm: CPU time", "us", (Target(1.00, "by_hand"),))
    yield _taken_in_turns(bench, row, _Turn("speak", bench.url("audio", _SPEECH), _SPEECH))


def verbose(bench: Bench) -> Iterator[Row]:
    """Measure a transcript with segments and words."""
    row = Row(
        "verbose",
        "`verbose_json`, 300 segments, 2 000 words: CPU time",
        "ms",
        (Target(1.4, "by_hand"), Target(0.36, "official")),
    )
    turn = _Turn("verbose", bench.url("verbose", _SEGMENTS), _SEGMENTS)
    yield _taken_in_turns(bench, row, turn)


def events(bench: Bench) -> Iterator[Row]:
    """Measure a transcript that is streamed."""
    title = "20 000 transcript events, in chunks of 16 kB: CPU time"
    rows = {
        "events": Row("events", title, "ms", (Target(0.14, "official"),)),
        "events-one-by-one": Row("events", "the same, each in a chunk of its own: CPU time", "ms"),
    }
    for answer, row in rows.items():
        turn = _Turn("events", bench.url(answer, _EVENTS), _EVENTS)
        yield _taken_in_turns(bench, row, turn, _STREAMING)


def threads(bench: Bench) -> Iterator[Row]:
    """Measure threads that share a client."""
    row = Row(
        "threads",
        "8 threads share a client: wall time for each small transcription",
        "us",
        (Target(1 / 3, "official"),),  # 3 times its calls a second
    )
    how = {"threads": _THREADS, "seconds": 2 * _TURN}
    turn = _Turn("transcribe", bench.url("json"), clock="wall", how=how)
    yield _taken_in_turns(bench, row, turn)


def upload(bench: Bench) -> Iterator[Row]:
    """Measure an upload that should not be read into memory."""
    small, large = (file_of(bench, size) for size in (_SMALL, LARGE))
    url = bench.url("json")
    sources = {"path": "by path", "file": "from an open file", "mmap": "from a mapped file"}
    peers = {"path": ("by_hand", "published"), "file": ("official",), "mmap": ()}
    to_curl = ["-o", os.devnull, "-F", f"file=@{large}", "-F", "model=whisper-1"]
    for source, words in sources.items():
        order = {"work": "upload", "url": url, "source": source}
        yield from _moved(
            bench,
            Row("upload", f"upload of 512 MB {words}", ""),
            (OURS, *peers[source]),
            ({**order, "path": small}, {**order, "path": large}),
            [*to_curl, f"{url}/audio/transcriptions"],
            1.1,
        )


def save(bench: Bench) -> Iterator[Row]:
    """Measure a speech that is saved as it arrives."""
    target = str(bench.folder / "speech.wav")
    order = {"work": "save", "arguments": [target]}
    small, large = (bench.url("audio", size) for size in (_SMALL, LARGE))
    yield from _moved(
        bench,
        Row("save", "speech of 512 MB, saved as it arrives", ""),
        (*_STREAMING, "published"),
        ({**order, "url": small}, {**order, "url": large}),
        ["-X", "POST", "-o", target, f"{large}/audio/speech"],
        1.2,
    )


#: The values of ``--rows``, in the order of the table.
ROWS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "import": imports,
    "process": first_call,
    "small": small,
    "speech": speech,
    "verbose": verbose,
    "events": events,
    "upload": upload,
    "save": save,
    "threads": threads,
}


def file_of(bench: Bench, size: int) -> str:
    """Return the path of a file of that size, which is created on first use."""
    path = bench.folder / f"{size}.wav"
    if not path.exists():
        block = b"RIFF....WAVEfmt ".ljust(_MEGABYTE, b"\x01")
        with path.open("wb") as file:
            file.writelines(block for _ in range(size // _MEGABYTE))
            file.write(block[: size % _MEGABYTE])
    return str(path)


class _Turn(NamedTuple):
    """The work of a contender in its turn.

    :param work: the method of its client.
    :param url: the base URL.
    :param expected: the result that shows that the work was complete, if there is one.
    :param clock: the time to measure, ``cpu`` or ``wall``.
    :param how: how the work is repeated.
    """

    work: str
    url: str
    expected: int | None = None
    clock: str = "cpu"
    how: Mapping[str, float] = MappingProxyType({"seconds": _TURN})

    def taken_by(self, worker: Worker) -> dict[str, Any]:
        """Let a contender work, and return its time."""
        return worker.do(self.work, self.url, **self.how)


def _taken_in_turns(bench: Bench, row: Row, turn: _Turn, contenders: Sequence[str] = _ALL) -> Row:
    """Add the samples of a row: the time of a call, by contender and round."""
    with bench.workers(contenders) as workers:
        for name, worker in workers.items():
            found = turn.taken_by(worker)["found"]
            if turn.expected not in (None, found):
                row.incomplete.add(name)
        for _ in range(bench.rounds):
            for name, worker in workers.items():
                took = turn.taken_by(worker)
                row.add(name, took[turn.clock] / took["calls"] * _PER_SECOND[row.unit])
    return row


def _moved(
    bench: Bench,
    row: Row,
    contenders: Sequence[str],
    orders: tuple[dict[str, Any], dict[str, Any]],
    curl: Sequence[str],
    limit: float,
) -> Iterator[Row]:
    """Return two rows for something large: its CPU time, and its memory.

    Each contender is a new process that has done the same with a small one, curl a new process.

    :param orders: the same work, small and large.
    """
    cpu = Row(row.key, f"{row.title}: CPU time", "ms", (Target(limit, "curl"),))
    memory = Row(row.key, f"{row.title}: memory over the idle client", "MB", (Target(2.0),))
    for _ in range(bench.rounds // 2 + 1):
        cpu.add("curl", cpu_of(["curl", "-sS", *curl]) * _MILLI)
        for name in contenders:
            with bench.worker(name) as worker:
                worker.do(**orders[0])
                took = worker.do(**orders[1])
            cpu.add(name, took["cpu"] * _MILLI)
            memory.add(name, took["grown"] / _MEGABYTE)
    yield cpu
    yield memory
