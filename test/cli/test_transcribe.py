"""``transcribe`` and ``translate``: which recordings, which calls, and what is written where."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from cli.conftest import MP3, TALK, VERBOSE, files, silence
from wire import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from cli.command import Command
    from wire import Recorded, RecordingServer

TSV = "start\tend\ttext\n0\t1000\tHello there.\n1500\t2500\tHow are you?\n"


def sent(request: Recorded) -> dict[str, str]:
    """Return the fields of a form, without the file."""
    return {part.name: part.text for part in request.form if part.filename is None}


def uploads(recording: RecordingServer) -> list[bytes]:
    """Return the files that were sent, sorted."""
    parts = (part for request in recording.requests for part in request.form)
    return sorted(part.content for part in parts if part.filename is not None)


# -- standard output ----------------------------------------------------------------------------


def test_the_text_goes_to_standard_output(command: Command, recording: RecordingServer) -> None:
    done = command("transcribe", TALK)
    assert (done.status, done.output) == (0, "heard talk.mp3\n")
    assert recording.last.path == "/v1/audio/transcriptions"
    assert sent(recording.last) == {"model": "whisper-1", "response_format": "json"}


def test_texts_come_in_the_order_of_the_recordings(
    command: Command, recording: RecordingServer
) -> None:
    second_answered = threading.Event()

    def answer(request: Recorded) -> Answer:
        if b'filename="talk.mp3"' in request.body:
            return Answer(body={"text": "first"}, delay=recording.gate(second_answered))
        second_answered.set()
        return Answer(body={"text": "second"})

    recording.answer_with(answer)
    assert command("transcribe", TALK, "lectures/talk.wav").output == "first\nsecond\n"


@pytest.mark.parametrize("words", [["-"], ["-", "-o", "-"]])
def test_a_recording_from_standard_input_is_sent_with_its_length(
    words: list[str], command: Command, recording: RecordingServer
) -> None:
    assert command("transcribe", *words, data=MP3).output == "heard audio.mp3\n"
    assert uploads(recording) == [MP3]
    assert not recording.last.chunked


def test_one_result_in_another_format_goes_to_standard_output(command: Command) -> None:
    assert command("transcribe", TALK, "-f", "tsv").output == TSV


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("ascii", "Gr\\xfc\\xdfe \\u4f60"), ("cp1252", "Grüße \\u4f60"), ("utf-8", "Grüße 你")],
)
def test_a_console_of_any_encoding_gets_all_of_a_text(
    encoding: str, shown: str, command: Command, recording: RecordingServer
) -> None:
    recording.answers_always(body={"text": "Grüße 你"})
    here = {"PYTHONIOENCODING": encoding}
    done = command("transcribe", TALK, environment=here, encoding=encoding)
    assert (done.status, done.output) == (0, f"{shown}\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_json_is_sound_in_any_encoding(
    encoding: str, command: Command, recording: RecordingServer
) -> None:
    recording.answers_always(body={**VERBOSE, "text": "Grüße 你 😀"})
    here = {"PYTHONIOENCODING": encoding}
    done = command("transcribe", TALK, "-f", "json", environment=here, encoding=encoding)
    assert json.loads(done.output)["text"] == "Grüße 你 😀"


# -- what is sent -------------------------------------------------------------------------------


def test_all_formats_are_written_from_one_call(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    done = command("transcribe", TALK, "-f", "all", "-o", "out")
    assert (done.status, done.output, len(recording.requests)) == (0, "", 1)
    names = [f"talk.{kind}" for kind in ("json", "srt", "tsv", "txt", "vtt")]
    assert files(folder / "out") == names
    read = {name[5:]: (folder / "out" / name).read_text(encoding="utf-8") for name in names}
    assert read["txt"] == "Hello there. How are you?\n"
    assert read["tsv"] == TSV
    assert json.loads(read["json"]) == VERBOSE
    assert read["srt"].startswith("1\n00:00:00,000 --> 00:00:01,000\nHello there.\n")
    assert read["vtt"].startswith("WEBVTT\n")


@pytest.mark.parametrize(
    ("model", "formats", "requested", "written"),
    [
        ("whisper-1", ["txt"], "json", ["txt"]),
        ("whisper-1", ["json"], "verbose_json", ["json"]),
        ("Systran/faster-whisper-small", ["tsv", "txt"], "verbose_json", ["tsv", "txt"]),
        ("gpt-4o-transcribe", ["all"], "json", ["json", "txt"]),
        ("openai/gpt-4o-mini-transcribe", ["json"], "json", ["json"]),
        ("gpt-4o-transcribe-diarize", ["txt", "json"], "diarized_json", ["json", "txt"]),
    ],
)
def test_the_format_requested_is_one_that_the_model_knows(
    model: str,
    formats: list[str],
    requested: str,
    written: list[str],
    command: Command,
    recording: RecordingServer,
    folder: Path,
) -> None:
    (folder / "a.wav").write_bytes(silence())
    options = [word for kind in formats for word in ("-f", kind)]
    assert command("transcribe", "a.wav", "-m", model, "-o", "out", *options).status == 0
    assert sent(recording.last)["response_format"] == requested
    assert files(folder / "out") == [f"a.{kind}" for kind in written]


def test_a_subtitle_is_requested_with_the_times_of_words(
    command: Command, recording: RecordingServer
) -> None:
    command("transcribe", TALK, "-f", "srt")
    fields = [(part.name, part.text) for part in recording.last.form if part.filename is None]
    granularities = [text for name, text in fields if name == "timestamp_granularities[]"]
    assert granularities == ["word", "segment"]


def test_the_options_for_subtitles_shape_them(command: Command) -> None:
    cues = command("transcribe", TALK, "-f", "srt", "--max-words", "1").output.count(" --> ")
    assert cues == 5
    lines = command("transcribe", TALK, "-f", "vtt", "--max-line-length", "8").output.splitlines()
    assert max(len(line) for line in lines if " --> " not in line) <= 8


def test_options_are_sent(command: Command, recording: RecordingServer) -> None:
    command("transcribe", TALK, "-m", "tiny", "--language", "de", "--prompt", "Grüße")
    assert sent(recording.last) == {
        "model": "tiny",
        "language": "de",
        "prompt": "Grüße",
        "response_format": "json",
    }


def test_a_translation_goes_to_its_own_endpoint(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    assert command("translate", TALK, "-f", "json", "-f", "srt", "-o", "out").status == 0
    assert recording.last.path == "/v1/audio/translations"
    assert sent(recording.last) == {"model": "whisper-1", "response_format": "verbose_json"}
    assert files(folder / "out") == ["talk.json", "talk.srt"]


# -- which recordings, and where to -------------------------------------------------------------


def test_a_folder_is_searched_and_its_tree_kept(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    done = command("transcribe", "lectures/", "-o", "out/deep")
    assert done.status == 0
    assert files(folder / "out/deep") == ["talk.mp3.txt", "talk.wav.txt", "week 1/day.txt"]
    assert len(recording.requests) == 3
    assert done.lines[-1].startswith("3 done; ")
    assert done.lines[-1].endswith("usage: 9 s")


def test_a_pattern_that_no_shell_expanded_is_a_pattern(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    (folder / "[1].mp3").write_bytes(MP3)
    (folder / "empty").mkdir()
    assert command("transcribe", "**/*.mp3", "-o", "out").status == 0
    assert files(folder / "out") == ["[1].txt", "day.txt", "talk.txt"]
    recording.requests.clear()
    assert command("transcribe", "[1].mp3").output == "heard [1].mp3\n"


def test_recordings_may_stand_between_options(command: Command, folder: Path) -> None:
    words = ["lectures/talk.wav", "-o", "out", "lectures/week 1", "-f", "json", "-"]
    assert command("transcribe", *words, data=MP3).status == 0
    assert files(folder / "out") == ["day.json", "stdin.json", "talk.json"]


def test_a_recording_that_is_named_twice_is_sent_once(
    command: Command, recording: RecordingServer
) -> None:
    assert command("transcribe", TALK, "lectures", "lectures/../lectures", "-o", "out").status == 0
    assert len(recording.requests) == 3


@pytest.mark.parametrize(
    ("recordings", "written"),
    [
        (["a/x.mp3", "a/x.wav"], ["x.mp3.txt", "x.wav.txt"]),
        (["a/x.mp3", "b/x.mp3"], ["a/x.mp3.txt", "b/x.mp3.txt"]),
        (["a/x.mp3", "b/X.mp3"], ["a/x.mp3.txt", "b/X.mp3.txt"]),
        (["a/x.mp3", "a/x.mp3.wav"], ["x.mp3.txt", "x.txt"]),
        (["a/b/x.mp3", "c/b/x.mp3"], ["x.mp3 (2).txt", "x.mp3 (3).txt"]),
        (["a/x.mp3", "a/x.wav", "b/x.mp3"], ["a/x.mp3.txt", "b/x.mp3.txt", "x.wav.txt"]),
    ],
)
def test_no_two_recordings_share_an_output(
    recordings: list[str], written: list[str], command: Command, folder: Path
) -> None:
    for name in recordings:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(MP3)
    assert command("transcribe", *recordings, "-o", "out").status == 0
    assert files(folder / "out") == written


def test_an_output_with_the_extension_of_a_format_is_one_file(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    assert command("transcribe", TALK, "-o", "new/Talk.tsv").status == 0
    assert (folder / "new/Talk.tsv").read_text(encoding="utf-8") == TSV
    assert sent(recording.last)["response_format"] == "verbose_json"


def test_what_is_done_is_skipped_unless_it_is_to_be_overwritten(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    (folder / "out").mkdir()
    (folder / "out/talk.txt").write_text("mine", encoding="utf-8")
    done = command("transcribe", TALK, "-o", "out")
    assert (done.status, recording.requests) == (0, [])
    assert done.lines == ["lectures/talk.mp3: skipped, exists: out/talk.txt", "1 skipped"]
    assert command("transcribe", TALK, "-f", "txt", "-f", "tsv", "-o", "out").status == 0
    assert (folder / "out/talk.txt").read_text(encoding="utf-8") == "mine"
    assert files(folder / "out") == ["talk.tsv", "talk.txt"]
    assert command("transcribe", TALK, "-o", "out", "--overwrite").status == 0
    assert (folder / "out/talk.txt").read_text(encoding="utf-8") == "heard talk.mp3\n"


# -- many at a time -----------------------------------------------------------------------------


def test_workers_call_at_a_time_over_one_client(
    command: Command, recording: RecordingServer
) -> None:
    together = threading.Barrier(3)

    def answer(_: Recorded) -> Answer:
        together.wait(20)
        return Answer(body={"text": "hello"})

    recording.answer_with(answer)
    assert command("transcribe", "lectures", "--workers", "3").output == "hello\n" * 3


def test_five_hundred_recordings_reuse_a_few_connections(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    for number in range(500):
        (folder / f"lectures/{number}.mp3").write_bytes(MP3)
    done = command("transcribe", "lectures", "-o", "out")
    assert done.status == 0
    assert done.lines[-1].startswith("503 done; ")
    assert len(files(folder / "out")) == 503
    assert len({request.connection for request in recording.requests}) <= 4


LOADED = """
import sys
from openapiopenai.cli import main
status = main(sys.argv[1:])
print({"av", "openapiopenai.longform", "openapiopenai.subtitles"} & set(sys.modules))
sys.exit(status)
"""


@pytest.mark.usefixtures("recording")
def test_a_short_recording_as_text_loads_neither_ffmpeg_nor_subtitles(command: Command) -> None:
    done = command("transcribe", TALK, program=[sys.executable, "-c", LOADED])
    assert (done.status, done.output.splitlines()[-1]) == (0, "set()")


def test_two_at_once_on_one_folder_write_the_same(command: Command, folder: Path) -> None:
    for number in range(40):
        (folder / f"lectures/{number}.mp3").write_bytes(MP3)
    words = ["transcribe", "lectures", "-o", "out", "--overwrite"]
    with command.started(*words) as first, command.started(*words) as second:
        _, errors = first.communicate(timeout=60)
        _, more_errors = second.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0), errors + more_errors
    written = files(folder / "out")
    assert len(written) == 43
    assert all((folder / "out" / name).read_text().startswith("heard ") for name in written)


def test_a_silent_recording_is_written_in_all_formats(
    command: Command, recording: RecordingServer, folder: Path
) -> None:
    recording.answers_always(body={"text": "", "language": "english", "segments": []})
    assert command("transcribe", TALK, "-f", "all", "-o", "out").status == 0
    assert (folder / "out/talk.srt").read_text() == ""
    assert (folder / "out/talk.vtt").read_text() == "WEBVTT\n"
    assert (folder / "out/talk.tsv").read_text() == "start\tend\ttext\n"
