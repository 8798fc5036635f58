"""What is answered: a transcript in each of its formats, and both kinds of event streams.

Usage is counted in tokens of this server's own: a word, or a tenth of a second of sound.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from openapiopenai.local.captions import Cue, srt, vtt
from openapiopenai.local.pauses import FRAMES_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openapiopenai.local.asked import TranscriptRequest
    from openapiopenai.local.recognition import Utterance
    from openapiopenai.local.worker import Word

_AUDIO_TOKENS_PER_SECOND = 10


@dataclass(frozen=True)
class Transcript:
    """What was recognised in a whole recording, and how many seconds that lasts."""

    utterances: list[Utterance]
    duration: float

    @property
    def text(self) -> str:
        """All that was said, without line breaks."""
        return " ".join(utterance.text for utterance in self.utterances)

    @property
    def words(self) -> list[Word]:
        """All words, in order."""
        return [word for utterance in self.utterances for word in utterance.words]

    @property
    def cues(self) -> list[Cue]:
        """A subtitle for each utterance."""
        return [Cue(spoken.start, spoken.end, spoken.text) for spoken in self.utterances]


def transcript_response(transcript: Transcript, asked: TranscriptRequest) -> Response:
    """Answer with a transcript.

    :param transcript: what was recognised.
    :param asked: which format, and which parts of it.
    :return: the answer.
    """
    return _FORMATS[asked.response_format](transcript, asked)


def transcript_done(transcript: Transcript, asked: TranscriptRequest) -> dict[str, object]:
    """Make the last event of a transcript that is streamed.

    :param transcript: what was recognised.
    :param asked: which parts of it.
    :return: the event.
    """
    heard = round(transcript.duration * _AUDIO_TOKENS_PER_SECOND)
    usage = {
        "type": "tokens",
        "input_token_details": {"audio_tokens": heard, "text_tokens": 0},
        **_tokens(heard, len(transcript.words)),
    }
    return {"type": "transcript.text.done", **_plain(transcript, asked), "usage": usage}


def transcript_delta(utterance: Utterance, asked: TranscriptRequest, *, first: bool) -> object:
    """Make the event of one utterance.

    :param utterance: what was recognised last.
    :param asked: whether probabilities are wanted.
    :param first: whether nothing went before; else a space parts it from that.
    :return: the event.
    """
    text = utterance.text if first else " " + utterance.text
    delta: dict[str, object] = {"type": "transcript.text.delta", "delta": text}
    if asked.logprobs:
        delta["logprobs"] = _logprobs(utterance.words, first=first)
    return delta


def speech_events(
    chunks: Iterable[bytes], text: str, seconds: Callable[[], float]
) -> Iterator[bytes]:
    """Wrap speech in events.

    :param chunks: the encoded speech, as it is made.
    :param text: what is spoken.
    :param seconds: tells, at the end, how long the speech lasts.
    :return: the lines of the event stream.
    """
    for chunk in chunks:
        yield event({"type": "speech.audio.delta", "audio": base64.b64encode(chunk).decode()})
    usage = _tokens(len(text.split()), round(seconds() * _AUDIO_TOKENS_PER_SECOND))
    yield event({"type": "speech.audio.done", "usage": usage})


def event(data: object) -> bytes:
    """Write a server-sent event.

    :param data: what it carries.
    :return: its lines.
    """
    return f"data: {json.dumps(data)}\n\n".encode()


def _tokens(read: int, made: int) -> dict[str, int]:
    return {"input_tokens": read, "output_tokens": made, "total_tokens": read + made}


def _plain(transcript: Transcript, asked: TranscriptRequest) -> dict[str, object]:
    plain: dict[str, object] = {"text": transcript.text}
    if asked.name_languages:
        plain["languages"] = [{"code": "en"}]
    if asked.logprobs:
        plain["logprobs"] = _logprobs(transcript.words, first=True)
    return plain


def _logprobs(words: list[Word], *, first: bool) -> list[dict[str, object]]:
    """Give the words as tokens, which joined are the text: most begin with a space."""
    tokens = [" " + word.text for word in words]
    if first:
        tokens[:1] = [token.lstrip() for token in tokens[:1]]
    return [
        {"token": token, "logprob": word.logprob, "bytes": list(token.encode())}
        for token, word in zip(tokens, words, strict=True)
    ]


def _json(transcript: Transcript, asked: TranscriptRequest) -> Response:
    return JSONResponse({**_plain(transcript, asked), "usage": _duration_usage(transcript)})


def _verbose_json(transcript: Transcript, asked: TranscriptRequest) -> Response:
    verbose: dict[str, object] = {
        "task": asked.task,
        "language": "english",
        "duration": transcript.duration,
        "text": transcript.text,
        "usage": _duration_usage(transcript),
    }
    if "segment" in asked.granularities:
        verbose["segments"] = [
            _segment(number, utterance) for number, utterance in enumerate(transcript.utterances)
        ]
    if "word" in asked.granularities:
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
        "tokens": [],  # this engine works on words and has no numbered tokens
        "temperature": 0.0,  # nor does it sample
        "avg_logprob": sum(word.logprob for word in utterance.words) / len(utterance.words),
        "compression_ratio": len(text) / len(zlib.compress(text)),
        "no_speech_prob": 0.0,  # where there is no speech there is no segment
    }


_FORMATS: dict[str, Callable[[Transcript, TranscriptRequest], Response]] = {
    "json": _json,
    "verbose_json": _verbose_json,
    "text": lambda transcript, _: PlainTextResponse(transcript.text + "\n"),
    "srt": lambda transcript, _: Response(
        srt(transcript.cues), media_type="application/x-subrip; charset=utf-8"
    ),
    "vtt": lambda transcript, _: Response(vtt(transcript.cues), media_type="text/vtt"),
}
