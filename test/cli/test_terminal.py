"""A bar on a terminal and a line a file elsewhere; no colours."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from cli.conftest import TALK, silence

if TYPE_CHECKING:
    from pathlib import Path

    from cli.command import Command
    from wire import RecordingServer

WITHOUT_TQDM = [
    sys.executable,
    "-c",
    "import sys; sys.modules['tqdm'] = None; from openapiopenai.cli import main; sys.exit(main())",
]


def test_a_terminal_shows_a_bar_and_at_the_end_the_summary_alone(command: Command) -> None:
    done = command.on_terminal("transcribe", "lectures", "-o", "out")
    assert (done.status, done.output) == (0, "")
    assert "0/3 recordings" in done.errors
    assert "3/3 recordings" in done.errors
    assert done.errors.rpartition("\r")[2].startswith("3 done; ")
    assert "out/talk" not in done.errors


def test_a_failure_is_shown_above_the_bar(command: Command, recording: RecordingServer) -> None:
    recording.answer(400, {"error": {"message": "not audio"}})
    done = command.on_terminal("transcribe", "lectures", "-o", "out", "--workers", "1")
    assert done.status == 1
    assert [line for line in done.lines if line.endswith("not audio")]


def test_without_tqdm_a_terminal_gets_a_line_a_file(command: Command) -> None:
    done = command.on_terminal("transcribe", TALK, "-o", "out", program=WITHOUT_TQDM)
    assert done.lines[0] == "lectures/talk.mp3: out/talk.txt"


def test_a_pipe_gets_a_line_a_file(command: Command) -> None:
    done = command("transcribe", TALK, "-o", "out")
    assert done.lines[0] == "lectures/talk.mp3: out/talk.txt"
    assert done.lines[1].startswith("1 done; 0:03 of audio in ")
    assert len(done.lines) == 2


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "xterm-256color"}])
def test_no_colours_are_written_to_a_terminal_or_a_pipe(
    variables: dict[str, str], command: Command
) -> None:
    words = ["transcribe", "missing.mp3", TALK]
    shown = command.on_terminal(*words, environment=variables).errors
    assert "\x1b[3" not in shown
    assert "\x1b" not in command(*words, environment=variables).errors


def test_quiet_reports_failures_alone(command: Command) -> None:
    assert command("transcribe", TALK, "-o", "out", "--quiet").errors == ""
    assert command.on_terminal("transcribe", TALK, "-o", "new", "--quiet").errors == ""
    done = command("transcribe", "missing.mp3", TALK, "--quiet")
    assert done.lines == ["missing.mp3: no such file or folder"]


def test_verbose_logs_the_calls(command: Command) -> None:
    done = command("transcribe", TALK, "--verbose")
    assert [line for line in done.lines if line.startswith("POST http://127.0.0.1:")]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_name_that_a_console_lacks_is_shown_even_so(encoding: str, command: Command) -> None:
    done = command("transcribe", "你好.mp3", environment={"PYTHONIOENCODING": encoding})
    assert done.lines == ["\\u4f60\\u597d.mp3: no such file or folder"]


def test_the_bar_counts_seconds_of_audio_where_they_are_known(
    command: Command, folder: Path
) -> None:
    pytest.importorskip("av", reason="PyAV knows the durations")
    for name in ("a.wav", "b.wav"):
        (folder / name).write_bytes(silence(seconds=30))
    shown = command.on_terminal("transcribe", "a.wav", "b.wav", "-o", "out").errors
    assert "0/60 s of audio" in shown
    assert "30/60 s of audio" in shown
    assert "60/60 s of audio" in shown


def test_a_text_on_the_terminal_of_the_bar_has_a_line_of_its_own(command: Command) -> None:
    done = command.on_terminal("transcribe", TALK, streams=("stdout", "stderr"))
    assert "\rheard talk.mp3\n" in done.errors
