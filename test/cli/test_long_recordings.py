"""A recording over a limit is divided, and what is paid for is kept when a part fails."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import pytest
from cli.conftest import VERBOSE, files

if TYPE_CHECKING:
    from pathlib import Path

    from cli.command import Command
    from wire import RecordingServer

pytest.importorskip("openapiopenai.longform", exc_type=ImportError)

RATE = 192_000
SECONDS = 70  # 26.9 MB, in two parts


@pytest.fixture
def long(folder: Path) -> Path:
    """A recording of silence that is over the limit of 25 MB."""
    path = folder / "long.wav"
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(bytes(2 * RATE * SECONDS))
    return path


@pytest.mark.usefixtures("long")
def test_a_failed_part_is_all_that_a_second_run_pays_for(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    words = ["transcribe", "long.wav", "-f", "tsv", "-o", "out", "--workers", "1"]
    recording.answer(body=VERBOSE)
    recording.answer(400, {"error": {"message": "not audio"}})
    done = command(*words)
    assert done.status == 1
    assert done.lines[0].startswith("long.wav: ")
    assert len(recording.requests) == 2
    assert [name for name in files(folder / "out") if not name.startswith(".")] == []
    recording.requests.clear()
    assert command(*words).status == 0
    assert len(recording.requests) == 1
    assert files(folder / "out") == ["long.tsv"]


@pytest.mark.usefixtures("long")
def test_a_long_recording_comes_from_standard_input_too(
    command: Command, recording: RecordingServer, long: Path
) -> None:
    recording.answers_always(body={"text": "hello"})
    with long.open("rb") as file:
        assert command("transcribe", "-", stdin=file).output == "hello hello\n"


def test_a_long_text_is_spoken_in_parts(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    recording.answers_always(body=bytes(480), headers={"Content-Type": "audio/pcm"})
    text = "This is a sentence. " * 300
    done = command("speak", "-o", "book.pcm", data=text.encode())
    assert done.status == 0
    assert done.lines[0].startswith("book.pcm: 6,000 characters in ")
    assert (folder / "book.pcm").read_bytes() == bytes(960)
    assert "".join(request.json["input"] for request in recording.requests).count("sentence") == 300
