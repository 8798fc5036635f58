"""OpenTelemetry's instrumentation of urllib3 shows a span per attempt, and sends its context."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from calls import client, speak, spoken, transcribe
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire import RecordingServer

    from openapiopenai import AudioApi

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
AUDIO = {"Content-Type": "audio/mpeg"}


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """What is instrumented exports its spans to here."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = URLLib3Instrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()
    provider.shutdown()


def contexts(recording: RecordingServer) -> list[tuple[str, str]]:
    """Return the trace and the span that each request named."""
    values = [request.headers["traceparent"] for request in recording.requests]
    return [match.groups() for match in map(TRACEPARENT.fullmatch, values) if match]  # type: ignore[misc]


def exported(exporter: InMemorySpanExporter) -> list[tuple[str, str]]:
    """Return the trace and the span of each span that ended."""
    found = [span.context for span in exporter.get_finished_spans()]
    return [(f"{context.trace_id:032x}", f"{context.span_id:016x}") for context in found]


def test_a_call_is_a_span_whose_context_is_sent(
    recording: RecordingServer, exporter: InMemorySpanExporter, api: AudioApi
) -> None:
    transcribe(api)
    (span,) = exporter.get_finished_spans()
    assert (span.name, span.kind) == ("POST", SpanKind.CLIENT)
    assert span.attributes
    assert span.attributes["http.url"] == f"{recording.host}/audio/transcriptions"
    assert span.attributes["http.status_code"] == 200
    assert contexts(recording) == exported(exporter)


def test_each_attempt_is_a_span(recording: RecordingServer, exporter: InMemorySpanExporter) -> None:
    recording.answer(503, {"error": {"message": "busy"}}, {"Retry-After": "0"})
    with client(recording.host) as api:
        transcribe(api)
    spans = exporter.get_finished_spans()
    assert [dict(span.attributes or {})["http.status_code"] for span in spans] == [503, 200]
    assert contexts(recording) == exported(exporter)
    assert len(set(contexts(recording))) == 2


def test_speech_is_a_span_whether_it_is_streamed_or_not(
    recording: RecordingServer, exporter: InMemorySpanExporter, api: AudioApi
) -> None:
    recording.answers_always(200, b"ID3", AUDIO)
    assert speak(api) == b"ID3"
    with spoken(api) as stream:
        assert b"".join(stream) == b"ID3"
    assert contexts(recording) == exported(exporter)
    assert len(recording.requests) == 2


def test_no_attribute_of_a_span_has_the_key(exporter: InMemorySpanExporter, api: AudioApi) -> None:
    transcribe(api)
    assert "sk-test" not in "".join(span.to_json() for span in exporter.get_finished_spans())


def test_a_client_made_before_is_instrumented_too(
    recording: RecordingServer, api: AudioApi, request: pytest.FixtureRequest
) -> None:
    transcribe(api)
    assert "traceparent" not in recording.last.headers
    exporter = request.getfixturevalue("exporter")
    transcribe(api)
    assert contexts_of_last(recording) == exported(exporter)


def contexts_of_last(recording: RecordingServer) -> list[tuple[str, str]]:
    del recording.requests[:-1]
    return contexts(recording)
