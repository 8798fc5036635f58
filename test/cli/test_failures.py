"""What fails is named on one line, the others are done, and nothing is left half-written."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cli.command import installed
from cli.conftest import MP3, TALK, files, reply
from wire import Answer, refused_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.command import Command
    from wire import Recorded, RecordingServer

FULL = Path("/dev/full")
needs_full_disk = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")

#: Runs the command where no file can grow: what a full disk does, with another message.
WITHOUT_SPACE = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh"]


def test_the_others_are_done_when_one_fails(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    def answer(request: Recorded) -> Answer:
        if b'filename="talk.wav"' in request.body:
            return Answer(400, {"error": {"message": "not audio\nat all"}})
        return reply(request)

    recording.answer_with(answer)
    done = command("transcribe", "missing.mp3", "lectures", "-o", "out")
    assert done.status == 1
    assert done.lines[0] == "missing.mp3: no such file or folder"
    failed = [line for line in done.lines if line.startswith("lectures/talk.wav: ")]
    assert len(failed) == 1
    assert "not audio" in failed[0]
    assert done.lines[-1].startswith("2 done, 2 failed; ")
    assert files(folder / "out") == ["talk.mp3.txt", "week 1/day.txt"]


def test_an_empty_folder_is_named(command: Command, folder: Path) -> None:
    (folder / "empty").mkdir()
    done = command("transcribe", "empty")
    assert (done.status, done.lines) == (1, ["empty: no audio files in this folder"])


def test_an_empty_recording_is_named(command: Command, folder: Path) -> None:
    (folder / "empty.mp3").touch()
    done = command("transcribe", "empty.mp3")
    assert (done.status, len(done.lines)) == (1, 2)
    assert done.lines[0].startswith("empty.mp3: the audio is empty")


def test_a_server_that_is_not_there_is_one_line(command: Command) -> None:
    with refused_port() as port:
        here = {"OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}
        done = command("transcribe", TALK, environment=here)
    assert (done.status, len(done.lines)) == (1, 2)
    assert done.lines[0].startswith("lectures/talk.mp3: ")
    assert "Traceback" not in done.errors


def test_a_traceback_is_shown_with_verbose_alone(
    command: Command, recording: RecordingServer
) -> None:
    recording.answers_always(400, {"error": {"message": "no"}})
    assert "Traceback" not in command("transcribe", TALK).errors
    assert "Traceback" in command("transcribe", TALK, "--verbose").errors


def test_a_recording_that_is_too_long_is_refused_with_what_divides_it(
    command: Command, recording: RecordingServer
) -> None:
    recording.answers_always(413, {"error": {"message": "Maximum content size limit exceeded"}})
    block = "import sys; sys.modules['av'] = None; from openapiopenai.cli import main; "
    program = [sys.executable, "-c", f"{block}sys.exit(main())"]
    done = command("transcribe", TALK, program=program)
    assert done.status == 1
    assert 'pip install "openapiopenai[longform]"' in done.lines[0]


def test_a_message_cannot_rule_the_terminal(command: Command, recording: RecordingServer) -> None:
    recording.answers_always(400, {"error": {"message": "red \x1b[31m"}})
    assert "\x1b" not in command("transcribe", TALK).errors


def test_the_other_formats_are_kept_when_one_cannot_be_written(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    recording.answers_always(body={"text": "hello"})  # no times, though they were requested
    done = command("transcribe", TALK, "-f", "txt", "-f", "tsv", "-f", "json", "-o", "out")
    assert (done.status, len(done.lines)) == (1, 2)
    assert "tsv" in done.lines[0]
    assert files(folder / "out") == ["talk.json", "talk.txt"]


# -- where nothing can be written ---------------------------------------------------------------


@needs_full_disk
@pytest.mark.parametrize("words", [["transcribe", TALK], ["speak", "Hello."]])
def test_a_full_disk_behind_standard_output_is_one_line(words: list[str], command: Command) -> None:
    with FULL.open("wb") as full:
        done = command(*words, stdout=full)
    assert done.status == 1
    assert f"openapiopenai {words[0]}: standard output: No space left on device" in done.lines
    assert "Traceback" not in done.errors
    assert "Exception ignored" not in done.errors


@pytest.mark.parametrize(
    "words", [["transcribe", TALK, "-o", "out"], ["speak", "Hi.", "-o", "out/a.mp3"]]
)
def test_a_disk_without_space_leaves_nothing_behind(
    words: list[str], command: Command, folder: Path
) -> None:
    (folder / "out").mkdir()
    # coverage, where it is measured, would write a file of its own
    unmeasured = ["env", "-u", "COVERAGE_PROCESS_CONFIG", "-u", "COVERAGE_PROCESS_START"]
    done = command(*words, program=[*unmeasured, *WITHOUT_SPACE, *installed()])
    assert done.status == 1
    assert "File too large" in done.errors
    assert "Traceback" not in done.errors
    assert files(folder / "out") == []


@pytest.mark.parametrize(
    "words", [["transcribe", TALK, "-o", "{}"], ["speak", "Hi.", "-o", "{}/a.mp3"]]
)
def test_a_folder_that_cannot_be_made_is_named(
    words: list[str], command: Command, folder: Path
) -> None:
    """A folder below a file: root, who runs many tests, may write to one that is read-only."""
    blocked = folder / TALK / "out"
    done = command(*(word.format(blocked) for word in words))
    assert done.status == 1
    assert "Not a directory" in done.errors
    assert "Traceback" not in done.errors


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_read_only_folder_is_named(command: Command, folder: Path) -> None:
    (folder / "out").mkdir(mode=0o555)
    done = command("transcribe", TALK, "-o", "out")
    assert done.status == 1
    assert "out/talk.txt: Permission denied" in done.errors


def test_a_reader_that_has_enough_ends_the_command_quietly(command: Command) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = command("speak", "Hello.", "-o", "-", stdout=closed)
    assert (done.status, done.errors) == (1, "")


def test_a_reader_that_has_enough_is_not_waited_for(
    command: Command, recording: RecordingServer
) -> None:
    never = recording.gate()
    recording.answer(body={"text": "hello"})
    recording.answer_with(lambda _: Answer(body={"text": "late"}, delay=never))
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = command("transcribe", TALK, "lectures/talk.wav", "--workers", "1", stdout=closed)
    assert done.status == 1


def test_speech_that_breaks_off_leaves_no_file(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    recording.answer(body=MP3, headers={"Content-Type": "audio/mpeg", "Content-Length": "1000"})
    done = command("speak", "Hello.", "-o", "out/a.mp3")
    assert (done.status, len(done.lines)) == (1, 1)
    assert files(folder / "out") == []


# -- Ctrl-C -------------------------------------------------------------------------------------


def test_ctrl_c_stops_at_once_keeps_what_is_done_and_says_how_to_go_on(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    never = recording.gate()

    def answer(request: Recorded) -> Answer:
        waits = b'filename="day.mp3"' in request.body
        return Answer(body={"text": "hello"}, delay=never if waits else None)

    recording.answer_with(answer)
    words = ["transcribe", "lectures", "-o", "out", "--workers", "1"]
    with command.started(*words) as process:
        assert recording.wait_for(lambda: len(recording.requests) == 3, 30)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    told = errors.decode().splitlines()
    assert told[-1] == "interrupted: 2 of 3 done; run the same command again to go on"
    assert "Traceback" not in errors.decode()
    assert files(folder / "out") == ["talk.mp3.txt", "talk.wav.txt"]
    recording.requests.clear()
    recording.answer_with(reply)
    assert command(*words).status == 0
    assert len(recording.requests) == 1


def test_ctrl_c_leaves_no_half_written_speech(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    gate = recording.gate()

    def blocks() -> Iterator[bytes]:
        yield MP3
        gate.wait()

    recording.answer(chunks=blocks(), headers={"Content-Type": "audio/mpeg"})
    with command.started("speak", "Hello.", "-o", "out/a.mp3") as process:
        assert recording.wait_for(lambda: len(recording.requests) == 1, 30)
        wait_for_a_file(folder / "out")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors.decode().splitlines() == ["interrupted: nothing was written"]
    assert files(folder / "out") == []


def test_ctrl_c_says_that_speech_in_a_pipe_is_not_complete(
    command: Command, recording: RecordingServer
) -> None:
    gate = recording.gate()

    def blocks() -> Iterator[bytes]:
        yield MP3
        gate.wait()

    recording.answer(chunks=blocks(), headers={"Content-Type": "audio/mpeg"})
    with command.started("speak", "Hello.") as process:
        assert process.stdout
        assert process.stdout.read(len(MP3)) == MP3
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors.decode().splitlines() == ["interrupted: the audio is not complete"]


def wait_for_a_file(folder: Path) -> None:
    """Wait until the command has begun to write into a folder."""
    while not folder.exists() or not any(folder.iterdir()):
        os.sched_yield()
