"""The official client."""

from __future__ import annotations

from typing import Any

from clients import AUDIO, MODEL, SPEECH
from openai import OpenAI


class Client:
    """Makes calls to one URL."""

    def __init__(self, url: str) -> None:
        self.api = OpenAI(base_url=url, api_key="sk-test").audio

    def transcribe(self) -> int:
        return len(self.api.transcriptions.create(file=("a.wav", AUDIO), model=MODEL).text)

    def speak(self) -> int:
        return len(self.api.speech.create(**SPEECH).content)

    def verbose(self) -> int:
        answer = self.api.transcriptions.create(
            file=("a.wav", AUDIO), model=MODEL, response_format="verbose_json"
        )
        return len(answer.segments or ())

    def events(self) -> int:
        stream = self.api.transcriptions.create(file=("a.wav", AUDIO), model=MODEL, stream=True)
        with stream:
            return sum(1 for _ in stream)

    def upload(self, source: Any) -> int:
        return len(self.api.transcriptions.create(file=source, model=MODEL).text)

    def save(self, path: str) -> int:
        with self.api.speech.with_streaming_response.create(**SPEECH) as answer:
            answer.stream_to_file(path)
        return 1
