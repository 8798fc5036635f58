"""This package."""

from __future__ import annotations

from typing import Any

from clients import AUDIO, MODEL, SPEECH

from openapiopenai import ApiClient, AudioApi, Configuration


class Client:
    """Makes calls to one URL."""

    def __init__(self, url: str) -> None:
        self.api = AudioApi(ApiClient(Configuration(host=url, access_token="sk-test")))

    def transcribe(self) -> int:
        return len(self.api.create_transcription(AUDIO, MODEL).text)

    def speak(self) -> int:
        return len(self.api.create_speech(SPEECH))

    def verbose(self) -> int:
        answer = self.api.create_transcription(AUDIO, MODEL, response_format="verbose_json")
        return len(answer.segments or ())

    def events(self) -> int:
        with self.api.create_transcription_streaming(AUDIO, MODEL) as stream:
            return sum(1 for _ in stream)

    def upload(self, source: Any) -> int:
        return len(self.api.create_transcription(source, MODEL).text)

    def save(self, path: str) -> int:
        with self.api.create_speech_streaming(SPEECH) as stream:
            stream.save(path)
        return 1
