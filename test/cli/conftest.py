"""What the tests of the command share."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
from cli.command import Command
from wire import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from wire import Recorded, RecordingServer

TALK = "lectures/talk.mp3"
MP3 = b"ID3" + bytes(64)
VERBOSE = {
    "text": "Hello there. How are you?",
    "language": "english",
    "duration": 2.5,
    "segments": [
        {"id": 0, "start": 0.0, "end": 1.0, "text": " Hello there."},
        {"id": 1, "start": 1.5, "end": 2.5, "text": " How are\tyou?"},
    ],
    "usage": {"type": "duration", "seconds": 3},
}


def reply(request: Recorded) -> Answer:
    """Return speech, or the transcript in the format requested; its text names the file."""
    if request.path.endswith("/speech"):
        return Answer(body=MP3, headers={"Content-Type": "audio/mpeg"})
    fields = {part.name: part.text for part in request.form if part.filename is None}
    if fields["response_format"] != "json":
        return Answer(body=VERBOSE)
    name = next(part.filename for part in request.form if part.filename is not None)
    return Answer(body={"text": f"heard {name}", "usage": VERBOSE["usage"]})


def files(folder: Path) -> list[str]:
    """Return the files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def silence(seconds: int = 1) -> bytes:
    """Return a recording that can be decoded."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(bytes(16000 * seconds))
    return file.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three recordings, two of them of one name, and a file that is none."""
    for name in ("talk.mp3", "talk.wav", "week 1/day.mp3", "week 1/notes.md"):
        path = tmp_path / "lectures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(MP3 + name.encode())
    return tmp_path


@pytest.fixture
def command(folder: Path, recording: RecordingServer) -> Command:
    """The command beside the recordings, for the recording server."""
    recording.answer_with(reply)
    return Command(folder, OPENAI_BASE_URL=recording.host, OPENAI_API_KEY="sk-test")
