"""What servers will add one day - fields, values, kinds of events - is read today, and kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from servers.case import sse
from wire import Answer, RecordingServer

from openapiopenai import (
    ApiClient,
    ApiException,
    AudioApi,
    Configuration,
    CreateSpeechRequest,
    CreateSpeechResponseStreamEvent,
    CreateTranscription200Response,
    CreateTranscriptionResponseStreamEvent,
    CreateTranslation200Response,
    ErrorResponse,
    StreamEvent,
    VadConfig,
)
from openapiopenai.models.base import Model

WAV = ("a.wav", b"RIFF\x24\x00\x00\x00WAVE")
NEW = {"x_new": {"of": [1, {"x_new": "2"}]}, "x_flag": None}
#: A value of an enumeration -> one that it does not have today.
TOMORROW = {
    "tokens": "credits",
    "duration": "wall_clock",
    "transcribe": "summarise",
    "transcript.text.segment": "transcript.text.chapter",
    "invalid_request_error": "unheard_of_error",
    "A": "speaker:7",
    "en": "tlh",
}

SEGMENT = {
    "id": 0, "seek": 0, "start": 0.0, "end": 1.5, "text": " Hi", "tokens": [1, 2],
    "temperature": 0.0, "avg_logprob": -0.5, "compression_ratio": 1.0, "no_speech_prob": 0.0,
}  # fmt: skip
TURN = {
    "type": "transcript.text.segment",
    "id": "s0",
    "start": 0.0,
    "end": 1.5,
    "text": "Hi",
    "speaker": "A",
}
WORD = {"word": "Hi", "start": 0.0, "end": 1.5}
TOKENS = {
    "type": "tokens",
    "input_tokens": 3,
    "input_token_details": {"text_tokens": 1, "audio_tokens": 2},
    "output_tokens": 1,
    "total_tokens": 4,
}
SECONDS = {"type": "duration", "seconds": 1.5}
LOGPROBS = [{"token": "Hi", "logprob": -0.25, "bytes": [72, 105]}]
VERBOSE = {"language": "en", "duration": 1.5, "text": "Hi", "segments": [SEGMENT]}

#: Every object of the API's description in an answer: the call and format it answers, and itself.
ANSWERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "json": (
        "transcription",
        "json",
        {"text": "Hi", "languages": [{"code": "en"}], "logprobs": LOGPROBS, "usage": TOKENS},
    ),
    "json, by duration": ("transcription", "json", {"text": "Hi", "usage": SECONDS}),
    "verbose_json": (
        "transcription",
        "verbose_json",
        {"task": "transcribe", **VERBOSE, "words": [WORD], "usage": SECONDS},
    ),
    "diarized_json": (
        "transcription",
        "diarized_json",
        {"task": "transcribe", "duration": 1.5, "text": "Hi", "segments": [TURN], "usage": TOKENS},
    ),
    "translation": ("translation", "json", {"text": "Hi"}),
    "verbose translation": ("translation", "verbose_json", VERBOSE),
}
DELTA = {"type": "transcript.text.delta", "delta": "Hi", "logprobs": LOGPROBS, "segment_id": "s0"}
DONE = {
    "type": "transcript.text.done",
    "text": "Hi",
    "languages": [{"code": "en"}],
    "logprobs": LOGPROBS,
    "usage": TOKENS,
}
SPEECH_DELTA = {"type": "speech.audio.delta", "audio": "AAEC"}
SPEECH_DONE = {
    "type": "speech.audio.done",
    "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
}


def grown(value: Any) -> Any:
    """Return JSON with something new in every object of it."""
    if isinstance(value, list):
        return [grown(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: grown(item) for name, item in value.items()} | NEW


def renamed(value: Any) -> Any:
    """Return JSON with a new value for each enumeration."""
    if isinstance(value, list):
        return [renamed(item) for item in value]
    if isinstance(value, dict):
        return {name: renamed(item) for name, item in value.items()}
    return TOMORROW.get(value, value) if isinstance(value, str) else value


def check_readable(model: Any, data: Any, path: str = "") -> None:
    """Check that all that came is readable, as attributes of models and as it is elsewhere."""
    if isinstance(model, Model):
        for name, value in data.items():
            check_readable(getattr(model, name), value, f"{path}.{name}")
    elif isinstance(model, list):
        for place, (item, value) in enumerate(zip(model, data, strict=True)):
            check_readable(item, value, f"{path}.{place}")
    else:
        assert model == data, path


@pytest.fixture
def api(recording: RecordingServer) -> Any:
    settings = Configuration(host=recording.host, access_token="sk-test", retries=False)
    with ApiClient(settings) as client:
        yield AudioApi(client)


@pytest.mark.parametrize("change", [grown, renamed, lambda value: renamed(grown(value))])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_of_tomorrow_is_read_in_the_same_class_and_given_back_as_it_came(
    recording: RecordingServer, api: AudioApi, name: str, change: Any
) -> None:
    call, response_format, today = ANSWERS[name]
    tomorrow = change(today)
    recording.answer(200, today)
    recording.answer(200, tomorrow)
    method = getattr(api, f"create_{call}")
    now, then = (method(WAV, "whisper-1", response_format=response_format) for _ in "12")
    assert type(then.actual_instance) is type(now.actual_instance)
    check_readable(then.actual_instance, tomorrow)
    assert then.to_dict() == tomorrow
    assert json.loads(then.to_json()) == tomorrow
    assert then.text == "Hi"


@pytest.mark.parametrize("name", ANSWERS)
def test_what_was_given_back_is_read_again(name: str) -> None:
    call, _, today = ANSWERS[name]
    wrapper = (
        CreateTranscription200Response if call == "transcription" else CreateTranslation200Response
    )
    tomorrow = grown(today)
    assert wrapper.from_dict(tomorrow).to_dict() == tomorrow
    assert wrapper.from_json(json.dumps(tomorrow)).to_dict() == tomorrow


def test_events_of_tomorrow_are_read_and_given_back_as_they_came(
    recording: RecordingServer, api: AudioApi
) -> None:
    chapter = {"type": "transcript.text.chapter", "title": "One", "parts": [{"at": 0}]}
    sent = [grown(event) for event in (DELTA, TURN, chapter, {"place": 3}, DONE)]
    recording.answer(200, sse(*sent), {"Content-Type": "text/event-stream"})
    with api.create_transcription_streaming(WAV, "whisper-1") as stream:
        events = list(stream)
    assert [event.to_dict() for event in events] == sent
    for event, data in zip(events, sent, strict=True):
        check_readable(event, data)
    assert [type(event) is StreamEvent for event in events] == [False, False, True, True, False]
    assert stream.text == "Hi"


def test_speech_goes_on_past_events_of_tomorrow(recording: RecordingServer, api: AudioApi) -> None:
    phonemes = {"type": "speech.phonemes", "phonemes": ["h", "i"]}
    sent = [grown(event) for event in (phonemes, SPEECH_DELTA, phonemes, SPEECH_DONE)]
    for _ in range(2):
        recording.answer(200, sse(*sent), {"Content-Type": "text/event-stream"})
    asked = {"model": "tts-1", "input": "Hi", "voice": "alloy", "stream_format": "sse"}
    assert api.create_speech(asked) == b"\0\1\2"
    with api.create_speech_streaming(asked) as stream:
        assert stream.read() == b"\0\1\2"
    assert stream.usage is not None
    check_readable(stream.usage, grown(SPEECH_DONE)["usage"])


@pytest.mark.parametrize(
    ("wrapper", "event"),
    [
        (CreateTranscriptionResponseStreamEvent, DELTA),
        (CreateTranscriptionResponseStreamEvent, DONE),
        (CreateTranscriptionResponseStreamEvent, TURN),
        (CreateTranscriptionResponseStreamEvent, {"type": "transcript.text.chapter"}),
        (CreateSpeechResponseStreamEvent, SPEECH_DELTA),
        (CreateSpeechResponseStreamEvent, SPEECH_DONE),
        (CreateSpeechResponseStreamEvent, {"type": "speech.phonemes"}),
        (ErrorResponse, {"error": {"message": "m", "type": "t", "param": None, "code": None}}),
    ],
)
def test_an_event_or_error_is_made_of_a_dict_of_tomorrow(wrapper: Any, event: Any) -> None:
    tomorrow = grown(event)
    made = wrapper.from_dict(tomorrow)
    check_readable(getattr(made, "actual_instance", made), tomorrow)
    assert made.to_dict() == tomorrow


def test_an_error_of_tomorrow_is_told_like_one_of_today(
    recording: RecordingServer, api: AudioApi
) -> None:
    today = {"message": "no", "type": "invalid_request_error", "param": "file", "code": "c"}
    tomorrow = renamed(grown({"error": today}))
    recording.answer(418, tomorrow)
    with pytest.raises(ApiException) as caught:
        api.create_transcription(WAV, "whisper-1")
    error = caught.value
    assert (error.message, error.type, error.param) == ("no", "unheard_of_error", "file")
    assert error.data == tomorrow


def test_what_is_asked_may_be_of_tomorrow_too(recording: RecordingServer, api: AudioApi) -> None:
    recording.answers_always(200, b"OggS", {"Content-Type": "audio/ogg"})
    asked = {
        "model": "tts-9",
        "input": "Hi",
        "voice": "zephyr",
        "response_format": "mka",
        "stream_format": "webrtc",
        "emotion": {"joy": 0.5},
    }
    api.create_speech(asked)
    api.create_speech(CreateSpeechRequest(**asked))
    assert [request.json for request in recording.requests] == [asked, asked]


def test_values_and_fields_of_tomorrow_go_into_a_form(
    recording: RecordingServer, api: AudioApi
) -> None:
    api.create_transcription(
        WAV,
        "whisper-9",
        response_format="json",
        include=["logprobs", "mood"],
        timestamp_granularities=["syllable"],
        chunking_strategy=VadConfig(type="client_vad", hangover_ms=5),
        _extra_fields={"hotwords": "kettle", "diarize": True},
    )
    parts = [(part.name, part.text) for part in recording.last.form if part.name != "file"]
    assert sorted(parts) == sorted(
        [
            ("model", "whisper-9"),
            ("response_format", "json"),
            ("include[]", "logprobs"),
            ("include[]", "mood"),
            ("timestamp_granularities[]", "syllable"),
            ("chunking_strategy[type]", "client_vad"),
            ("chunking_strategy[hangover_ms]", "5"),
            ("hotwords", "kettle"),
            ("diarize", "true"),
        ]
    )


def test_a_format_of_tomorrow_is_a_text(recording: RecordingServer, api: AudioApi) -> None:
    recording.answer(Answer(200, "<tt/>", {"Content-Type": "application/ttml+xml"}))
    assert api.create_transcription(WAV, "whisper-1", response_format="ttml").text == "<tt/>"
