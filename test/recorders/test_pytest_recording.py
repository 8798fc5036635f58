"""pytest-recording records a test's calls once, and replays them without a network."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from wire import Answer, RecordingServer

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
import openapiopenai
import pytest

SPEECH = {"model": "tts-1", "voice": "alloy", "input": "hello"}
RECORDING = ("a.wav", b"RIFF" + bytes(300_000))


@pytest.fixture(scope="module")
def vcr_config():
    return {"filter_headers": ["authorization"]}


@pytest.fixture
def audio():
    with openapiopenai.ApiClient() as client:
        yield openapiopenai.AudioApi(client)


@pytest.mark.vcr
def test_speech(audio):
    with audio.create_speech_streaming(SPEECH) as stream:
        assert b"".join(stream) == b"ID3"


@pytest.mark.vcr
def test_transcript(audio):
    assert audio.create_transcription(RECORDING, "whisper-1").text == "hello"
    assert audio.create_transcription_with_http_info(RECORDING, "whisper-1").status_code == 200
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own, with two tests."""
    (tmp_path / "test_audio.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    return tmp_path


def run(project: Path, *options: str) -> str:
    """Run the tests of a project, and return what pytest prints."""
    command = [sys.executable, "-m", "pytest", "-q", *options, str(project)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def test_calls_are_recorded_once_and_replayed_without_a_network(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RecordingServer() as server:
        server.answer(200, b"ID3", {"Content-Type": "audio/mpeg"})
        server.answers_always(Answer(body={"text": "hello"}))
        monkeypatch.setenv("OPENAI_BASE_URL", server.host)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        assert "2 passed" in run(project, "--record-mode=once")
        assert len(server.requests) == 3
    assert "2 passed" in run(project, "--block-network")
    cassettes = list((project / "cassettes").rglob("*.yaml"))
    assert len(cassettes) == 2
    assert not any("sk-test" in path.read_text(encoding="utf-8") for path in cassettes)


def test_a_call_that_was_not_recorded_fails(
    project: Path, recording: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", recording.host)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    printed = run(project)
    assert "2 failed" in printed
    assert printed.count("CannotOverwriteExistingCassetteException: ") >= 2
    assert recording.requests == []
