"""``speak``: the text from anywhere, the audio to a file or a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cli.conftest import MP3

if TYPE_CHECKING:
    from pathlib import Path

    from cli.command import Command
    from wire import RecordingServer


def test_a_text_is_spoken_into_a_file(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    done = command("speak", "Good morning.", "-o", "new/hello.mp3")
    assert (done.status, done.output) == (0, "")
    assert (folder / "new/hello.mp3").read_bytes() == MP3
    assert recording.last.json == {
        "model": "gpt-4o-mini-tts",
        "voice": "alloy",
        "input": "Good morning.",
        "response_format": "mp3",
    }


@pytest.mark.parametrize("words", [[], ["-i", "-"]])
def test_a_text_is_read_from_standard_input_and_audio_written_to_standard_output(
    words: list[str], command: Command, recording: RecordingServer
) -> None:
    done = command("speak", *words, "-o", "-", data="Grüße.\n".encode())
    assert (done.status, done.output.encode()) == (0, MP3)
    assert recording.last.json["input"] == "Grüße.\n"


def test_a_text_is_read_from_a_file_without_its_byte_order_mark(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    (folder / "book.txt").write_text("\ufeffChapter 1", encoding="utf-8")
    assert command("speak", "-i", "book.txt", "-o", "book.mp3").status == 0
    assert recording.last.json["input"] == "Chapter 1"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-o", "a.opus"], "opus"),
        (["-o", "a.WAV"], "wav"),
        (["-o", "a.mp3", "--response-format", "flac"], "flac"),
        (["-o", "-"], "mp3"),
        (["-o", "-", "--response-format", "pcm"], "pcm"),
    ],
)
def test_the_format_is_that_of_the_extension_unless_it_is_given(
    words: list[str], expected: str, command: Command, recording: RecordingServer
) -> None:
    assert command("speak", "Hello.", *words).status == 0
    assert recording.last.json["response_format"] == expected


def test_options_are_sent(command: Command, recording: RecordingServer) -> None:
    options = ["--voice", "coral", "--speed", "1.5", "--instructions", "Whisper.", "-m", "tts-1"]
    assert command("speak", "Hello.", "-o", "a.mp3", *options).status == 0
    request = recording.last.json
    assert (request["voice"], request["speed"], request["model"]) == ("coral", 1.5, "tts-1")
    assert request["instructions"] == "Whisper."


def test_a_file_that_exists_is_kept_unless_it_is_to_be_overwritten(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    (folder / "a.mp3").write_bytes(b"mine")
    done = command("speak", "Hello.", "-o", "a.mp3")
    assert (done.status, recording.requests) == (0, [])
    assert done.lines == ["a.mp3: skipped, exists; --overwrite replaces it"]
    assert command("speak", "Hello.", "-o", "a.mp3", "--overwrite").status == 0
    assert (folder / "a.mp3").read_bytes() == MP3


def test_audio_is_not_written_to_a_terminal(command: Command, recording: RecordingServer) -> None:
    done = command.on_terminal("speak", "Hello.", streams=("stdout",))
    assert done.status == 2
    assert done.errors == ""  # on the terminal
    assert "not written to a terminal" in done.output
    assert recording.requests == []


def test_a_terminal_is_not_waited_for_without_a_text(command: Command) -> None:
    done = command.on_terminal("speak", "-o", "a.mp3", streams=("stdin",))
    assert done.status == 2
    assert "there is no text" in done.output


def test_voices_are_those_of_the_description(command: Command) -> None:
    voices = command("speak", "--list-voices").output.split()
    assert {"alloy", "verse"} <= set(voices)
    assert voices == sorted(voices)


def test_a_file_of_text_that_is_not_utf_8_is_named(command: Command, folder: Path) -> None:
    (folder / "old.txt").write_bytes("Grüße".encode("latin-1"))
    done = command("speak", "-i", "old.txt", "-o", "a.mp3")
    assert (done.status, len(done.lines)) == (2, 1)
    assert "old.txt" in done.errors


def test_a_file_of_text_that_is_missing_is_named(command: Command) -> None:
    done = command("speak", "-i", "missing.txt", "-o", "a.mp3")
    assert (done.status, done.lines) == (
        1,
        ["openapiopenai speak: missing.txt: No such file or directory"],
    )
