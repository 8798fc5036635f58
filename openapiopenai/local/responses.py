"""Response bodies: transcripts in each format, and the events of both kinds of streams.

Usage counts tokens of this server's own: one per word, and ten per second of audio.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from openapiopenai.local.captions import Cue, srt, vtt
from openapiopenai.local.vad import FRAMES_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openapiopenai.local.recognizer import Utterance
    from openapiopenai.local.schemas import TranscriptionRequest
    from openapiopenai.local.worker import Word

_AUDIO_TOKENS_PER_SECOND = 10


@dataclass(frozen=True)
class Transcript:
    """The utterances of a recording.

    :param utterances: in order.
    :param duration: seconds of the recording.
    """

    utterances: list[Utterance]
    duration: float

    @property
    def text(self) -> str:
        """The text, on one line."""
        return " ".join(utterance.text for utterance in self.utterances)

    @property
    def words(self) -> list[Word]:
        """All words, in order."""
        return [word for utterance in self.utterances for word in utterance.words]

    @property
    def cues(self) -> list[Cue]:
        """One cue per utterance."""
        return [Cue(each.start, each.end, each.text) for each in self.utterances]


def transcript_response(transcript: Transcript, params: TranscriptionRequest) -> Response:
    """Return the response with a transcript.

    :param transcript: the transcript.
    :param params: the request: the format, and what to include.
    :return: the response.
    """
    return _FORMATS[params.response_format](transcript, params)


def transcript_done(transcript: Transcript, params: TranscriptionRequest) -> dict[str, object]:
    """Return the last event of a streamed transcript.

    :param transcript: the transcript.
    :param params: the request: what to include.
    :return: the event.
    """
    audio_tokens = round(transcript.duration * _AUDIO_TOKENS_PER_SECOND)
    usage = {
        "type": "tokens",
        "input_token_details": {"audio_tokens": audio_tokens, "text_tokens": 0},
        **_tokens(audio_tokens, len(transcript.words)),
    }
    return {"type": "transcript.text.done", **_text_fields(transcript, params), "usage": usage}


def transcript_delta(utterance: Utterance, params: TranscriptionRequest, *, first: bool) -> object:
    """Return the event of one utterance.

    :param utterance: the utterance.
    :param params: the request: whether to include log probabilities.
    :param first: whether it is the first; the others begin with a space.
    :return: the event.
    """
    text = utterance.text if first else " " + utterance.text
    delta: dict[str, object] = {"type": "transcript.text.delta", "delta": text}
    if params.include:
        delta["logprobs"] = _logprobs(utterance.words, first=first)
    return delta


def speech_events(
    chunks: Iterable[bytes], text: str, duration: Callable[[], float]
) -> Iterator[bytes]:
    """Yield the events of streamed speech.

    :param chunks: the encoded audio.
    :param text: the text that is spoken.
    :param duration: called after the last chunk; returns the seconds of audio.
    :return: the encoded events.
    """
    for chunk in chunks:
        yield format_event(
            {"type": "speech.audio.delta", "audio": base64.b64encode(chunk).decode()}
        )
    usage = _tokens(len(text.split()), round(duration() * _AUDIO_TOKENS_PER_SECOND))
    yield format_event({"type": "speech.audio.done", "usage": usage})


def format_event(data: object) -> bytes:
    """Format a server-sent event.

    :param data: its data, to be encoded as JSON.
    :return: the encoded event.
    """
    return f"data: {json.dumps(data)}\n\n".encode()


def _tokens(input_tokens: int, output_tokens: int) -> dict[str, int]:
    return {
        "input_tokens": input_tokens,
        "output_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
    }


def _text_fields(transcript: Transcript, params: TranscriptionRequest) -> dict[str, object]:
    fields: dict[str, object] = {"text": transcript.text}
    if params.languages:
        fields["languages"] = [{"code": "en"}]
    if params.include:
        fields["logprobs"] = _logprobs(transcript.words, first=True)
    return fields


def _logprobs(words: list[Word], *, first: bool) -> list[dict[str, object]]:
    """Return the words as tokens that add up to the text: all but the first begin with a space."""
    tokens = [" " + word.text for word in words]
    if first:
        tokens[:1] = [token.lstrip() for token in tokens[:1]]
    return [
        {"token": token, "logprob": word.logprob, "bytes": list(token.encode())}
        for token, word in zip(tokens, words, strict=True)
    ]


def _json(transcript: Transcript, params: TranscriptionRequest) -> Response:
    return JSONResponse({**_text_fields(transcript, params), "usage": _duration_usage(transcript)})


def _verbose_json(transcript: Transcript, params: TranscriptionRequest) -> Response:
    verbose: dict[str, object] = {
        "task": params.task,
        "language": "english",
        "duration": transcript.duration,
        "text": transcript.text,
        "usage": _duration_usage(transcript),
    }
    if "segment" in params.granularities:
        verbose["segments"] = [
            _segment(number, utterance) for number, utterance in enumerate(transcript.utterances)
        ]
    if "word" in params.granularities:
        verbose["words"] = [
            {"word": word.text, "start": word.start, "end": word.end} for word in transcript.words
        ]
    return JSONResponse(verbose)


def _duration_usage(transcript: Transcript) -> dict[str, object]:
    return {"type": "duration", "seconds": transcript.duration}


def _segment(number: int, utterance: Utterance) -> dict[str, object]:
    text = utterance.text.encode()
    return {
        "id": number,
        "seek": round(utterance.start * FRAMES_PER_SECOND),
        "start": utterance.start,
        "end": utterance.end,
        "text": utterance.text,
        "tokens": [],  # the engine recognizes words and has no token ids
        "temperature": 0.0,  # nor does it sample tokens
        "avg_logprob": sum(word.logprob for word in utterance.words) / len(utterance.words),
        "compression_ratio": len(text) / len(zlib.compress(text)),
        "no_speech_prob": 0.0,  # silence is not recognized and has no segment
    }


_FORMATS: dict[str, Callable[[Transcript, TranscriptionRequest], Response]] = {
    "json": _json,
    "verbose_json": _verbose_json,
    "text": lambda transcript, _: PlainTextResponse(transcript.text + "\n"),
    "srt": lambda transcript, _: Response(
        srt(transcript.cues), media_type="application/x-subrip; charset=utf-8"
    ),
    "vtt": lambda transcript, _: Response(vtt(transcript.cues), media_type="text/vtt"),
}
