"""Words and segments to make subtitles from."""

from __future__ import annotations

import re

SENTENCES = (
    " Good morning, Mr. Smith, and welcome to the show.",
    " Today we are talking about the oldest bridge in the town, which was built by the Romans.",
)


def spoken(text: str, start: float = 0.0, step: float = 0.33) -> list[dict[str, object]]:
    """Return a text's words as OpenAI gives them: without capitals and punctuation."""
    return [
        {"word": word, "start": start + number * step, "end": start + number * step + 0.3}
        for number, word in enumerate(re.findall(r"[\w'-]+", text))
    ]


def segment(text: str, start: float, end: float, **more: object) -> dict[str, object]:
    """Return a segment."""
    return {"text": text, "start": start, "end": end, **more}


def verbose(*sentences: str) -> dict[str, object]:
    """Return a verbose result with words and segments, 20 s of each."""
    return {
        "text": "".join(sentences).strip(),
        "words": [
            word for number, text in enumerate(sentences) for word in spoken(text, number * 20.0)
        ],
        "segments": [
            segment(text, number * 20.0, number * 20.0 + 19)
            for number, text in enumerate(sentences)
        ],
    }
