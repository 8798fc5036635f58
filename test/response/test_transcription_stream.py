"""A transcript as it is made: typed events, and their sum."""

from __future__ import annotations

import json
import pickle
import time
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, client, heard
from wire import RawServer, RecordingServer, truncates_chunked

from openapiopenai import (
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiTimeoutException,
    ApiValueError,
    StreamEvent,
    TranscriptTextDeltaEvent,
    TranscriptTextDoneEvent,
    TranscriptTextSegmentEvent,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapiopenai import AudioApi
    from openapiopenai.local import LocalServer

EVENTS = {"Content-Type": "text/event-stream"}
END = b"data: [DONE]\n\n"


def sse(**data: Any) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def delta(text: str) -> bytes:
    return sse(type="transcript.text.delta", delta=text)


def done(text: str, **more: Any) -> bytes:
    return sse(type="transcript.text.done", text=text, **more)


TRANSCRIPT = (delta("Good "), delta("morning"), done("Good morning."))


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    """Return a client of the recording server, which streams a transcript unless told otherwise."""
    recording.answers_always(200, b"".join(TRANSCRIPT), EVENTS)
    with client(recording.host) as api:
        yield api


# -- events -------------------------------------------------------------------------------------


def test_a_stream_is_asked_for(recording: RecordingServer, api: AudioApi) -> None:
    with heard(api, language="en") as stream:
        list(stream)
    request = recording.last
    fields = {part.name: part.text for part in request.form if part.name != "file"}
    assert fields == {"model": "gpt-4o-transcribe", "language": "en", "stream": "true"}
    assert request.headers["accept"] == "text/event-stream"


def test_events_are_typed_and_add_up(recording: RecordingServer, api: AudioApi) -> None:
    usage = {"type": "tokens", "input_tokens": 3, "output_tokens": 2, "total_tokens": 5}
    segment = {"id": "s1", "start": 0.0, "end": 1.5, "text": "Good", "speaker": "A"}
    answer = [
        delta("Good "),
        sse(type="transcript.text.segment", **segment),
        sse(type="transcript.text.mood", mood="cheerful"),
        delta("morning"),
        done("Good morning.", usage=usage),
    ]
    recording.answer(200, b"".join(answer), {**EVENTS, "X-Request-Id": "req-1"})
    with heard(api) as stream:
        assert (stream.text, stream.done, stream.usage) == ("", None, None)
        assert (stream.status_code, stream.request_id) == (200, "req-1")
        first = next(stream)
        assert (type(first), stream.text) == (TranscriptTextDeltaEvent, "Good ")
        spoken, mood, _, last = stream
        assert isinstance(spoken, TranscriptTextSegmentEvent)
        assert (spoken.speaker, spoken.end) == ("A", 1.5)
        assert isinstance(mood, StreamEvent)
        assert mood.to_dict() == {"type": "transcript.text.mood", "mood": "cheerful"}
        assert isinstance(last, TranscriptTextDoneEvent)
        assert stream.done is last
    assert (stream.text, type(stream.usage)) == ("Good morning.", TranscriptTextUsageTokens)
    assert stream.usage is not None
    assert stream.usage.to_dict() == usage


def test_each_event_is_there_before_the_next_is_sent(
    recording: RecordingServer, api: AudioApi
) -> None:
    gates = [recording.gate() for _ in TRANSCRIPT]

    def events() -> Iterator[bytes]:
        for event, gate in zip(TRANSCRIPT, gates, strict=True):
            yield event[:20]
            yield event[20:]
            gate.wait()

    recording.answer(200, events(), EVENTS)
    with heard(api) as stream:
        for event, gate in zip(stream, gates, strict=True):
            assert event.type == json.loads(TRANSCRIPT[gates.index(gate)][6:])["type"]
            gate.set()
        assert list(stream) == []


def test_the_deltas_are_the_text_where_the_end_has_none(
    recording: RecordingServer, api: AudioApi
) -> None:
    for end in (done(""), END, sse(type="transcript.text.done")):
        recording.answer(200, delta("Good ") + delta("day") + end, EVENTS)
        with heard(api) as stream:
            list(stream)
            assert stream.text == "Good day"


def test_an_answer_that_is_no_stream_is_one_event(
    recording: RecordingServer, api: AudioApi
) -> None:
    usage = {"type": "duration", "seconds": 2}
    for body, headers in [
        ({"text": "Good morning.", "usage": usage}, {}),
        (json.dumps({"text": "Good morning.", "usage": usage}), {"Content-Type": "text/plain"}),
    ]:
        recording.answer(200, body, headers)
        with heard(api) as stream:
            (event,) = stream
            assert isinstance(event, TranscriptTextDoneEvent)
            assert (event.type, event.text) == ("transcript.text.done", "Good morning.")
            assert stream.done is event
            assert isinstance(stream.usage, TranscriptTextUsageDuration)
            assert stream.usage.seconds == 2


def test_the_deltas_are_the_text_as_it_arrives(recording: RecordingServer, api: AudioApi) -> None:
    with heard(api) as stream:
        assert list(stream.deltas()) == ["Good ", "morning"]
        assert stream.text == "Good morning."
    recording.answer(200, {"text": "Good morning."})
    with heard(api) as stream:
        assert list(stream.deltas()) == ["Good morning."]
    stream = heard(api)
    stream.close()
    with pytest.raises(ApiValueError, match="closed before its end"):
        list(stream.deltas())


def test_other_dialects_say_the_same(recording: RecordingServer, api: AudioApi) -> None:
    vllm = [sse(choices=[{"delta": {"content": text}}]) for text in ("Good ", "morning.")]
    used = sse(choices=[], usage={"type": "duration", "seconds": 2})
    mistral = [
        sse(type="transcription.text.delta", text="Good "),
        sse(type="transcription.text.delta", text="morning."),
        sse(type="transcription.done", text="Good morning."),
    ]
    for answer in ([*vllm, used, END], mistral):
        recording.answer(200, b"".join(answer), EVENTS)
        with heard(api) as stream:
            deltas = [
                event.delta for event in stream if isinstance(event, TranscriptTextDeltaEvent)
            ]
            assert (deltas, stream.text) == (["Good ", "morning."], "Good morning.")


@pytest.mark.parametrize(
    "event",
    [
        sse(error={"message": "too loud", "code": 500}),
        sse(type="error", error={"message": "too loud"}),
        sse(type="error", message="too loud"),
        b'event: error\ndata: {"message": "too loud"}\n\n',
        b"event: error\ndata: too loud\n\n",
    ],
)
def test_an_event_that_tells_of_an_error_raises_it(
    recording: RecordingServer, api: AudioApi, event: bytes
) -> None:
    recording.answer(200, delta("Good ") + event + done("never"), EVENTS)
    with heard(api) as stream:
        next(stream)
        with pytest.raises(ApiException, match="too loud") as told:
            next(stream)
        assert (type(told.value), told.value.status) == (ApiException, 200)
        assert (stream.text, stream.done) == ("Good ", None)
        with pytest.raises(ApiValueError, match="closed before its end"):
            next(stream)


@pytest.mark.parametrize("broken", [b"data: {\n\n", b"data: 1\n\n", b'data: ["a"]\n\n'])
def test_an_event_that_cannot_be_read_raises(
    recording: RecordingServer, api: AudioApi, broken: bytes
) -> None:
    recording.answer(200, delta("Good ") + broken + done("never"), EVENTS)
    with heard(api) as stream:
        assert next(stream).type == "transcript.text.delta"
        with pytest.raises(ApiDecodeException):
            next(stream)


def test_two_halves_of_an_event_are_not_one_event(
    recording: RecordingServer, api: AudioApi
) -> None:
    whole_event = '{"type": "transcript.text.delta", "delta": "a"', ', "segment_id": "b"}'
    recording.answer(200, "".join(f"data: {half}\n\n" for half in whole_event).encode(), EVENTS)
    with heard(api) as stream, pytest.raises(ApiDecodeException):
        next(stream)


def test_an_end_before_the_done_event_raises(recording: RecordingServer, api: AudioApi) -> None:
    recording.answer(200, delta("Good "), EVENTS)
    with heard(api) as stream:
        with pytest.raises(ApiDecodeException, match="broke off"):
            list(stream)
        assert stream.text == "Good "


def test_a_body_that_is_cut_raises() -> None:
    script = truncates_chunked(delta("Good "), content_type="text/event-stream")
    with RawServer(script) as server, client(server.host) as api, heard(api) as stream:
        assert next(stream).type == "transcript.text.delta"
        with pytest.raises(ApiConnectionException):
            next(stream)


@pytest.mark.parametrize("limit", [0.2, (5.0, 0.2)], ids=["over all", "of each wait"])
def test_a_stream_that_stalls_is_late(recording: RecordingServer, limit: Any) -> None:
    def stalls() -> Iterator[bytes]:
        yield delta("Good ")
        recording.wait()

    recording.answer(200, stalls(), EVENTS)
    with client(recording.host) as api, heard(api, _request_timeout=limit) as stream:
        next(stream)
        with pytest.raises(ApiTimeoutException):
            next(stream)


def test_deltas_arrive_while_the_rest_is_still_being_recognised(local_server: LocalServer) -> None:
    text = (
        "Today the sky is blue and the sun is shining. Thank you for listening to this short "
        "message. My friend Michael Johnson lives in San Francisco."
    )
    with client(local_server.host) as api:
        recorded = api.create_speech({**SPEECH, "input": text})
        began = time.monotonic()
        with api.create_transcription_streaming(recorded, "whisper-1") as stream:
            arrived = [(time.monotonic() - began, event) for event in stream]
    assert len(arrived) == 4
    deltas = [event.delta for _, event in arrived if isinstance(event, TranscriptTextDeltaEvent)]
    assert stream.text == "".join(deltas)
    assert "sky is blue" in deltas[0]
    assert "san francisco" in deltas[2]
    first, last = arrived[0][0], arrived[-1][0]
    assert first < 0.9 * last


# -- a stream in JSON ---------------------------------------------------------------------------

MISTRAL = sse(type="transcription.text.delta", text="Good ") + sse(type="transcription.done")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"".join(TRANSCRIPT) + END, "Good morning."),
        (delta("Good ") + delta("day") + END, "Good day"),
        (MISTRAL, "Good "),
    ],
)
@pytest.mark.parametrize("keys", [["text", "usage"], ["usage", "text"]])
def test_a_stream_that_litellm_wraps_in_json_is_a_stream(
    recording: RecordingServer, api: AudioApi, source: bytes, text: str, keys: list[str]
) -> None:
    wrapped = {key: source.decode() if key == "text" else None for key in keys}
    recording.answers_always(200, wrapped)
    with heard(api) as stream:
        events = list(stream)
    assert isinstance(events[0], TranscriptTextDeltaEvent)
    assert (len(events), stream.text) == (source.count(b"data:") - source.count(END), text)
    for response_format in (None, "json", "text", "verbose_json"):
        asked = {"response_format": response_format}
        assert api.create_transcription(b"RIFF", "whisper-1", **asked).text == text


def test_what_a_wrapped_stream_has_cost_is_read(recording: RecordingServer, api: AudioApi) -> None:
    source = delta("Hi") + done("Hi.", usage={"type": "duration", "seconds": 2}) + END
    recording.answer(200, {"text": source.decode(), "usage": None})
    usage = api.create_transcription(b"RIFF", "whisper-1").usage
    assert isinstance(usage, TranscriptTextUsageDuration)
    assert usage.seconds == 2


@pytest.mark.parametrize(
    "said",
    [
        "data: the new oil.",
        "data: the new oil.\n\ndata: is not.\n\n",
        'data: {"price": 3}\n\n',
        "data: [DONE]\n\n",
        "data:\n\n",
        "event: a party\n\n",
    ],
)
def test_words_that_look_like_a_stream_stay_words(
    recording: RecordingServer, api: AudioApi, said: str
) -> None:
    recording.answers_always(200, {"text": said})
    assert api.create_transcription(b"RIFF", "whisper-1").text == said
    with heard(api) as stream:
        (event,) = stream
    assert isinstance(event, TranscriptTextDoneEvent)
    assert event.text == said


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (delta("Good "), ApiDecodeException),
        (delta("Good ") + sse(error={"message": "broke off"}), ApiException),
        (sse(error={"message": "broke off"}), ApiException),
    ],
)
def test_a_wrapped_stream_fails_like_any_other(
    recording: RecordingServer, api: AudioApi, source: bytes, error: type[ApiException]
) -> None:
    recording.answers_always(200, {"text": source.decode()})
    with heard(api) as stream, pytest.raises(error, match="broke off"):
        list(stream)
    with pytest.raises(ApiDecodeException, match="broke off"):
        api.create_transcription(b"RIFF", "whisper-1")


# -- the end ------------------------------------------------------------------------------------


def test_a_stream_gives_its_connection_back_after_its_last_event(
    recording: RecordingServer, api: AudioApi
) -> None:
    for _ in range(5):
        recording.answer(200, iter([delta("Good "), done("Good day."), END]), EVENTS)
        with heard(api) as stream:
            assert len(list(stream)) == 2
    assert (recording.connections, len(recording.requests)) == (1, 5)


@pytest.mark.parametrize("limit", [20.0, (5.0, 20.0)], ids=["over all", "of each wait"])
def test_a_stream_that_the_server_does_not_end_ends_with_its_last_event(
    recording: RecordingServer, limit: Any
) -> None:
    left = recording.gate()

    def stays() -> Iterator[bytes]:
        yield done("Good day.") + END
        left.wait()

    recording.answer(200, stays(), EVENTS)
    began = time.monotonic()
    with client(recording.host) as api:
        with heard(api, _request_timeout=limit) as stream:
            assert len(list(stream)) == 1
        assert time.monotonic() - began < 10
        left.set()
        recording.answer(200, b"".join(TRANSCRIPT), EVENTS)
        with heard(api) as stream:
            assert len(list(stream)) == 3


def test_empty_lines_cost_next_to_nothing(recording: RecordingServer, api: AudioApi) -> None:
    block = b"\r\n" * 500_000
    recording.answer(200, iter([*[block] * 40, *TRANSCRIPT]), EVENTS)
    began = time.process_time()
    with heard(api) as stream:
        assert len(list(stream)) == 3
    assert time.process_time() - began < 5  # both ends of 40 MB are in this process


# -- read once ----------------------------------------------------------------------------------


def test_a_transcript_is_read_once(api: AudioApi) -> None:
    with heard(api) as stream:
        assert len(list(stream)) == 3
        assert list(stream) == []
    assert (list(stream), stream.text) == ([], "Good morning.")


def test_the_rest_can_be_read_after_leaving_the_loop(api: AudioApi) -> None:
    with heard(api) as stream:
        for _ in stream:
            break
        assert stream.text == "Good "
        assert len(list(stream)) == 2
    assert stream.text == "Good morning."


def test_a_transcript_that_was_closed_before_its_end_says_so(api: AudioApi) -> None:
    stream = heard(api)
    next(stream)
    stream.close()
    stream.close()
    for read in (next, iter, list):
        with pytest.raises(ApiValueError, match="closed before its end"):
            read(stream)
    assert stream.text == "Good "


def test_a_transcript_that_is_streamed_is_not_pickled(api: AudioApi) -> None:
    with heard(api) as stream, pytest.raises(TypeError, match="pickle"):
        pickle.dumps(stream)


def test_a_transcript_that_is_streamed_says_what_it_is(api: AudioApi) -> None:
    with heard(api) as stream:
        shown = "<TranscriptionStream: open, status 200, 'text/event-stream', 0 bytes so far>"
        assert repr(stream) == shown
        list(stream)
        assert repr(stream).startswith("<TranscriptionStream: complete, ")


def test_a_transcript_that_was_read_gives_its_connection_back(
    recording: RecordingServer, api: AudioApi
) -> None:
    recording.answer(200, iter(TRANSCRIPT), EVENTS)
    for _ in range(3):
        list(heard(api))
    assert (recording.connections, len(recording.requests)) == (1, 3)
