"""Streams as users read them: read by type checkers, never run."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from typing_extensions import assert_type

from openapiopenai import (
    AudioApi,
    SpeechAudioDoneEventUsage,
    SpeechStream,
    StreamEvent,
    TranscriptionStream,
    TranscriptTextDeltaEvent,
    TranscriptTextDoneEvent,
    TranscriptTextSegmentEvent,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
)

api = AudioApi()

with api.create_speech_streaming({"model": "tts-1", "input": "Hello.", "voice": "alloy"}) as speech:
    assert_type(speech, SpeechStream)
    assert_type(iter(speech), Iterator[bytes])
    assert_type(next(speech), bytes)
    for block in speech:
        assert_type(block, bytes)
    assert_type(speech.read(), bytes)
    assert_type(speech.read(1024), bytes)
    assert_type(speech.iter_bytes(1024), Iterator[bytes])
    shutil.copyfileobj(speech, io.BytesIO())
    with Path("hello.mp3").open("wb") as file:
        speech.save(file)
    speech.save(io.BytesIO())
    speech.save("hello.mp3")
    speech.save(Path("hello.mp3"))
    assert_type(speech.content_type, str)
    assert_type(speech.request_id, str | None)
    assert_type(speech.status_code, int)
    assert_type(speech.headers, Mapping[str, str])
    assert_type(speech.usage, SpeechAudioDoneEventUsage | None)
    speech.close()

with api.create_transcription_streaming("talk.mp3", "gpt-4o-transcribe") as stream:
    assert_type(stream, TranscriptionStream)
    for event in stream:
        assert_type(
            event,
            TranscriptTextDeltaEvent
            | TranscriptTextDoneEvent
            | TranscriptTextSegmentEvent
            | StreamEvent,
        )
        if isinstance(event, TranscriptTextDeltaEvent):
            assert_type(event.delta, str)
        elif isinstance(event, TranscriptTextDoneEvent):
            assert_type(event.text, str)
        elif isinstance(event, TranscriptTextSegmentEvent):
            assert_type(event.speaker, int | str | None)
        else:
            assert_type(event.type, str | None)
            print(event.mood)  # noqa: T201 - whatever the server sent
    for text in stream.deltas():
        assert_type(text, str)
    assert_type(stream.text, str)
    assert_type(stream.done, TranscriptTextDoneEvent | None)
    assert_type(stream.usage, TranscriptTextUsageTokens | TranscriptTextUsageDuration | None)
