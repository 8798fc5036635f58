"""Measure the thread pool of docs/scale-out.md against Ray: python test/ray/measure.py

Both transcribe the same 500 recordings with 32 calls in flight. The server is in this process, and
gives the local engine's answers after a wait; so two cores serve client and server alike.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent), str(HERE.parents[1])]  # as pytest has them

from faults import Engine, FaultyServer  # noqa: E402
from jobs import EXAMPLE, Processes, one_machine  # noqa: E402
from recordings import speak  # noqa: E402

from openapiopenai.local import LocalServer  # noqa: E402

_ALL = 500


def measure(engine: Engine, latency: float, *command: str | Path) -> None:
    """Run a command against a server, and print how long it took."""
    with FaultyServer(engine, latency=latency) as server:
        started = time.monotonic()
        settings = {"OPENAI_BASE_URL": server.host, "OPENAI_API_KEY": "sk-test"}
        with Processes(sys.executable, *command, environment=settings) as run:
            assert run.wait() == 0, run.output
            total = time.monotonic() - started
        calls = [call.at for call in server.asked]
        cpu = ""
    assert len(calls) == _ALL
    rate = _ALL / (calls[-1] - calls[0])
    print(f"{latency:4} s  {command[0]!s:.60}: first call after {calls[0] - started - latency:.1f} s, then {rate:.0f}/s, in all {total:.1f} s {cpu}")


def main() -> None:
    """Measure both, for a server that answers at once and one that takes its time."""
    with tempfile.TemporaryDirectory() as name, LocalServer() as local, Engine(local.host) as engine:
        folder = Path(name)
        (folder / "audio").mkdir()
        audio, threads = speak(local.host, folder / "audio"), one_machine(folder)
        for number, latency in enumerate((0.0, 0.5)):  # the first fills the engine's memory
            measure(engine, latency, threads, audio, folder / f"{number}.jsonl")
            measure(engine, latency, EXAMPLE, audio, folder / f"{number}")


if __name__ == "__main__":
    main()
