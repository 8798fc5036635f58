"""The published openapiopenai 1.3.0, which this package replaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clients import AUDIO, MODEL, SPEECH

from openapiopenai import (
    ApiClient,
    AudioApi,
    AudioResponseFormat,
    Configuration,
    CreateSpeechRequest,
    CreateTranscriptionRequestModel,
)

_MODEL = CreateTranscriptionRequestModel(MODEL)


class Client:
    """Makes calls to one URL."""

    def __init__(self, url: str) -> None:
        self.api = AudioApi(ApiClient(Configuration(host=url, access_token="sk-test")))

    def transcribe(self) -> int:
        answer = self.api.create_transcription(("a.wav", AUDIO), _MODEL)
        return len(answer.actual_instance.text)

    def speak(self) -> int:
        return len(self.api.create_speech(CreateSpeechRequest.from_dict(SPEECH)))

    def verbose(self) -> int:
        answer = self.api.create_transcription(
            ("a.wav", AUDIO), _MODEL, response_format=AudioResponseFormat.VERBOSE_JSON
        )
        return len(getattr(answer.actual_instance, "segments", None) or ())

    def upload(self, source: Any) -> int:
        return len(self.api.create_transcription(source, _MODEL).actual_instance.text)

    def save(self, path: str) -> int:
        speech = self.api.create_speech(CreateSpeechRequest.from_dict(SPEECH))
        return Path(path).write_bytes(speech) and 1
