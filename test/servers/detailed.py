"""Transcripts in the formats verbose_json and diarized_json."""

from __future__ import annotations

from openapiopenai import (
    TranscriptionDiarizedSegment,
    TranscriptionWord,
)

from .case import Case
from .pieces import segment, verbose

AS_VERBOSE_JSON = [
    Case("OpenAI", verbose(task="transcribe", segments=[segment()]), back=True),
    Case("vLLM: a duration in a string", verbose(duration="1.5"), attrs={"duration": 1.5}),
    Case("no duration", verbose(duration=None), attrs={"duration": None}, back=True),
    Case("a duration that is none", verbose(duration="long"), attrs={"duration": None}),
    Case(
        "Azure: only the text",
        {"text": "The kettle sings.", "task": "transcribe"},
        attrs={"language": None, "duration": None, "segments": None, "task": "transcribe"},
        back=True,
    ),
    Case(
        "vLLM: a probability that is null, and no words",
        verbose(segments=[segment(no_speech_prob=None)], words=None),
        attrs={"segments.0.no_speech_prob": None, "segments.0.seek": 0, "words": None},
        back=True,
    ),
    Case(
        "speaches: segments from 1, and words beside them",
        verbose(
            segments=[segment(id=1), segment(id=2, seek=150)],
            words=[{"word": " The", "start": 0.0, "end": 0.5, "probability": 0.75}],
            usage=None,
        ),
        attrs={"segments.1.id": 2, "words.0.word": " The", "words.0.probability": 0.75},
        back=True,
    ),
    Case(
        "Groq: whole numbers, and an object of its own",
        verbose(segments=[segment(temperature=0)], duration=2, x_groq={"id": "req_9"}),
        attrs={"segments.0.temperature": 0.0, "duration": 2.0, "x_groq.id": "req_9"},
        back=True,
    ),
    Case(
        "whisper.cpp: no times, in segments and words",
        verbose(
            segments=[{"id": 0, "text": " The", "words": [{"word": " The", "probability": 0.5}]}]
        ),
        attrs={
            "segments.0.start": None,
            "segments.0.end": None,
            "segments.0.words.0.start": None,
            "segments.0.words.0.word": " The",
        },
        back=True,
    ),
    Case("a language by name", verbose(language="English"), attrs={"language": "English"}),
    Case("a language that is none", verbose(language=["en"]), attrs={"language": None}),
    Case(
        "LocalAI: segments with little in them",
        verbose(segments=[{"id": 3, "start": 0, "end": 1.5, "text": " The", "tokens": None}]),
        attrs={
            "segments.0.id": 3,
            "segments.0.seek": None,
            "segments.0.tokens": None,
            "segments.0.no_speech_prob": None,
        },
        back=True,
    ),
    Case(
        "LocalAI: words called text",
        verbose(words=[{"text": "The", "start": 0, "end": 0.5}]),
        attrs={"words.0.word": "The", "words.0.text": "The"},
        back=True,
    ),
    Case(
        "words called text inside segments, and one that is no text",
        verbose(segments=[{"text": "The", "words": [{"text": "The"}, {"text": 7}]}]),
        attrs={"segments.0.words.0.word": "The", "segments.0.words.1.word": None},
        back=True,
    ),
    Case(
        "whisper.cpp: words inside segments, and more about the language",
        verbose(
            segments=[segment(words=[{"word": " The", "start": 0, "end": 1, "probability": 0.5}])],
            detected_language="english",
            language_probabilities={"en": 0.75},
        ),
        attrs={
            "segments.0.words.0.__class__": TranscriptionWord,
            "segments.0.words.0.probability": 0.5,
            "detected_language": "english",
            "language_probabilities.en": 0.75,
        },
        back=True,
    ),
    Case(
        "Xinference: an end that is null",
        verbose(segments=[segment(end=None)]),
        attrs={"segments.0.end": None, "segments.0.start": 0.0},
        back=True,
    ),
    Case(
        "a segment in which everything has the wrong type",
        verbose(segments=[{name: [{}] for name in segment()}, segment(id=1)]),
        attrs={
            **{f"segments.0.{name}": None for name in segment()},
            "segments.1.id": 1,
            "segments.1.tokens": [440, 9],
        },
    ),
    Case(
        "tokens of which one is no number",
        verbose(segments=[segment(tokens=[440, "nine"])]),
        attrs={"segments.0.tokens": None, "segments.0.text": " The kettle sings."},
    ),
    Case(
        "numbers in strings",
        verbose(segments=[segment(seek="300", start="0.5", no_speech_prob="0.25")]),
        attrs={
            "segments.0.seek": 300,
            "segments.0.start": 0.5,
            "segments.0.no_speech_prob": 0.25,
        },
    ),
    Case(
        "numbers that are none",
        verbose(segments=[segment(id=0, seek="@")])
        .__str__()
        .replace("'@'", "Infinity")
        .replace("'", '"'),
        attrs={"segments.0.seek": None, "segments.0.id": 0},
    ),
    Case("segments that are none", verbose(segments={"0": 1}), attrs={"segments": None}),
    Case("words that are none", verbose(words=7), attrs={"words": None}),
    Case(
        "vLLM: no segments, no words",
        verbose(segments=None, words=None),
        attrs={"segments": None, "words": None},
        back=True,
    ),
    Case(
        "a speaker by number",
        verbose(segments=[segment(speaker=2)]),
        attrs={"segments.0.speaker": 2},
        back=True,
    ),
]

AS_DIARIZED_JSON = [
    Case(
        "OpenAI",
        {
            "task": "transcribe",
            "duration": 1.5,
            "text": "The kettle sings.",
            "segments": [
                {
                    "type": "transcript.text.segment",
                    "id": "seg_0",
                    "start": 0.0,
                    "end": 1.5,
                    "text": "The kettle sings.",
                    "speaker": "A",
                }
            ],
            "usage": {"type": "duration", "seconds": 2},
        },
        attrs={
            "segments.0.__class__": TranscriptionDiarizedSegment,
            "segments.0.speaker": "A",
            "usage.seconds": 2,
        },
        back=True,
    ),
    Case(
        "speakers and segments by number",
        {"text": "The kettle sings.", "segments": [{"id": 0, "speaker": 1, "text": "The"}]},
        attrs={"segments.0.speaker": 1, "segments.0.id": 0},
        back=True,
    ),
    Case(
        "words too",
        {
            "text": "The kettle sings.",
            "words": [{"text": "The"}],
            "segments": [{"speaker": "B", "words": [{"word": "The"}]}],
        },
        attrs={
            "words.0.word": "The",
            "segments.0.words.0.__class__": TranscriptionWord,
            "segments.0.words.0.word": "The",
        },
        back=True,
    ),
    Case(
        "whisper.cpp: it knows no speakers",
        {"text": "The kettle sings."},
        attrs={"segments": None},
        back=True,
    ),
]

AS_VERBOSE_TRANSLATION = [
    Case("OpenAI", verbose(language="english", segments=[segment()]), back=True),
    Case(
        "words that a translation has nowhere else",
        verbose(words=[{"text": "The"}], duration="1.5"),
        attrs={"words.0.text": "The", "duration": 1.5},
    ),
    Case(
        "vLLM: the language that was spoken, a duration in a string, words that are null",
        verbose(
            language="it",
            duration="1.5",
            segments=[segment(no_speech_prob=None)],
            words=None,
        ),
        attrs={"language": "it", "duration": 1.5, "segments.0.no_speech_prob": None},
    ),
    Case("words that are none", verbose(words=7, segments=[None])),
]
