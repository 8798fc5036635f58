"""Look for answers that break the client: ``tox -e fuzz``, or ``python -m fuzz.run [SECONDS]``.

Each target of ``targets.py`` runs for its share of the time, a minute altogether by default, in a
process of its own, guided by Atheris. What breaks one is written to a file ``crash-*``; run it
again with ``python -m fuzz.run --target NAME crash-...``. The folder ``test`` is to be on the path.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["openapiopenai"]):
    from fuzz import targets

NAMED = {target.__name__: target for target in targets.TARGETS}

#: Beginnings of answers: from these, more is found in a minute than from nothing.
SEEDS = [
    b'\0{"text":"Hi","segments":[{"id":0,"words":[{"text":"Hi","start":"0"}]}],"duration":"1.5"}',
    b'\x0b{"text":"Hi","usage":{"type":"tokens","input_tokens":1},"logprobs":[{"bytes":[1]}]}',
    b"\x16" + b'{"text":"\\ud83d","x":' + b"[" * 150 + b"]" * 150 + b"}",
    b'\0{"error":{"message":"m","code":"c"}}',
    b'\0{"detail":[{"loc":["body",0],"msg":"m"}]}',
    b"\x01WEBVTT\r\n\r\n00:00.000 --> 00:01.000\r\nHi\r\n",
    b"\x03<!doctype html><title>t</title>",
    b'data: {"type":"transcript.text.delta","delta":"Hi"}\n\ndata: [DONE]\n\n',
    b'\xef\xbb\xbfevent: done\r\nid: 1\r\ndata: {}\r\n\r\n: hi\r\rdata: {"choices":[]}\n\n',
    b'data: {"type":"speech.audio.delta","audio":"AAAA"}\n\ndata: {"type":"speech.audio.done"}\n\n',
    b'\x03{"audio_data":"AAAA"}',
    b"\0\1\0\0\0\0\0\1\2",  # on a kept connection, in chunks
    b"\0\1\2\1\1\0\0\0\0\1",  # after an interim response, held open
]


def main() -> int:
    """Run every target.

    :return: how many of them broke.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("seconds", nargs="?", type=int, default=60, help="for all of them")
    seconds = parser.parse_args().seconds
    return sum(_broke(name, max(1, seconds // len(NAMED))) for name in NAMED)


def fuzz(name: str, arguments: list[str]) -> None:
    """Run one target until it breaks, or its time is over; ends the process.

    :param name: the target.
    :param arguments: libFuzzer's: files to run again, folders of seeds, options.
    """
    atheris.Setup([sys.argv[0], *arguments], NAMED[name])
    atheris.Fuzz()


def _broke(name: str, seconds: int) -> bool:
    """Run a target in a process of its own: Atheris ends the one that it runs in."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS):
            Path(corpus, str(number)).write_bytes(seed)
        limits = [f"-max_total_time={seconds}", "-timeout=10", "-max_len=4096", "-verbosity=0"]
        command = [sys.executable, "-m", "fuzz.run", "--target", name, corpus, *limits]
        result = subprocess.run(command, check=False, capture_output=True, text=True)
    told = f"broke\n{result.stdout}{result.stderr}" if result.returncode else "sound"
    print(f"{name}: {told}", flush=True)  # noqa: T201 - what a run is for
    return result.returncode != 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--target"]:
        fuzz(sys.argv[2], sys.argv[3:])
    sys.exit(main())
