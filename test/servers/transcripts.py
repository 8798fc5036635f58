"""Transcripts and translations that are not streamed."""

from __future__ import annotations

import json
from typing import Any

from openapiopenai import (
    ApiDecodeException,
    CreateTranscriptionResponseDiarizedJson,
    CreateTranscriptionResponseJson,
    CreateTranscriptionResponseVerboseJson,
    CreateTranslationResponseJson,
    CreateTranslationResponseVerboseJson,
    TranscriptionDiarizedSegment,
    TranscriptionSegment,
    TranscriptionWord,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
)

from .case import ABSENT, HTTP_INFO, PLAIN, Case

JSON = CreateTranscriptionResponseJson
VERBOSE = CreateTranscriptionResponseVerboseJson
DIARIZED = CreateTranscriptionResponseDiarizedJson
SRT = "1\n00:00:00,000 --> 00:00:01,500\nThe kettle sings.\n\n"
VTT = "WEBVTT\n\n00:00.000 --> 00:01.500\nThe kettle sings.\n\n"
PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please</body></html>"


def asks(response_format: str) -> dict[str, Any]:
    return {"response_format": response_format}


def segment(**changed: Any) -> dict[str, Any]:
    """Return a segment as OpenAI describes it, but for what is changed."""
    usual = {
        "id": 0,
        "seek": 0,
        "start": 0.0,
        "end": 1.5,
        "text": " The kettle sings.",
        "tokens": [440, 9],
        "temperature": 0.0,
        "avg_logprob": -0.25,
        "compression_ratio": 1.25,
        "no_speech_prob": 0.125,
    }
    return usual | changed


def verbose(**changed: Any) -> dict[str, Any]:
    return {"language": "en", "duration": 1.5, "text": "The kettle sings.", **changed}


AS_TEXT = [
    Case("plain text", "The kettle sings.\n", "text/plain; charset=utf-8", asked=asks("text")),
    Case("whisper.cpp: text/html", " The kettle sings.\n", "text/html", asked=asks("text")),
    Case("no content type", "The kettle sings.", None, asked=asks("text")),
    Case("text labelled as JSON", "The kettle sings.", asked=asks("text")),
    Case("srt as text/plain", SRT, "text/plain", asked=asks("srt")),
    Case("whisper.cpp: srt as x-subrip", SRT, "application/x-subrip", asked=asks("srt")),
    Case("srt labelled as JSON", SRT, asked=asks("srt")),
    Case("LocalAI: srt after empty lines", "\n\n" + SRT, "text/plain", asked=asks("srt")),
    Case("Azure: srt with CRLF", SRT.replace("\n", "\r\n"), "text/plain", asked=asks("srt")),
    Case(
        "LocalAI: minutes beyond 59, and no line end at the end",
        "1\n01:75:30,000 --> 01:75:31,500\nThe kettle sings.",
        "text/plain; charset=UTF-8",
        asked=asks("srt"),
    ),
    Case("vtt", VTT, "text/vtt", asked=asks("vtt")),
    Case(
        "speaches: hours, and a blank before each cue's text",
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n The kettle sings.\n\n",
        "text/vtt; charset=utf-8",
        asked=asks("vtt"),
    ),
    Case("vtt without a content type", VTT, None, asked=asks("vtt")),
    Case("a text that begins with a brace", "{laughs} Well.", "text/plain", asked=asks("text")),
    Case("a text that looks like an event", "data: plural.", "text/plain", asked=asks("text")),
    Case("silence", "", "text/plain", asked=asks("text")),
    Case("a format of one server only (lrc)", "[00:00.00]The", "text/plain", asked=asks("lrc")),
    Case("a translation as text", "The kettle.", "text/plain", "translation", asks("text")),
]

AS_TEXT_OTHERWISE = [
    Case(
        "a byte order mark",
        b"\xef\xbb\xbfThe kettle",
        "text/plain",
        asked=asks("text"),
        text="The kettle",
    ),
    Case("UTF-16", "Küche".encode("utf-16"), "text/plain", asked=asks("text"), text="Küche"),
    Case(
        "Latin-1",
        "Küche".encode("latin-1"),
        'text/plain; charset="ISO-8859-1"',
        asked=asks("text"),
        text="Küche",
    ),
    Case(
        "a charset that nobody knows",
        "Küche",
        "text/plain; charset=klingon",
        asked=asks("text"),
        text="Küche",
    ),
    Case(
        "a charset of Python's own",
        r"\d Küche",
        "text/plain; charset=unicode_escape",
        asked=asks("text"),
        text=r"\d Küche",
    ),
    Case("vLLM: JSON for text", {"text": " The kettle", "usage": None}, asked=asks("text")),
    Case("LiteLLM: JSON for srt", {"text": SRT}, asked=asks("srt"), text=SRT),
    Case("LiteLLM: JSON for vtt as text", {"text": VTT}, "text/plain", asked=asks("vtt"), text=VTT),
    Case("a JSON string", '"The kettle"', asked=asks("text"), text="The kettle"),
]

AS_JSON = [
    Case("OpenAI: json", {"text": "Hi"}, text="Hi", gives=JSON, back=True),
    Case(
        "Groq: an object of its own",
        {"text": "Hi", "x_groq": {"id": "req_9"}},
        text="Hi",
        gives=JSON,
        attrs={"x_groq.id": "req_9"},
        back=True,
    ),
    Case(
        "whisper.cpp: white space around the text",
        {"text": " The kettle sings.\n"},
        text=" The kettle sings.\n",
        gives=JSON,
        back=True,
    ),
    Case(
        "vLLM: usage in seconds",
        {"text": "Hi", "usage": {"type": "duration", "seconds": 7}},
        text="Hi",
        gives=JSON,
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
    Case("JSON as text/plain", '{"text": "Hi"}', "text/plain", text="Hi", gives=JSON),
    Case(
        "whisper-asr-webservice: segments in JSON as text/plain",
        json.dumps({"text": "Hi", "language": "en", "segments": [segment(words=None)]}),
        "text/plain; charset=utf-8",
        text="Hi",
        gives=VERBOSE,
        attrs={"language": "en", "segments.0.words": None},
    ),
    Case("JSON without a content type", '{"text": "Hi"}', None, text="Hi", gives=JSON),
    Case("JSON after a byte order mark", b'\xef\xbb\xbf{"text": "Hi"}', text="Hi", gives=JSON),
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
    Case("silence", {"text": ""}, text="", gives=JSON),
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
        gives=JSON,
    ),
    Case(
        "segments under json",
        {"text": "Hi", "segments": [segment()], "logprobs": [{"token": "Hi"}]},
        text="Hi",
        gives=VERBOSE,
        attrs={
            "segments.0.__class__": TranscriptionSegment,
            "logprobs.0.token": "Hi",
        },
        back=True,
    ),
    Case("no segments under json", {"text": "Hi", "segments": []}, text="Hi", gives=JSON),
    Case(
        "odd segments under json",
        {"text": "Hi", "segments": [7, "seven", None, segment(id=4)]},
        text="Hi",
        gives=VERBOSE,
        attrs={"segments.0.id": 4, "segments.1": ABSENT},
    ),
    Case(
        "speakers under json",
        {"text": "Hi", "segments": [segment(speaker="A")]},
        text="Hi",
        gives=DIARIZED,
        attrs={"segments.0.speaker": "A"},
        back=True,
    ),
    Case(
        "no speakers under json, though it says so",
        {"text": "Hi", "segments": [segment(speaker=None)]},
        text="Hi",
        gives=VERBOSE,
        back=True,
    ),
    Case(
        "words under json",
        {"text": "Hi", "words": [{"word": "Hi", "start": 0, "end": 1}]},
        text="Hi",
        gives=VERBOSE,
        attrs={"words.0.__class__": TranscriptionWord},
        back=True,
    ),
    Case("a translation", {"text": "Hi"}, "application/json", "translation", text="Hi"),
    Case(
        "Groq: an object of its own in a translation",
        {"text": " Hi", "x_groq": {"id": "req_9"}},
        call="translation",
        text=" Hi",
        gives=CreateTranslationResponseJson,
        attrs={"x_groq.id": "req_9"},
        back=True,
    ),
    Case(
        "segments under json for a translation",
        {"text": "Hi", "segments": [segment(speaker=1)]},
        call="translation",
        text="Hi",
        gives=CreateTranslationResponseVerboseJson,
        attrs={"segments.0.speaker": 1},
    ),
]

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

UNREADABLE: list[tuple[str, Any, str | None]] = [
    ("a page", PAGE, "text/html"),
    ("a page without a doctype", "\n<html><body>no</body></html>", "text/html"),
    ("an empty object", {}, "application/json"),
    ("an error", {"error": {"message": "no more", "code": "full"}}, "application/json"),
    ("an error in a text", {"error": "no more"}, "application/json"),
    ("null", "null", "application/json"),
    ("nothing", "", "application/json"),
    ("white space", " \n", "application/json"),
    ("broken JSON", '{"text": "The ke', "application/json"),
    ("a text that is null", {"text": None}, "application/json"),
    ("a text that is a number", {"text": 7}, "application/json"),
    ("a list", [{"text": "Hi"}], "application/json"),
]

NO_TRANSCRIPTS = [
    Case(
        f"{name} for {response_format}",
        body,
        kind,
        call,
        asks(response_format),
        raises=ApiDecodeException,
        ways=(PLAIN, HTTP_INFO) if call == "translation" else Case.ways,
    )
    for call, response_format in (
        ("transcription", "json"),
        ("transcription", "verbose_json"),
        ("transcription", "diarized_json"),
        ("transcription", "text"),
        ("transcription", "srt"),
        ("translation", "json"),
        ("translation", "vtt"),
    )
    for name, body, kind in UNREADABLE
]

EMPTY = [
    Case(
        f"{status} for {response_format}",
        "",
        None,
        asked=asks(response_format),
        status=status,
        raises=ApiDecodeException,
        message="no content",
    )
    for status in (204, 205)
    for response_format in ("json", "text")
]


def _as(cases: list[Case], **common: Any) -> list[Case]:
    """Add to cases what they all share."""
    return [Case(**{**vars(case), **common}) for case in cases]


TRANSCRIPTS = [
    *(Case(**{**vars(case), "gives": str, "text": case.body}) for case in AS_TEXT),
    *(
        Case(**{**vars(case), "gives": str, "text": case.text or " The kettle"})
        for case in AS_TEXT_OTHERWISE
    ),
    *AS_JSON,
    *_as(AS_VERBOSE_JSON, asked=asks("verbose_json"), gives=VERBOSE, text="The kettle sings."),
    *_as(AS_DIARIZED_JSON, asked=asks("diarized_json"), gives=DIARIZED, text="The kettle sings."),
    *_as(
        AS_VERBOSE_TRANSLATION,
        call="translation",
        asked=asks("verbose_json"),
        gives=CreateTranslationResponseVerboseJson,
        text="The kettle sings.",
    ),
    Case(
        "verbose_json for a translation that has only the text",
        {"text": "Hi"},
        call="translation",
        gives=CreateTranslationResponseJson,
        text="Hi",
    ),
    Case("201 is a success too", {"text": "Hi"}, status=201, text="Hi", gives=JSON),
    *NO_TRANSCRIPTS,
    *EMPTY,
]
