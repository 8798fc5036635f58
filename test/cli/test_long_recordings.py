"""A recording over a limit is divided, and what is paid for is kept when a part fails."""

from __future__ import annotations

import shutil
import wave
from typing import TYPE_CHECKING

import pytest
from cli.command import Done
from cli.conftest import VERBOSE, files
from wire import Answer

from openapiopenai._response.saving import save

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cli.command import Command
    from wire import RecordingServer

resume = pytest.importorskip("openapiopenai.longform.resume", exc_type=ImportError)

RATE = 192_000
SECONDS = 70  # 26.9 MB, in two parts
FORMATS = ("json", "srt", "tsv", "txt", "vtt")
ALL = ("transcribe", "long.wav", "-f", "all", "-o", "out", "--workers", "1")


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
def test_a_run_succeeds_after_another_has_removed_the_parts(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    held = run_beside_another(command, recording, Answer(body=VERBOSE))
    assert (held.status, len(held.lines)) == (0, 2)
    assert len(recording.requests) == 4
    assert files(folder / "out") == [f"long.{kind}" for kind in FORMATS]
    assert not (folder / "out/.long.parts").exists()


@pytest.mark.usefixtures("long")
def test_a_run_keeps_its_parts_after_another_has_removed_the_folder(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    held = run_beside_another(command, recording, Answer(400, {"error": {"message": "not audio"}}))
    assert held.status == 1
    assert "not audio" in held.lines[0]
    recording.requests.clear()
    assert command(*ALL, "--overwrite").status == 0
    assert len(recording.requests) == 1
    assert not (folder / "out/.long.parts").exists()


def run_beside_another(command: Command, recording: RecordingServer, second: Answer) -> Done:
    """Run the command twice at once; the first waits in its first part until the other is done.

    :param second: the answer to the second part of the first.
    :return: the first, when it has ended.
    """
    gate = recording.gate()
    recording.answer(body=VERBOSE, delay=gate)
    recording.answers_always(body=VERBOSE)
    with command.started(*ALL) as process:
        assert recording.wait_for(lambda: len(recording.requests) == 1, 30)
        assert command(*ALL).status == 0
        recording.answer(second)
        gate.set()
        _, errors = process.communicate(timeout=60)
    return Done(process.returncode, "", errors.decode())


def test_a_part_is_not_kept_if_its_folder_is_removed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_too_late(blocks: Iterable[bytes], path: Path) -> None:
        shutil.rmtree(path.parent)
        save(blocks, path)

    results = resume.Results(tmp_path / "parts")
    monkeypatch.setattr(resume, "save", save_too_late)
    results.keep("key", "hello")
    assert results.load("key") is None
    monkeypatch.undo()
    results.keep("key", "hello")
    assert results.load("key") == "hello"


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
