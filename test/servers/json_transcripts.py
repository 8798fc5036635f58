"""Transcripts in the format json, and what servers add to it."""

from __future__ import annotations

import json

from openapiopenai import (
    CreateTranslationResponseJson,
    CreateTranslationResponseVerboseJson,
    TranscriptionSegment,
    TranscriptionWord,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
)

from .case import ABSENT, Case
from .pieces import DIARIZED, JSON, VERBOSE, segment

AS_JSON = [
    Case("OpenAI: json", {"text": "Hi"}, text="Hi", variant=JSON, back=True),
    Case(
        "Groq: an object of its own",
        {"text": "Hi", "x_groq": {"id": "req_9"}},
        text="Hi",
        variant=JSON,
        attrs={"x_groq.id": "req_9"},
        back=True,
    ),
    Case(
        "whisper.cpp: white space around the text",
        {"text": " The kettle sings.\n"},
        text=" The kettle sings.\n",
        variant=JSON,
        back=True,
    ),
    Case(
        "vLLM: usage in seconds",
        {"text": "Hi", "usage": {"type": "duration", "seconds": 7}},
        text="Hi",
        variant=JSON,
        attrs={"usage.__class__": TranscriptTextUsageDuration, "usage.seconds": 7},
        back=True,
    ),
    Case(
        "OpenAI: usage in tokens",
        {
            "text": "Hi",
            "usage": {
                "type": "tokens",
                "input_tokens": 14,
                "input_token_details": {"text_tokens": 0, "audio_tokens": 14},
                "output_tokens": 3,
                "total_tokens": 17,
            },
        },
        text="Hi",
        attrs={
            "usage.__class__": TranscriptTextUsageTokens,
            "usage.input_token_details.audio_tokens": 14,
        },
        back=True,
    ),
    Case(
        "a usage without a type",
        {"text": "Hi", "usage": {"prompt_tokens": 5, "total_tokens": 8}},
        text="Hi",
        attrs={
            "usage.__class__": TranscriptTextUsageTokens,
            "usage.total_tokens": 8,
            "usage.prompt_tokens": 5,
            "usage.type": None,
        },
        back=True,
    ),
    Case(
        "a usage with a wrong number keeps the others, and its class",
        {"text": "Hi", "usage": {"type": "tokens", "input_tokens": "many", "output_tokens": 3}},
        text="Hi",
        attrs={
            "usage.__class__": TranscriptTextUsageTokens,
            "usage.input_tokens": None,
            "usage.output_tokens": 3,
        },
    ),
    Case("a usage that is none", {"text": "Hi", "usage": "free"}, text="Hi", attrs={"usage": None}),
    Case(
        "speaches: everything null",
        {"text": "Hi", "languages": None, "logprobs": None, "usage": None},
        text="Hi",
        attrs={"languages": None, "logprobs": None, "usage": None},
        back=True,
    ),
    Case(
        "OpenAI: logprobs and languages",
        {
            "text": "Hi",
            "logprobs": [{"token": "Hi", "logprob": -0.5, "bytes": [72, 105]}],
            "languages": [{"code": "en", "share": 0.9}],
        },
        text="Hi",
        attrs={
            "logprobs.0.token": "Hi",
            "logprobs.0.bytes": [72, 105],
            "languages.0.code": "en",
            "languages.0.share": 0.9,
        },
        back=True,
    ),
    Case("JSON as text/plain", '{"text": "Hi"}', "text/plain", text="Hi", variant=JSON),
    Case(
        "whisper-asr-webservice: segments in JSON as text/plain",
        json.dumps({"text": "Hi", "language": "en", "segments": [segment(words=None)]}),
        "text/plain; charset=utf-8",
        text="Hi",
        variant=VERBOSE,
        attrs={"language": "en", "segments.0.words": None},
    ),
    Case("JSON without a content type", '{"text": "Hi"}', None, text="Hi", variant=JSON),
    Case("JSON after a byte order mark", b'\xef\xbb\xbf{"text": "Hi"}', text="Hi", variant=JSON),
    Case("JSON in UTF-16", '{"text": "Küche"}'.encode("utf-16-le"), text="Küche"),
    Case(
        "JSON in Latin-1",
        '{"text": "Küche"}'.encode("latin-1"),
        "application/json; charset=latin-1",
        text="Küche",
    ),
    Case("a cut character", b'{"text": "K\xc3 "}', text="K\ufffd "),
    Case("half a surrogate pair", rb'{"text": "a\ud83d b", "n": 1}', text="a\ufffd b"),
    Case("the last of two keys", '{"text": "first", "text": "last"}', text="last"),
    Case("silence", {"text": ""}, text="", variant=JSON),
    Case(
        "a number that is longer than Python converts",
        b'{"text": "Hi", "n": ' + b"9" * 5000 + b"}",
        text="Hi",
        attrs={"n": float("inf")},
    ),
    Case(
        "an object without a bottom",
        b'{"text": "Hi", "x": ' + b'{"x":' * 400 + b"1" + b"}" * 401,
        text="Hi",
        variant=JSON,
    ),
    Case(
        "segments under json",
        {"text": "Hi", "segments": [segment()], "logprobs": [{"token": "Hi"}]},
        text="Hi",
        variant=VERBOSE,
        attrs={
            "segments.0.__class__": TranscriptionSegment,
            "logprobs.0.token": "Hi",
        },
        back=True,
    ),
    Case("no segments under json", {"text": "Hi", "segments": []}, text="Hi", variant=JSON),
    Case(
        "odd segments under json",
        {"text": "Hi", "segments": [7, "seven", None, segment(id=4)]},
        text="Hi",
        variant=VERBOSE,
        attrs={"segments.0.id": 4, "segments.1": ABSENT},
    ),
    Case(
        "speakers under json",
        {"text": "Hi", "segments": [segment(speaker="A")]},
        text="Hi",
        variant=DIARIZED,
        attrs={"segments.0.speaker": "A"},
        back=True,
    ),
    Case(
        "no speakers under json, though it says so",
        {"text": "Hi", "segments": [segment(speaker=None)]},
        text="Hi",
        variant=VERBOSE,
        back=True,
    ),
    Case(
        "words under json",
        {"text": "Hi", "words": [{"word": "Hi", "start": 0, "end": 1}]},
        text="Hi",
        variant=VERBOSE,
        attrs={"words.0.__class__": TranscriptionWord},
        back=True,
    ),
    Case("a translation", {"text": "Hi"}, "application/json", "translation", text="Hi"),
    Case(
        "Groq: an object of its own in a translation",
        {"text": " Hi", "x_groq": {"id": "req_9"}},
        call="translation",
        text=" Hi",
        variant=CreateTranslationResponseJson,
        attrs={"x_groq.id": "req_9"},
        back=True,
    ),
    Case(
        "segments under json for a translation",
        {"text": "Hi", "segments": [segment(speaker=1)]},
        call="translation",
        text="Hi",
        variant=CreateTranslationResponseVerboseJson,
        attrs={"segments.0.speaker": 1},
    ),
]
