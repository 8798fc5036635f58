"""Make calls for a long time, faults mixed in, and see that nothing grows: ``tox -e soak``.

    python test/soak/run.py [--calls 50000] [--minutes 10] [--write]

The server is a process of its own, so that its memory and sockets are not counted. It ends when
the calls are made or the time is up, whichever is first; with ``--write`` the figures replace
those of docs/soak.md. The exit code is 1 where something has grown.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import gc
import io
import itertools
import multiprocessing
import os
import platform
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "test"), str(ROOT)]

from calls import SPEECH, WAV, client, speak, transcribe  # noqa: E402
from wire import Answer, RecordingServer, open_sockets  # noqa: E402

from openapiopenai import ApiException  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from wire import Recorded

    from openapiopenai import AudioApi

THREADS = 4
SAMPLES = 11
WARM_UP = 1  # which sample the last one is compared with
MOST_GROWTH = 4.0  # MB: what an allocator may keep
PAGE = ROOT / "docs" / "soak.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"

EVENTS = {"Content-Type": "text/event-stream"}
AUDIO = {"Content-Type": "audio/mpeg"}


def cut(*chunks: bytes) -> Iterator[bytes]:
    """Break an answer off after some chunks."""
    yield from chunks
    raise ConnectionAbortedError


#: What every so many requests meet, the rarest first; all others are answered soundly.
FAULTS: dict[int, Callable[[], Answer]] = {
    97: lambda: Answer(500, b"e" * 200_000),
    53: lambda: Answer(200, cut(b'{"text": "hel'), {"Content-Type": "application/json"}),
    47: lambda: Answer(200, cut(), {"Content-Length": "10"}),
    31: lambda: Answer(429, {"error": {"message": "slow"}}, {"retry-after-ms": "1"}),
    29: lambda: Answer(503, {"error": {"message": "busy"}}),
    23: lambda: Answer(400, {"error": {"message": "no"}}),
    19: lambda: Answer(307, headers={"Location": "/v1/audio/elsewhere"}),
    17: lambda: Answer(200, "<html>", {"Content-Type": "text/html"}),
}


def sound(request: Recorded) -> Answer:
    """Answer a call as it wants to be answered."""
    if "event-stream" in request.headers.get("accept", ""):
        done = b'data: {"type": "transcript.text.done", "text": "hello"}\n\n'
        return Answer(200, iter([done, b"data: [DONE]\n\n"]), EVENTS)
    if request.path.endswith("speech"):
        return Answer(200, iter([bytes(20_000)] * 5), AUDIO)
    return Answer(body={"text": "hello"})


def serve(pipe: Connection) -> None:
    """Run the server until the pipe says so; it tells its address first."""
    numbers = itertools.count(1)

    def answer(request: Recorded) -> Answer:
        server.requests.clear()
        number = next(numbers)
        fault = next((FAULTS[every] for every in FAULTS if number % every == 0), None)
        return fault() if fault else sound(request)

    with RecordingServer(keep_bodies=False) as server:
        server.answer_with(answer)
        pipe.send(server.host)
        pipe.recv()


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Return the address of a server in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        process.join()


def whole_stream(api: AudioApi) -> None:
    with api.create_speech_streaming(SPEECH) as stream:
        stream.read()


def left_stream(api: AudioApi) -> None:
    with api.create_speech_streaming(SPEECH) as stream:
        next(stream)


def events(api: AudioApi) -> None:
    with api.create_transcription_streaming(WAV, "m") as stream:
        list(stream)


def unread(api: AudioApi) -> None:
    api.create_speech_without_preload_content(SPEECH).close()


CALLS: tuple[Callable[[AudioApi], Any], ...] = (
    transcribe,
    lambda api: transcribe(api, io.BytesIO(WAV + bytes(300_000))),
    lambda api: transcribe(api, __file__),
    lambda api: transcribe(api, WAV, _request_timeout=30),
    speak,
    whole_stream,
    left_stream,
    events,
    unread,
)


class Sample(NamedTuple):
    """What the process holds at one moment."""

    calls: int
    seconds: float
    megabytes: float
    sockets: int
    threads: int


class Soak:
    """Makes calls from several threads, and looks at the process now and then."""

    def __init__(self, api: AudioApi, calls: int, minutes: float) -> None:
        """:param calls: how many calls to make, unless the time is up before."""
        self.outcomes: collections.Counter[str] = collections.Counter()
        self.samples: list[Sample] = []
        self._api = api
        self._calls = calls
        self._started = time.monotonic()
        self._end = self._started + 60 * minutes
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Make the calls, a part at a time: nothing is in use while it is looked at."""
        share = self._calls // (SAMPLES - 1)
        self._make(len(CALLS) * THREADS)
        self._look()
        while sum(self.outcomes.values()) < self._calls and time.monotonic() < self._end:
            self._make(share)
            self._look()

    def _make(self, calls: int) -> None:
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda _: self._call(), range(calls), chunksize=1))

    def _call(self) -> None:
        if time.monotonic() > self._end:
            return
        call = CALLS[next(self._numbers) % len(CALLS)]
        try:
            call(self._api)
            outcome = "sound"
        except ApiException as error:
            outcome = type(error).__name__
        with self._lock:
            self.outcomes[outcome] += 1

    def _look(self) -> None:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        seconds = time.monotonic() - self._started
        calls = sum(self.outcomes.values())
        sample = Sample(calls, seconds, megabytes, open_sockets(), threading.active_count())
        self.samples.append(sample)
        print(sample, flush=True)  # noqa: T201

    def grown(self) -> list[str]:
        """Return what there is more of at the end than once it was warm."""
        warm, last = self.samples[WARM_UP], self.samples[-1]
        found = []
        if last.megabytes - warm.megabytes > MOST_GROWTH:
            found.append("memory")
        if last.sockets > warm.sockets + THREADS:
            found.append("sockets")
        if last.threads > warm.threads:
            found.append("threads")
        return found

    def report(self) -> str:
        """Return the figures, as a table."""
        lines = ["| calls | seconds | memory (MB) | sockets | threads |", "|--:|--:|--:|--:|--:|"]
        lines += [
            f"| {sample.calls} | {sample.seconds:.0f} | {sample.megabytes:.1f} "
            f"| {sample.sockets} | {sample.threads} |"
            for sample in self.samples
        ]
        ended = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        where = f"CPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"
        return "\n".join(
            [*lines, "", f"How the calls ended: {ended}.", "", f"Measured on {where}.\n"]
        )


def write(figures: str) -> None:
    """Put the figures into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{START}\n{figures}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Return 1 where something has grown."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--calls", type=int, default=50_000)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--write", action="store_true", help="into docs/soak.md")
    asked = options.parse_args()
    with served() as host, client(host) as api:
        api.api_client.rest_client.sleep = lambda _: None
        soak = Soak(api, asked.calls, asked.minutes)
        soak.run()
    print(soak.report())  # noqa: T201
    if asked.write:
        write(soak.report())
    print("grown:", ", ".join(soak.grown()) or "nothing")  # noqa: T201
    return bool(soak.grown())


if __name__ == "__main__":
    sys.exit(main())
