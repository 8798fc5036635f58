"""Response bodies of the server, as the API's description shows them, in any size."""

from __future__ import annotations

import json

#: Words and tokens per segment, as ``whisper-1`` returns them for ordinary speech.
_WORDS_OF_20_SEGMENTS = 133
_TOKENS = 10

_WORDS = ("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "today")


def transcript() -> bytes:
    """Return a short transcript in the format ``json``."""
    return _json({"text": "The quick brown fox jumps over a lazy dog.", "usage": _usage(4)})


def verbose(segments: int) -> bytes:
    """Return a transcript in the format ``verbose_json``: 300 segments have about 2 000 words."""
    words = segments * _WORDS_OF_20_SEGMENTS // 20
    return _json(
        {
            "task": "transcribe",
            "language": "english",
            "duration": segments * 4.0,
            "text": " ".join(_WORDS[n % len(_WORDS)] for n in range(words)),
            "segments": [_segment(n) for n in range(segments)],
            "words": [_word(n) for n in range(words)],
            "usage": _usage(segments * 4),
        }
    )


def events(number: int) -> list[bytes]:
    """Return the events of a streamed transcript; the last one has the complete text."""
    deltas = [_WORDS[n % len(_WORDS)] + " " for n in range(number - 1)]
    sent = [_event({"type": "transcript.text.delta", "delta": delta}) for delta in deltas]
    done = {"type": "transcript.text.done", "text": "".join(deltas), "usage": _usage(number)}
    return [*sent, _event(done)]


def _segment(number: int) -> dict[str, object]:
    return {
        "id": number,
        "seek": number * 400,
        "start": number * 4.0,
        "end": number * 4.0 + 3.92,
        "text": " The quick brown fox jumps over.",
        "tokens": [50364 + (number + n) % 1500 for n in range(_TOKENS)],
        "temperature": 0.0,
        "avg_logprob": -0.2389332950115204,
        "compression_ratio": 1.2380952835083008,
        "no_speech_prob": 0.0028834580443799496,
    }


def _word(number: int) -> dict[str, object]:
    start = round(number * 0.6, 2)
    return {"word": _WORDS[number % len(_WORDS)], "start": start, "end": round(start + 0.52, 2)}


def _usage(seconds: int) -> dict[str, object]:
    return {"type": "duration", "seconds": seconds}


def _event(data: object) -> bytes:
    return b"data: " + _json(data) + b"\n\n"


def _json(data: object) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode()
