"""Transcripts that are streamed, in the dialects of the servers."""

from __future__ import annotations

from typing import Any

from openapiopenai import (
    ApiDecodeException,
    ApiException,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
)

from .case import STREAMING, Case, sse

DELTA, SEGMENT, DONE = "transcript.text.delta", "transcript.text.segment", "transcript.text.done"
TEXT = "The kettle sings."


def delta(text: str, **more: Any) -> dict[str, Any]:
    return {"type": DELTA, "delta": text, **more}


def done(text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"type": DONE, "text": text, **more}


def chunk(text: str | None, **more: Any) -> dict[str, Any]:
    """Return a chunk as vLLM streams it, like one of a chat completion."""
    choices = [] if text is None else [{"delta": {"content": text}, "index": 0}]
    return {"id": "trsc-1", "object": "transcription.chunk", "choices": choices, **more}


CHUNKS = (chunk("The"), chunk(" kettle"), chunk(" sings."))
DELTAS = (delta("The"), delta(" kettle"), delta(" sings."))
THREE = (DELTA,) * 3
END = "data: [DONE]"

DIALECTS = [
    Case("OpenAI", sse(*DELTAS, done()), events=(*THREE, DONE)),
    Case(
        "OpenAI, with names of events",
        sse(f'event: {DELTA}\ndata: {{"type":"{DELTA}","delta":"The kettle sings."}}', done()),
        events=(DELTA, DONE),
    ),
    Case("[DONE] after the last event", sse(*DELTAS, done(), END), events=(*THREE, DONE)),
    Case("[DONE] alone", sse(*DELTAS, END), events=THREE, attrs={"done": None}),
    Case(
        "OpenAI: logprobs, usage and segments",
        sse(
            delta(TEXT, logprobs=[{"token": "The", "logprob": -0.5}], segment_id="s1"),
            {"type": SEGMENT, "id": "s1", "start": 0, "end": 1.5, "text": TEXT, "speaker": "A"},
            done(usage={"type": "tokens", "input_tokens": 3, "output_tokens": 4}),
        ),
        events=(DELTA, SEGMENT, DONE),
        attrs={"usage.__class__": TranscriptTextUsageTokens, "usage.output_tokens": 4},
    ),
    Case(
        "usage in seconds",
        sse(done(usage={"type": "duration", "seconds": "2.5"})),
        events=(DONE,),
        attrs={"usage.__class__": TranscriptTextUsageDuration, "usage.seconds": 2.5},
    ),
    Case(
        "usage with a wrong number",
        sse(done(usage={"type": "tokens", "input_tokens": {}, "output_tokens": 4})),
        events=(DONE,),
        attrs={"usage.__class__": TranscriptTextUsageTokens, "usage.output_tokens": 4},
    ),
    Case(
        "speaches: an end without a text",
        sse(*DELTAS, done("", languages=None, usage=None)),
        events=(*THREE, DONE),
        attrs={"done.text": "", "usage": None},
    ),
    Case("an end with a text that is null", sse(*DELTAS, done(None)), events=(*THREE, DONE)),
    Case("vLLM", sse(*CHUNKS, END), events=THREE),
    Case(
        "vLLM: usage in a chunk without choices",
        sse(*CHUNKS, chunk(None, usage={"prompt_tokens": 70, "total_tokens": 80}), END),
        events=(*THREE, None),
        attrs={"usage.total_tokens": 80, "usage.prompt_tokens": 70},
    ),
    Case(
        "vLLM: a chunk without content",
        sse(chunk(TEXT), {"choices": [{"delta": {}, "finish_reason": "stop"}]}, END),
        events=(DELTA, DELTA),
    ),
    Case(
        "Mistral: names of its own, the delta in the text",
        sse(
            {"type": "transcription.language", "audio_language": "en"},
            {"type": "transcription.text.delta", "text": "The kettle"},
            {"type": "transcription.text.delta", "text": " sings."},
            {"type": "transcription.segment", "text": TEXT, "start": 0, "end": 1.5},
            {
                "type": "transcription.done",
                "text": TEXT,
                "model": "m",
                "usage": {"total_tokens": 9},
            },
        ),
        events=("transcription.language", DELTA, DELTA, SEGMENT, DONE),
        attrs={"usage.total_tokens": 9},
    ),
    Case(
        "a mock server: an end that is only a name",
        sse(*DELTAS, "event: done\ndata: {}"),
        events=(*THREE, DONE),
    ),
    Case(
        "an end that is only a name, without data",
        sse(*DELTAS, "event: done\ndata:"),
        events=(*THREE, DONE),
    ),
    Case(
        "LocalAI: more in the end",
        sse(done(segments=[{"id": 0, "text": TEXT}], language="en"), END),
        events=(DONE,),
        attrs={"done.segments.0.id": 0, "done.language": "en"},
    ),
    Case(
        "events that nobody knows",
        sse(
            "event: ping\ndata: 12:00",
            'event: note\ndata: {"of": "it"}',
            {"type": "queue.position", "place": 3},
            {"type": 7},
            ": only a comment",
            done(),
        ),
        events=("ping", "note", "queue.position", None, DONE),
    ),
    Case(
        "values of a wrong type",
        sse(delta(TEXT, logprobs="none", segment_id=[1]), {"type": SEGMENT, "start": "?"}, done()),
        events=(DELTA, SEGMENT, DONE),
    ),
    Case("CR at the ends of lines", sse(*DELTAS, done(), end="\r\r"), events=(*THREE, DONE)),
    Case("CRLF", sse(*DELTAS, done(), end="\r\n\r\n"), events=(*THREE, DONE)),
    Case("a byte order mark", b"\xef\xbb\xbf" + sse(done()).encode(), events=(DONE,)),
    Case(
        "data in two lines",
        f'data: {{"type":\ndata: "{DONE}", "text": "{TEXT}"}}\n\n',
        events=(DONE,),
    ),
    Case("events as JSON", sse(*DELTAS, done()), "application/json", events=(*THREE, DONE)),
    Case("events without a content type", sse(": hi", done()), None, events=(DONE,)),
    Case("chunks as text/plain", sse(*CHUNKS, END), "text/plain", events=THREE),
    Case("half a surrogate pair", sse(delta("\ud83d"), done(TEXT)), events=(DELTA, DONE)),
    Case("whisper.cpp: no events at all", {"text": TEXT}, "application/json", events=(DONE,)),
    Case(
        "LiteLLM: one object with everything in it",
        {"text": TEXT, "usage": {"type": "duration", "seconds": 2}, "duration": 1.5},
        "application/json",
        events=(DONE,),
        attrs={"usage.seconds": 2, "done.duration": 1.5},
    ),
]

BROKEN = [
    Case("no end", sse(*DELTAS), message="broke off"),
    Case("an end in the middle of an event", sse(*DELTAS) + "data: [DO", message="broke off"),
    Case("nothing", "", message="broke off"),
    Case("an event that is not JSON", sse(DELTAS[0], "data: {no"), message="not JSON"),
    Case("an event that is no object", sse("data: [1]"), message="not an object"),
    Case("a page", "<html>Sign in</html>", "text/html", message="not JSON"),
    Case("an empty object", {}, "application/json", message="no usable text"),
]

ERRORS_INSIDE = [
    Case(
        "vLLM: in the middle", sse(CHUNKS[0], {"error": {"message": "no more", "code": 500}}, END)
    ),
    Case("LocalAI", sse({"type": "error", "error": {"message": "no more", "type": "x"}}, END)),
    Case("OpenAI", sse({"type": "error", "message": "no more", "code": "full"})),
    Case("an error that is a text", sse({"error": "no more"})),
    Case("an error by the name of the event", sse("event: error\ndata: no more")),
    Case("an object that is an error", sse({"object": "error", "message": "no more"})),
]


def _streams(cases: list[Case], **common: Any) -> list[Case]:
    kind = "text/event-stream; charset=utf-8"
    return [
        Case(
            **{
                **vars(case),
                "ways": (STREAMING,),
                "kind": kind
                if isinstance(case.body, (str, bytes))
                and case.kind == JSON_TYPE
                and not case.name.endswith("as JSON")
                else case.kind,
                **common,
            }
        )
        for case in cases
    ]


JSON_TYPE = "application/json"
STREAMS = [
    *_streams(DIALECTS, text=TEXT),
    *_streams(BROKEN, raises=ApiDecodeException),
    *(
        Case(**{**vars(case), "message": "no more"})
        for case in _streams(ERRORS_INSIDE, raises=ApiException)
    ),
]
