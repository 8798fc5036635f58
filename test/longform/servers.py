"""A server that recognizes the words of :mod:`longform.sounds`, and counts its requests."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from longform.sounds import HEARD_RATE, Heard, decode, hear
from wire import Answer, Recorded, RecordingServer

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCE_PAUSE = 0.4  # seconds


class HearingServer(RecordingServer):
    """A server that answers as OpenAI does, with the words that it hears, in any format.

    ``heard_seconds`` and ``sizes`` have an entry for each request, ``most_at_once`` is the
    largest number of them at a time. ``before_answer`` may be set to fail or hold a request: it is
    called with the number of the request, from 1, and may return an answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.heard_seconds: list[float] = []
        self.sizes: list[int] = []
        self.parts: list[dict[str, list[str]]] = []
        self.names: list[str] = []
        self.most_at_once = 0
        self.before_answer: Callable[[int], Answer | None] = lambda _: None
        self.speaker_of: Callable[[int, Heard, dict[str, list[str]]], str] = lambda *_: "A"
        self._at_once = 0
        self._lock = threading.Lock()
        self.answer_with(self._answer)

    def _answer(self, request: Recorded) -> Answer:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self._heard(request)
        finally:
            with self._lock:
                self._at_once -= 1

    def _heard(self, request: Recorded) -> Answer:
        fields: dict[str, list[str]] = {}
        for part in request.form:
            if part.name != "file":
                fields.setdefault(part.name.removesuffix("[]"), []).append(part.text)
        file = next(part for part in request.form if part.name == "file")
        samples = decode(file.content)
        with self._lock:
            self.parts.append(fields)
            self.sizes.append(len(file.content))
            self.names.append(str(file.filename))
            self.heard_seconds.append(len(samples) / HEARD_RATE)
            number = len(self.parts)
        answer = self.before_answer(number)
        if answer:
            return answer
        words = hear(samples)
        response_format = fields.get("response_format", ["json"])[0]
        return FORMATS[response_format](self, words, len(samples) / HEARD_RATE, fields)

    def diarized(self, words: list[Heard], seconds: float, fields: dict[str, list[str]]) -> Answer:
        number = len(self.parts)
        segments = [
            {
                "type": "transcript.text.segment",
                "id": f"seg_{index:03}",
                "text": _text(sentence),
                "start": sentence[0].start,
                "end": sentence[-1].end,
                "speaker": self.speaker_of(number, sentence[0], fields),
            }
            for index, sentence in enumerate(sentences(words))
        ]
        return Answer(
            body={
                "task": "transcribe",
                "duration": seconds,
                "text": _text(words),
                "segments": segments,
                "usage": _usage(seconds),
            }
        )


def sentences(words: list[Heard]) -> list[list[Heard]]:
    """Return the words between pauses."""
    found: list[list[Heard]] = []
    for word in words:
        if found and word.start - found[-1][-1].end < SENTENCE_PAUSE:
            found[-1].append(word)
        else:
            found.append([word])
    return found


def _text(words: list[Heard]) -> str:
    return " ".join(word.word for word in words)


def _usage(seconds: float) -> dict[str, Any]:
    audio = round(seconds * 10)
    return {
        "type": "tokens",
        "input_tokens": audio,
        "output_tokens": 1,
        "total_tokens": audio + 1,
        "input_token_details": {"audio_tokens": audio, "text_tokens": 0},
    }


def _json(_: Any, words: list[Heard], seconds: float, fields: dict[str, list[str]]) -> Answer:
    body: dict[str, Any] = {"text": _text(words), "usage": _usage(seconds)}
    if fields.get("include") == ["logprobs"]:
        tokens = [" " * bool(i) + word.word for i, word in enumerate(words)]
        body["logprobs"] = [
            {"token": t, "logprob": -0.1, "bytes": list(t.encode())} for t in tokens
        ]
    return Answer(body=body)


def _verbose(_: Any, words: list[Heard], seconds: float, _fields: Any) -> Answer:
    segments = [
        {
            "id": i,
            "seek": round(s[0].start * 100),
            "start": s[0].start,
            "end": s[-1].end,
            "text": f" {_text(s)}",
            "tokens": [1],
            "temperature": 0.0,
            "avg_logprob": -0.1,
            "compression_ratio": 1.0,
            "no_speech_prob": 0.0,
        }
        for i, s in enumerate(sentences(words))
    ]
    language = "english" if Counter(w.word for w in words)["zero"] else "german"
    return Answer(
        body={
            "task": "transcribe",
            "language": language,
            "duration": seconds,
            "text": _text(words),
            "segments": segments,
            "words": [word._asdict() for word in words],
            "usage": {"type": "duration", "seconds": round(seconds)},
        }
    )


def _srt(_: Any, words: list[Heard], _seconds: float, _fields: Any) -> Answer:
    cues = [
        f"{i}\n{_time(s[0].start, ',')} --> {_time(s[-1].end, ',')}\n{_text(s)}\n\n"
        for i, s in enumerate(sentences(words), start=1)
    ]
    return Answer(body="".join(cues))


def _vtt(_: Any, words: list[Heard], _seconds: float, _fields: Any) -> Answer:
    cues = [
        f"{_time(s[0].start, '.')} --> {_time(s[-1].end, '.')}\n{_text(s)}\n\n"
        for s in sentences(words)
    ]
    return Answer(body="WEBVTT\n\n" + "".join(cues))


def _time(seconds: float, point: str) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"00:{minutes:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"


FORMATS: dict[str, Callable[..., Answer]] = {
    "diarized_json": HearingServer.diarized,
    "json": _json,
    "srt": _srt,
    "text": lambda _s, words, *_: Answer(body=_text(words) + "\n"),
    "verbose_json": _verbose,
    "vtt": _vtt,
}
