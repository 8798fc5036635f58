"""The same by hand, with urllib3 and json: nothing is checked, and nothing has a type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from clients import AUDIO, MODEL, SPEECH
from urllib3 import PoolManager

_HEADERS = {"Authorization": "Bearer sk-test"}


class Client:
    """Makes calls to one URL."""

    def __init__(self, url: str) -> None:
        self.pool = PoolManager(maxsize=8)
        self.transcriptions = f"{url}/audio/transcriptions"
        self.speech = f"{url}/audio/speech"

    def _transcription(self, audio: Any = AUDIO, **fields: str) -> Any:
        answer = self.pool.request(
            "POST",
            self.transcriptions,
            fields={"file": ("a.wav", audio), "model": MODEL, **fields},
            headers=_HEADERS,
        )
        return json.loads(answer.data)

    def transcribe(self) -> int:
        return len(self._transcription()["text"])

    def speak(self) -> int:
        return len(self.pool.request("POST", self.speech, json=SPEECH, headers=_HEADERS).data)

    def verbose(self) -> int:
        return len(self._transcription(response_format="verbose_json")["segments"])

    def events(self) -> int:
        answer = self.pool.request(
            "POST",
            self.transcriptions,
            fields={"file": ("a.wav", AUDIO), "model": MODEL, "stream": "true"},
            headers=_HEADERS,
            preload_content=False,
        )
        return sum(1 for line in answer if line.startswith(b"data: ") and json.loads(line[6:]))

    def upload(self, source: Any) -> int:
        return len(self._transcription(Path(source).read_bytes())["text"])

    def save(self, path: str) -> int:
        answer = self.pool.request(
            "POST", self.speech, json=SPEECH, headers=_HEADERS, preload_content=False
        )
        with Path(path).open("wb") as file:
            file.writelines(answer.stream(256 * 1024))
        answer.release_conn()
        return 1
