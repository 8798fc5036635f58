"""Measure docs/scale-out.md: python test/ray/measure.py [--write, to put the figures into it]

The thread pool of the guide and the job on Ray transcribe the same 500 recordings with 32 calls in
flight. The server is in this process, and gives the local engine's answers after a wait; so two
cores serve client and server alike.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent), str(HERE.parents[1])]  # as pytest has them

from faults import Allowance, Engine, FaultyServer  # noqa: E402
from jobs import EXAMPLE, GUIDE, Processes, one_machine  # noqa: E402
from recordings import listen, speak  # noqa: E402

from openapiopenai.local import LocalServer  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL = 500
_ALLOWED = 40
_JOB = (EXAMPLE, "recordings", "transcripts")

_HEAD = """\
| the server answers | | until the first call | then | in all |
| --- | --- | --- | --- | --- |
"""
#: What of the guide is measured, and what stands before it.
_TABLE = re.compile(rf"(?<={re.escape(_HEAD)})(?:\|.*\n)+")
_WEIGHT = re.compile(r"(?<=characters take )\d+(?= MB)")


def measure(server: FaultyServer, *command: str | Path, place: Path) -> str:
    """Return how long a command took to start, how fast it was then, and how long in all."""
    settings = {"OPENAI_BASE_URL": server.host, "OPENAI_API_KEY": "sk-test"}
    with server:
        started = time.monotonic()
        with Processes(sys.executable, *command, place=place, environment=settings) as run:
            assert run.wait() == 0, run.output
            total = time.monotonic() - started
    assert len(server.names("answer")) == _ALL
    first, last = server.asked[0].at - server.latency, server.asked[-1].at
    rate = _ALL / (last - first)
    return f"{first - started:.1f} s | {rate:.0f} a second | {total:.1f} s"


def rows(engine: Engine, folder: Path) -> Iterator[str]:
    """Measure both, for a server that answers at once, that takes its time, and that has a limit.

    :param engine: what gives the answers.
    :param folder: where the recordings are.
    """
    for latency, told in ((0.0, "at once"), (0.5, "after 0.5 s")):
        place = folder / told
        shutil.copytree(folder / "recordings", place / "recordings")  # which gets transcripts
        figures = measure(FaultyServer(engine, latency=latency), one_machine(place), place=place)
        yield f"| {told} | threads | {figures} |"
        figures = measure(FaultyServer(engine, latency=latency), *_JOB, place=place)
        yield f"| {told} | Ray, 2 actors | {figures} |"
    limited = FaultyServer(engine, latency=0.05, allowance=Allowance(_ALLOWED))
    figures = measure(limited, *_JOB, place=folder)
    yield f"| {_ALLOWED} a second, and 429 to the rest | Ray, 2 actors | {figures} |"


def weight_of_a_million_paths() -> str:
    """Return what the driver needs to remember them, in MB."""
    before = getrusage(RUSAGE_SELF).ru_maxrss
    paths = [f"source-{n % 1000:04}/recording-of-a-conversation-{n:08}.mp3" for n in range(10**6)]
    grown = getrusage(RUSAGE_SELF).ru_maxrss - before
    assert {len(path) for path in paths} == {52}
    return f"{grown * 1024 / 1e6:.0f}"


def main() -> None:
    """Measure, print the figures as the guide has them, and write them into it where asked to."""
    weight, table = weight_of_a_million_paths(), ""
    with (
        tempfile.TemporaryDirectory() as name,
        LocalServer() as local,
        Engine(local.host) as engine,
    ):
        (Path(name) / "recordings").mkdir()
        listen(engine, speak(local.host, Path(name) / "recordings"))
        for row in rows(engine, Path(name)):
            print(row, flush=True)  # noqa: T201 - it is what this is for
            table += f"{row}\n"
    print(f"a million paths: {weight} MB")  # noqa: T201
    if "--write" in sys.argv[1:]:
        text = GUIDE.read_text()
        assert _TABLE.search(text)
        assert _WEIGHT.search(text)
        GUIDE.write_text(_WEIGHT.sub(weight, _TABLE.sub(table, text)))


if __name__ == "__main__":
    main()
