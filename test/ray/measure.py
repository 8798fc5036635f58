"""Measure the thread pool of docs/scale-out.md against Ray: python test/ray/measure.py

Both transcribe the same 500 recordings with 32 calls in flight. The server is in this process, and
gives the local engine's answers after a wait; so two cores serve client and server alike.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent), str(HERE.parents[1])]  # as pytest has them

from faults import Engine, FaultyServer  # noqa: E402
from jobs import EXAMPLE, Processes, one_machine  # noqa: E402
from recordings import listen, speak  # noqa: E402

from openapiopenai.local import LocalServer  # noqa: E402

_ALL = 500


def measure(name: str, engine: Engine, latency: float, *command: str | Path) -> None:
    """Run a command against a server, and print how long it took."""
    with FaultyServer(engine, latency=latency) as server:
        started = time.monotonic()
        settings = {"OPENAI_BASE_URL": server.host, "OPENAI_API_KEY": "sk-test"}
        with Processes(sys.executable, *command, environment=settings) as run:
            assert run.wait() == 0, run.output
            total = time.monotonic() - started
        calls = [call.at for call in server.asked]
    assert len(calls) == _ALL
    start, rate = calls[0] - started - latency, _ALL / (calls[-1] - calls[0])
    told = f"{start:.1f} s to start, then {rate:.0f} a second, {total:.1f} s in all"
    print(f"{name}, {latency} s an answer: {told}")  # noqa: T201 - it is what this is for


def weigh_a_million_paths() -> None:
    """Print what the driver needs to remember them."""
    before = getrusage(RUSAGE_SELF).ru_maxrss
    paths = [f"source-{n % 1000:04}/recording-of-a-conversation-{n:08}.mp3" for n in range(10**6)]
    grown = (getrusage(RUSAGE_SELF).ru_maxrss - before) * 1024 / 1e6
    print(f"{len(paths)} paths of {len(paths[0])} characters: {grown:.0f} MB")  # noqa: T201


def main() -> None:
    """Measure both, for a server that answers at once and one that takes half a second."""
    with (
        tempfile.TemporaryDirectory() as name,
        LocalServer() as local,
        Engine(local.host) as engine,
    ):
        folder = Path(name)
        (folder / "audio").mkdir()
        audio, threads = speak(local.host, folder / "audio"), one_machine(folder)
        listen(engine, audio)
        for latency in (0.0, 0.5):
            measure("threads", engine, latency, threads, audio, folder / f"{latency}.jsonl")
            measure("Ray", engine, latency, EXAMPLE, audio, folder / f"{latency}")


if __name__ == "__main__":
    weigh_a_million_paths()
    main()
