"""The command and the local speech server: a text spoken, and heard again, without a key."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

from cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

    from openapiopenai.local import LocalServer

SENTENCE = "The book is on the table."
HEARD = "the book is on the table"


def test_serve_speaks_and_transcribes_without_a_key(tmp_path: Path) -> None:
    command = Command(tmp_path)
    with command.started("serve", "--port", "0") as server:
        assert server.stdout
        host = re.search(r"http://\S+", server.stdout.readline().decode())
        assert host
        here = ["--host", host[0]]
        assert command("speak", SENTENCE, "-o", "book.wav", *here).status == 0
        done = command("transcribe", "book.wav", "-f", "all", "-o", ".", *here)
        assert (done.status, len(done.lines)) == (0, 2)
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
    assert server.returncode == 0
    assert (tmp_path / "book.txt").read_text() == f"{HEARD}\n"
    for kind in ("srt", "vtt", "json", "tsv"):
        assert HEARD in (tmp_path / f"book.{kind}").read_text()


def test_speech_goes_through_a_pipe(tmp_path: Path, local_server: LocalServer) -> None:
    command = Command(tmp_path, OPENAI_BASE_URL=local_server.host)
    with command.started("speak", SENTENCE, "-o", "-") as speaking:
        done = command("transcribe", "-", stdin=speaking.stdout)
        speaking.communicate(timeout=60)
    assert (done.status, done.output) == (0, f"{HEARD}\n")
