"""A recording over the limit of a request is transcribed in parts, into a row like any other."""

from __future__ import annotations

import importlib.util
import io
import wave
from typing import Any

import pytest
from fsspec.implementations.dirfs import DirFileSystem
from jobs import EXAMPLE
from wire import Answer, RecordingServer

from openapiopenai import Configuration

SEGMENT = {"start": 1.0, "end": 2.0, "text": "hello"}
TRANSCRIPT = {"text": "hello", "duration": 30.0, "segments": [SEGMENT]}


@pytest.fixture
def example() -> Any:
    spec = importlib.util.spec_from_file_location("transcribe_dataset", EXAMPLE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> DirFileSystem:
    """A folder; fsspec keeps a thread from its first file system on."""
    return DirFileSystem(str(tmp_path_factory.mktemp("audio")))


def silence(seconds: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(32_000 * seconds))
    return file.getvalue()


def test_a_large_recording_is_sent_in_parts_and_a_small_one_in_one_request(
    example: Any, audio: DirFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example, "MAX_BYTES", 1_000_000)
    audio.pipe_file("long.wav", silence(90))
    audio.pipe_file("short.wav", silence(1))
    with RecordingServer() as server:
        server.answers_always(Answer(body=TRANSCRIPT))
        transcriber = example.Transcriber(audio, audio, Configuration(server.host))
        rows = [transcriber.row("long.wav"), transcriber.row("short.wav")]
        transcriber.threads.shutdown()
        transcriber.api.api_client.close()
        assert [row["path"] for row in rows] == ["long.wav", "short.wav"]
        assert [row.get("error") for row in rows] == [None, None]
        assert len(server.requests) >= 2 + 1
        assert rows[0]["text"].split() == ["hello"] * (len(server.requests) - 1)
