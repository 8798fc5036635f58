"""What every model can do: to and from dicts and JSON, limits, copies, and keys of its own."""

from __future__ import annotations

import copy
import json
import pickle
from pprint import pformat
from typing import Any

import pytest
from calls import SPEECH, WAV
from pydantic import ValidationError

import openapiopenai
import openapiopenai.models
from openapiopenai import (
    AudioResponseFormat,
    CreateSpeechRequest,
    CreateSpeechResponseStreamEvent,
    CreateTranscription200Response,
    CreateTranscriptionRequest,
    CreateTranscriptionRequestModel,
    CreateTranscriptionResponseStreamEvent,
    CreateTranslation200Response,
    CreateTranslationRequest,
    CustomVoice,
    ErrorResponse,
    SpeechAudioDoneEvent,
    TranscriptionInclude,
    TranscriptTextDoneEvent,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
    VadConfig,
    VoiceIdsOrCustomVoice,
)
from openapiopenai.models.base import Model, Wrapper

TOKENS = {
    "type": "tokens",
    "input_tokens": 14,
    "input_token_details": {"text_tokens": 4, "audio_tokens": 10},
    "output_tokens": 2,
    "total_tokens": 16,
}
DURATION = {"type": "duration", "seconds": 2.5}
LOGPROB = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105]}
WORD = {"word": "Hi", "start": 0.0, "end": 0.5}
SEGMENT = {
    "id": 0,
    "seek": 0,
    "start": 0.0,
    "end": 1.0,
    "text": "Hi",
    "tokens": [1, 2],
    "temperature": 0.0,
    "avg_logprob": -0.1,
    "compression_ratio": 1.5,
    "no_speech_prob": 0.01,
}
SPOKEN = {
    "type": "transcript.text.segment",
    "id": "seg_1",
    "start": 0.0,
    "end": 1.0,
    "text": "Hi",
    "speaker": "A",
}
VAD = {
    "type": "server_vad",
    "prefix_padding_ms": 300,
    "silence_duration_ms": 200,
    "threshold": 0.5,
}
DONE = {
    "type": "transcript.text.done",
    "text": "Hi",
    "languages": [{"code": "en"}],
    "logprobs": [LOGPROB],
    "usage": TOKENS,
}
DELTA = {"type": "transcript.text.delta", "delta": "Hi", "logprobs": [LOGPROB], "segment_id": "s"}
SPEECH_DONE = {
    "type": "speech.audio.done",
    "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
}
JSON = {"text": "Hi", "languages": [{"code": "en"}], "logprobs": [LOGPROB], "usage": TOKENS}
VERBOSE = {
    "language": "english",
    "duration": 2.5,
    "text": "Hi",
    "words": [WORD],
    "segments": [SEGMENT],
    "usage": DURATION,
}
DIARIZED = {
    "task": "transcribe",
    "duration": 2.5,
    "text": "Hi",
    "segments": [SPOKEN],
    "usage": TOKENS,
}
ERROR = {"code": "c", "message": "no", "param": None, "type": "t"}

#: A whole example of each model, and of each variant of those that have several.
EXAMPLES: list[tuple[str, Any]] = [
    ("CreateSpeechRequest", SPEECH),
    (
        "CreateSpeechRequest",
        {
            **SPEECH,
            "voice": {"id": "voice_1"},
            "instructions": "Whisper.",
            "response_format": "pcm",
            "speed": 4.0,
            "stream_format": "sse",
        },
    ),
    ("CreateSpeechRequestModel", "tts-1"),
    ("CreateSpeechResponseStreamEvent", {"type": "speech.audio.delta", "audio": "SUQz"}),
    ("CreateSpeechResponseStreamEvent", SPEECH_DONE),
    ("CreateSpeechResponseStreamEvent", {"type": "speech.audio.new", "x": 1}),
    ("CreateTranscription200Response", "Hi"),
    ("CreateTranscription200Response", {"text": "Hi"}),
    ("CreateTranscription200Response", JSON),
    ("CreateTranscription200Response", VERBOSE),
    ("CreateTranscription200Response", DIARIZED),
    ("CreateTranscriptionRequestModel", "whisper-1"),
    ("CreateTranscriptionResponseDiarizedJson", DIARIZED),
    ("CreateTranscriptionResponseJson", JSON),
    ("CreateTranscriptionResponseStreamEvent", DELTA),
    ("CreateTranscriptionResponseStreamEvent", DONE),
    ("CreateTranscriptionResponseStreamEvent", SPOKEN),
    ("CreateTranscriptionResponseStreamEvent", {"type": "transcript.new", "x": 1}),
    ("CreateTranscriptionResponseVerboseJson", VERBOSE),
    ("CreateTranslation200Response", "Hi"),
    ("CreateTranslation200Response", {"text": "Hi"}),
    ("CreateTranslation200Response", {"text": "Hi", "language": "english", "duration": 2.5}),
    ("CreateTranslationResponseJson", {"text": "Hi"}),
    ("CreateTranslationResponseVerboseJson", {**VERBOSE, "usage": None}),
    ("CustomVoice", {"id": "voice_1"}),
    ("Error", ERROR),
    ("ErrorResponse", {"error": ERROR}),
    ("ErrorResponse", {"error": "no"}),
    ("SpeechAudioDeltaEvent", {"type": "speech.audio.delta", "audio": "SUQz"}),
    ("SpeechAudioDoneEvent", SPEECH_DONE),
    ("SpeechAudioDoneEventUsage", SPEECH_DONE["usage"]),
    ("StreamEvent", {"type": "new", "x": [1]}),
    ("TranscriptTextDeltaEvent", DELTA),
    ("TranscriptTextDoneEvent", DONE),
    ("TranscriptTextSegmentEvent", SPOKEN),
    ("TranscriptTextUsageDuration", DURATION),
    ("TranscriptTextUsageTokens", TOKENS),
    ("TranscriptTextUsageTokensInputTokenDetails", TOKENS["input_token_details"]),
    ("TranscriptionDiarizedSegment", SPOKEN),
    ("TranscriptionLanguage", {"code": "en"}),
    ("TranscriptionLogprob", LOGPROB),
    ("TranscriptionSegment", {**SEGMENT, "words": [WORD], "speaker": 1}),
    ("TranscriptionWord", WORD),
    ("VadConfig", VAD),
    ("VoiceIdsOrCustomVoice", "alloy"),
    ("VoiceIdsOrCustomVoice", {"id": "voice_1"}),
    ("VoiceIdsShared", "alloy"),
]
#: Requests that hold a recording, which no JSON does.
WITH_A_FILE = {"CreateTranscriptionRequest", "CreateTranslationRequest"}
every_example = pytest.mark.parametrize(("name", "data"), EXAMPLES)


def made(name: str, data: Any) -> Model:
    model: Model = getattr(openapiopenai, name).from_dict(copy.deepcopy(data))
    return model


# -- round trips ----------------------------------------------------------------------------


def test_every_model_has_an_example() -> None:
    values = [getattr(openapiopenai.models, name) for name in openapiopenai.models.__all__]
    models = {value.__name__ for value in values if issubclass(value, Model)}
    assert {name for name, _ in EXAMPLES} | WITH_A_FILE == models


@every_example
def test_a_model_comes_back_from_its_dict_and_its_json(name: str, data: Any) -> None:
    model = made(name, data)
    assert model.to_dict() == data
    assert json.loads(model.to_json()) == data
    assert type(model).from_json(model.to_json()) == model
    assert type(model).from_json(model.to_json().encode()) == model
    assert type(model).from_dict(model.to_dict()) == model
    assert model.to_str() == pformat(data)


@every_example
@pytest.mark.parametrize(
    "duplicate",
    [
        copy.copy,
        copy.deepcopy,
        lambda model: pickle.loads(pickle.dumps(model)),
        lambda model: model.model_copy(deep=True),
    ],
)
def test_a_model_survives_copying(name: str, data: Any, duplicate: Any) -> None:
    model = made(name, data)
    twin = duplicate(model)
    assert twin == model
    assert twin is not model
    assert twin.to_dict() == data


@every_example
def test_a_model_can_be_shown(name: str, data: Any) -> None:
    model = made(name, data)
    assert repr(model).startswith(f"{name}(")
    assert pformat(model)
    assert str(model)


@every_example
def test_keys_that_nobody_knows_are_kept(name: str, data: Any) -> None:
    if not isinstance(data, dict) or issubclass(getattr(openapiopenai, name), Wrapper):
        return
    model: Any = made(name, {**data, "further": {"a": [1]}})
    assert model.further == {"a": [1]}
    assert model.to_dict() == {**data, "further": {"a": [1]}}
    assert json.loads(model.to_json())["further"] == {"a": [1]}


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "null"])
def test_what_is_not_the_json_of_a_model_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        VadConfig.from_json(text)


def test_defaults_that_nobody_gave_are_left_out() -> None:
    request = CreateSpeechRequest(**SPEECH)
    assert (request.response_format, request.speed, request.stream_format) == ("mp3", 1, "audio")
    assert request.to_dict() == SPEECH
    assert request.given() == SPEECH
    assert CreateSpeechRequest(**SPEECH, speed=1).to_dict() == {**SPEECH, "speed": 1.0}


# -- wrappers -------------------------------------------------------------------------------


def test_a_wrapper_takes_its_value_by_position_or_by_name() -> None:
    for model in (
        CreateTranscriptionRequestModel("whisper-1"),
        CreateTranscriptionRequestModel(actual_instance="whisper-1"),
        CreateTranscriptionRequestModel.from_dict("whisper-1"),
        CreateTranscriptionRequestModel.from_json('"whisper-1"'),
    ):
        assert model.actual_instance == str(model) == model.to_dict() == "whisper-1"
        assert model.to_json() == '"whisper-1"'
        assert model == CreateTranscriptionRequestModel("whisper-1")


@pytest.mark.parametrize("wrong", [None, 5, "", ["whisper-1"]])
def test_a_wrapper_refuses_what_it_cannot_be(wrong: Any) -> None:
    with pytest.raises(ValidationError, match="actual_instance"):
        CreateTranscriptionRequestModel(wrong)
    with pytest.raises(ValidationError, match="model"):
        CreateTranscriptionRequestModel("whisper-1", model="whisper-1")


@pytest.mark.parametrize(
    ("wrapper", "data", "variant"),
    [
        (CreateTranscription200Response, {"text": "Hi"}, "CreateTranscriptionResponseJson"),
        (
            CreateTranscription200Response,
            {"text": "Hi", "usage": TOKENS},
            "CreateTranscriptionResponseJson",
        ),
        (
            CreateTranscription200Response,
            {"text": "Hi", "language": "en"},
            "CreateTranscriptionResponseVerboseJson",
        ),
        (CreateTranscription200Response, VERBOSE, "CreateTranscriptionResponseVerboseJson"),
        (CreateTranscription200Response, DIARIZED, "CreateTranscriptionResponseDiarizedJson"),
        (
            CreateTranscription200Response,
            {"text": "Hi", "segments": [SPOKEN]},
            "CreateTranscriptionResponseDiarizedJson",
        ),
        (CreateTranslation200Response, {"text": "Hi"}, "CreateTranslationResponseJson"),
        (
            CreateTranslation200Response,
            {"text": "Hi", "segments": []},
            "CreateTranslationResponseVerboseJson",
        ),
        (CreateTranscriptionResponseStreamEvent, DELTA, "TranscriptTextDeltaEvent"),
        (CreateTranscriptionResponseStreamEvent, DONE, "TranscriptTextDoneEvent"),
        (CreateTranscriptionResponseStreamEvent, SPOKEN, "TranscriptTextSegmentEvent"),
        (CreateTranscriptionResponseStreamEvent, {"type": "new"}, "StreamEvent"),
        (CreateSpeechResponseStreamEvent, SPEECH_DONE, "SpeechAudioDoneEvent"),
        (CreateSpeechResponseStreamEvent, {"type": "new"}, "StreamEvent"),
        (VoiceIdsOrCustomVoice, {"id": "voice_1"}, "CustomVoice"),
        (VoiceIdsOrCustomVoice, "alloy", "str"),
    ],
)
def test_without_a_request_the_most_specific_variant_that_fits_is_taken(
    wrapper: type[Wrapper], data: Any, variant: str
) -> None:
    assert type(wrapper.from_dict(data).actual_instance).__name__ == variant
    assert type(wrapper.from_json(json.dumps(data)).actual_instance).__name__ == variant


@pytest.mark.parametrize(
    ("usage", "kind"),
    [
        (TOKENS, TranscriptTextUsageTokens),
        (DURATION, TranscriptTextUsageDuration),
        ({"type": "tokens", "seconds": 3}, TranscriptTextUsageTokens),
        ({"seconds": 3}, TranscriptTextUsageDuration),
        ({"type": "new", "seconds": 3}, TranscriptTextUsageDuration),
        ({"type": "new"}, TranscriptTextUsageTokens),
        ({}, TranscriptTextUsageTokens),
        (TranscriptTextUsageTokens(input_tokens=3), TranscriptTextUsageTokens),
        (TranscriptTextUsageDuration(seconds=3), TranscriptTextUsageDuration),
    ],
)
def test_a_usage_is_told_apart_by_its_type_else_by_what_it_holds(
    usage: Any, kind: type[Model]
) -> None:
    done = TranscriptTextDoneEvent.from_dict({"text": "Hi", "usage": usage})
    assert type(done.usage) is kind
    assert done.to_dict()["usage"] == (usage.to_dict() if isinstance(usage, Model) else usage)


@pytest.mark.parametrize(
    "usage", [42, "3 seconds", [{"seconds": 3}], {"type": "tokens", "input_tokens": "x"}]
)
def test_what_is_no_usage_is_refused(usage: Any) -> None:
    with pytest.raises(ValidationError, match=r"usage\.TranscriptTextUsageTokens"):
        TranscriptTextDoneEvent.from_dict({"text": "Hi", "usage": usage})


def test_a_usage_is_found_under_the_name_that_some_servers_give_it() -> None:
    usage = {"input_tokens": 1}
    done = SpeechAudioDoneEvent.from_dict({"type": "speech.audio.done", "token_usage": usage})
    assert done.usage is not None
    assert done.usage.input_tokens == 1


def test_an_error_may_be_a_text() -> None:
    assert ErrorResponse.from_dict({"error": "no"}).error == "no"


# -- enumerations ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [AudioResponseFormat, TranscriptionInclude])
def test_a_member_of_an_enumeration_comes_from_json(kind: Any) -> None:
    for member in kind:
        assert kind.from_json(json.dumps(member.value)) is member
        assert member == member.value
    with pytest.raises(ValueError, match="loud"):
        kind.from_json('"loud"')


def test_enumerations_are_open() -> None:
    asked = CreateTranscriptionRequest(
        file=WAV,
        model="new-model",
        response_format="new-format",
        include=["new-addition", TranscriptionInclude.LOGPROBS],
        timestamp_granularities=["phoneme"],
        chunking_strategy="new-strategy",
    )
    assert asked.response_format == "new-format"
    assert asked.include == ["new-addition", TranscriptionInclude.LOGPROBS]
    request = CreateSpeechRequest(
        model="m", input="x", voice="new", response_format="new", stream_format="new"
    )
    assert request.to_dict() == {
        "model": "m",
        "input": "x",
        "voice": "new",
        "response_format": "new",
        "stream_format": "new",
    }


# -- requests with a file -------------------------------------------------------------------


@pytest.mark.parametrize("kind", [CreateTranscriptionRequest, CreateTranslationRequest])
def test_a_request_names_its_file_and_does_not_show_its_bytes(kind: Any) -> None:
    request = kind(file=("talk.wav", WAV), model="whisper-1", temperature=0)
    assert request.to_dict() == {"file": "talk.wav", "model": "whisper-1", "temperature": 0.0}
    assert json.loads(request.to_json()) == request.to_dict()
    assert request.file.content_type == "audio/wav"
    assert "RIFF" not in repr(request)


@pytest.mark.parametrize("kind", [CreateTranscriptionRequest, CreateTranslationRequest])
def test_a_request_refuses_a_file_that_cannot_be_sent(kind: Any) -> None:
    with pytest.raises(ValidationError, match="cannot be read"):
        kind(file="no_such.wav", model="whisper-1")
    with pytest.raises(TypeError, match="file is int"):
        kind(file=5, model="whisper-1")
    assert kind(file=None, model="whisper-1").file is None


# -- limits ---------------------------------------------------------------------------------

LIMITS: list[tuple[dict[str, Any], bool]] = [
    ({"input": "x"}, True),
    ({"input": "x" * 4096}, True),
    ({"input": "\U0001f3a4" * 4096}, True),
    ({"input": "x" * 4097}, False),
    ({"input": ""}, False),
    ({"input": None}, False),
    ({"speed": 0.25}, True),
    ({"speed": 4}, True),
    ({"speed": None}, True),
    ({"speed": 0.24}, False),
    ({"speed": 4.01}, False),
    ({"speed": float("nan")}, False),
    ({"speed": "fast"}, False),
    ({"instructions": "x" * 4096}, True),
    ({"instructions": "x" * 4097}, False),
    ({"voice": {"id": ""}}, False),
    ({"voice": {}}, False),
    ({"voice": 5}, False),
    ({"model": None}, False),
]


@pytest.mark.parametrize(("values", "fits"), LIMITS)
def test_the_limits_of_speech_are_checked_when_made_and_when_assigned(
    values: dict[str, Any], *, fits: bool
) -> None:
    ((name, value),) = values.items()
    request = CreateSpeechRequest(**SPEECH)
    if fits:
        assert CreateSpeechRequest(**{**SPEECH, **values}).to_dict()[name] == value
        setattr(request, name, value)
        assert request.to_dict()[name] == value
        return
    with pytest.raises(ValidationError, match=name):
        CreateSpeechRequest(**{**SPEECH, **values})
    with pytest.raises(ValidationError, match=name):
        setattr(request, name, value)
    assert request.to_dict() == SPEECH


@pytest.mark.parametrize("name", ["known_speaker_names", "known_speaker_references"])
def test_at_most_four_speakers_are_introduced(name: str) -> None:
    four = CreateTranscriptionRequest(file=WAV, model="m", **{name: ["x"] * 4})
    assert len(four.to_dict()[name]) == 4
    with pytest.raises(ValidationError, match=f"(?s){name}.*at most 4"):
        CreateTranscriptionRequest(file=WAV, model="m", **{name: ["x"] * 5})


@pytest.mark.parametrize("missing", list(SPEECH))
def test_what_speech_needs_is_required(missing: str) -> None:
    with pytest.raises(ValidationError, match=f"(?s){missing}.*Field required"):
        CreateSpeechRequest.from_dict({key: SPEECH[key] for key in SPEECH.keys() - {missing}})


def test_model_construct_bypasses_the_limits() -> None:
    request = CreateSpeechRequest.model_construct(input="", voice="v", model="m", speed=9)
    assert request.to_dict() == {"input": "", "voice": "v", "model": "m", "speed": 9}


def test_further_keys_of_a_request_can_be_given_and_assigned() -> None:
    request: Any = CreateSpeechRequest(**SPEECH, lang_code="en")
    request.seed = 7
    assert request.given() == {**SPEECH, "lang_code": "en", "seed": 7}
    voice: Any = CustomVoice(id="v", pitch=2)
    assert voice.to_dict() == {"id": "v", "pitch": 2}


# -- documentation --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", openapiopenai.models.__all__)
def test_every_field_is_described(kind: str) -> None:
    model = getattr(openapiopenai, kind)
    assert model.__doc__
    for name, field in getattr(model, "model_fields", {}).items():
        assert (field.description or "").endswith("."), name
