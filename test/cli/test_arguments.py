"""Wrong usage is one line and status 2, nothing is sent, and no key is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cli.conftest import TALK

if TYPE_CHECKING:
    from cli.command import Command
    from wire import RecordingServer

KEY = "sk-proj-0123456789"
WRONG = {
    "no command": ([], "COMMAND"),
    "no recording": (["transcribe"], "RECORDING"),
    "an unknown format": (["transcribe", TALK, "-f", "doc"], "txt"),
    "workers below 1": (["transcribe", TALK, "--workers", "0"], "whole number from 1"),
    "workers that are no number": (["transcribe", TALK, "--workers", "two"], "'two'"),
    "a timeout of 0": (["transcribe", TALK, "--timeout", "0"], "seconds"),
    "a timeout that is no number": (["transcribe", TALK, "--timeout", "nan"], "seconds"),
    "a host without a scheme": (["transcribe", TALK, "--host", "localhost"], "http"),
    "two formats for standard output": (["transcribe", TALK, "-f", "srt", "-f", "vtt"], "-o"),
    "two recordings for one file": (["transcribe", "lectures", "-o", "a.txt"], "-o"),
    "subtitles of two recordings for standard output": (
        ["transcribe", "lectures", "-f", "srt"],
        "standard output",
    ),
    "times of a model without": (
        ["transcribe", TALK, "-f", "srt", "-m", "gpt-4o-transcribe"],
        "whisper-1",
    ),
    "a language to translate from": (["translate", TALK, "--language", "de"], "--language"),
    "quiet and verbose": (["transcribe", TALK, "-q", "-v"], "not allowed"),
    "speech at ten times the speed": (["speak", "Hello.", "--speed", "10"], "0.25 and 4"),
    "speech in a format of text": (["speak", "Hello.", "-o", "hello.txt"], "mp3"),
    "a text and a file of text": (["speak", "Hello.", "-i", "a.txt", "-o", "a.mp3"], "both"),
    "a text in two words": (["speak", "Hello", "there"], "quotation marks"),
    "an empty text": (["speak", " ", "-o", "a.mp3"], "no text"),
}


@pytest.mark.parametrize(("words", "told"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_one_line(
    words: list[str], told: str, command: Command, recording: RecordingServer
) -> None:
    done = command(*words)
    assert (done.status, done.output, len(done.lines)) == (2, "", 1)
    assert done.errors.startswith("openapiopenai")
    assert told in done.errors
    assert recording.requests == []


@pytest.mark.parametrize("option", ["--api-key", "--key", "--token", "--access-token"])
@pytest.mark.parametrize("form", ["transcribe talk.mp3 {0} {1}", "{0}={1} transcribe talk.mp3"])
def test_a_key_as_an_argument_is_refused_and_not_shown(
    option: str, form: str, command: Command, recording: RecordingServer
) -> None:
    done = command(*form.format(option, KEY).split())
    assert (done.status, len(done.lines)) == (2, 1)
    assert "OPENAI_API_KEY" in done.errors
    assert KEY not in done.errors
    assert recording.requests == []


@pytest.mark.parametrize("words", [["--apikey", KEY], [f"--apikey={KEY}"], [f"--api-ke={KEY}"]])
def test_the_value_of_an_unknown_option_is_not_shown(words: list[str], command: Command) -> None:
    done = command("transcribe", TALK, *words)
    assert done.status == 2
    assert words[0].partition("=")[0] in done.errors
    assert KEY not in done.errors


def test_without_a_key_openai_is_not_called_at_all(command: Command) -> None:
    nothing = {"OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""}
    done = command("transcribe", "lectures", "-o", "out", environment=nothing)
    assert (done.status, len(done.lines)) == (2, 1)
    assert "set OPENAI_API_KEY" in done.errors


def test_nothing_shows_the_key_with_verbose_either(
    command: Command, recording: RecordingServer
) -> None:
    recording.answer(401, {"error": {"message": "wrong key"}})
    done = command("transcribe", TALK, "-v")
    assert recording.last.headers["authorization"] == "Bearer sk-test"
    assert done.status == 1
    assert "Traceback" in done.errors
    assert "sk-test" not in done.errors


def test_the_key_of_the_environment_goes_to_no_other_host(
    command: Command, recording: RecordingServer
) -> None:
    recording.answer(401, {"error": {"message": "no key"}})
    elsewhere = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    done = command("transcribe", TALK, "--host", recording.host, environment=elsewhere)
    assert "authorization" not in recording.last.headers
    assert (done.status, len(done.lines)) == (1, 2)
    assert "OPENAI_BASE_URL" in done.lines[0]
