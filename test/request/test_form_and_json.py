"""What a call looks like on the wire: forms, JSON and the headers around them."""

from __future__ import annotations

import enum
import io
import json
import platform
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV
from hypothesis import example, given
from hypothesis import strategies as st
from wire import parse_form

import openapiopenai
from openapiopenai import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    AudioApi,
    AudioResponseFormat,
    Configuration,
    CreateSpeechRequest,
    CreateSpeechRequestModel,
    CreateTranscriptionRequestModel,
    TranscriptionInclude,
    VadConfig,
    VoiceIdsOrCustomVoice,
    VoiceIdsShared,
)
from openapiopenai._files.upload import Upload
from openapiopenai._request.form import form_fields
from openapiopenai._request.multipart import MultipartBody

if TYPE_CHECKING:
    from wire import RecordingServer


@pytest.fixture
def speaking(recording: RecordingServer, api: AudioApi) -> AudioApi:
    """Return an API whose server answers with audio."""
    recording.answers_always(200, b"ID3 audio", {"Content-Type": "audio/mpeg"})
    return api


def pairs(recording: RecordingServer) -> list[tuple[str, str]]:
    """Read the names and texts of the last form, without its file and model."""
    parts = [part for part in recording.last.form if part.name not in ("file", "model")]
    return [(part.name, part.text) for part in parts]


def transcribe(api: AudioApi, **options: Any) -> None:
    api.create_transcription(WAV, "whisper-1", **options)


# -- forms ----------------------------------------------------------------------------------


def test_only_what_the_caller_gave_is_sent(recording: RecordingServer, api: AudioApi) -> None:
    api.create_transcription(WAV, "whisper-1")
    assert [part.name for part in recording.last.form] == ["file", "model"]
    api.create_translation(WAV, "whisper-1")
    assert [part.name for part in recording.last.form] == ["file", "model"]


def test_none_is_left_out_wherever_it_stands(recording: RecordingServer, api: AudioApi) -> None:
    transcribe(
        api,
        language=None,
        temperature=None,
        include=None,
        chunking_strategy=VadConfig(type="server_vad", threshold=None),
        _extra_fields={"diarize": None, "nested": {"a": None, "b": [None, "x"]}},
    )
    assert pairs(recording) == [("chunking_strategy[type]", "server_vad"), ("nested[b][]", "x")]


def test_every_documented_parameter_has_its_place_in_the_form(
    recording: RecordingServer, api: AudioApi
) -> None:
    api.create_transcription(
        ("talk.wav", WAV),
        CreateTranscriptionRequestModel("gpt-4o-transcribe"),
        "en",
        "Names: Ada.",
        AudioResponseFormat.JSON,
        0.5,
        ["word", "segment"],
        include=[TranscriptionInclude.LOGPROBS],
        languages=["en", "de"],
        keywords=["Ada", "Lovelace"],
        chunking_strategy={"type": "server_vad", "threshold": 0.25, "prefix_padding_ms": 300},
        known_speaker_names=["A", "B"],
        known_speaker_references=["data:audio/wav;base64,AAAA", "data:audio/wav;base64,BBBB"],
    )
    assert recording.last.form[0].filename == "talk.wav"
    assert [(part.name, part.text) for part in recording.last.form[1:]] == [
        ("model", "gpt-4o-transcribe"),
        ("language", "en"),
        ("languages[]", "en"),
        ("languages[]", "de"),
        ("keywords[]", "Ada"),
        ("keywords[]", "Lovelace"),
        ("prompt", "Names: Ada."),
        ("response_format", "json"),
        ("temperature", "0.5"),
        ("include[]", "logprobs"),
        ("timestamp_granularities[]", "word"),
        ("timestamp_granularities[]", "segment"),
        ("chunking_strategy[type]", "server_vad"),
        ("chunking_strategy[prefix_padding_ms]", "300"),
        ("chunking_strategy[threshold]", "0.25"),
        ("known_speaker_names[]", "A"),
        ("known_speaker_names[]", "B"),
        ("known_speaker_references[]", "data:audio/wav;base64,AAAA"),
        ("known_speaker_references[]", "data:audio/wav;base64,BBBB"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "timestamp_granularities",
        "include",
        "languages",
        "keywords",
        "known_speaker_names",
        "known_speaker_references",
    ],
)
def test_lists_are_a_part_per_item_and_empty_ones_are_left_out(
    recording: RecordingServer, api: AudioApi, name: str
) -> None:
    for items in (["a"], ["a", "b", "c"], ("a", "b"), []):
        transcribe(api, **{name: items})
        assert pairs(recording) == [(f"{name}[]", item) for item in items]


@pytest.mark.parametrize(
    ("strategy", "parts"),
    [
        ("auto", [("chunking_strategy", "auto")]),
        (VadConfig(type="server_vad"), [("chunking_strategy[type]", "server_vad")]),
        ({"type": "server_vad", "x": True}, [
            ("chunking_strategy[type]", "server_vad"), ("chunking_strategy[x]", "true"),
        ]),
    ],
)  # fmt: skip
def test_chunking_is_a_word_or_its_settings_by_name(
    recording: RecordingServer, api: AudioApi, strategy: Any, parts: list[tuple[str, str]]
) -> None:
    transcribe(api, chunking_strategy=strategy)
    assert pairs(recording) == parts


class Flavour(enum.Enum):
    SWEET = "sweet"
    COUNT = 3


class Numbered(float):
    """A number as NumPy has them, with a repr of its own."""

    def __repr__(self) -> str:
        return f"Numbered({float(self)})"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-7, "-7"),
        (10**30, "1" + "0" * 30),
        (10**400, "1" + "0" * 400),
        (0.0, "0"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (Decimal("0.50"), "0.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal(100), "100"),
        (Numbered(0.25), "0.25"),
        ("", ""),
        ("caf\u00e9 \u4f60\u597d \U0001f3a4", "caf\u00e9 \u4f60\u597d \U0001f3a4"),
        ("a\r\nb", "a\r\nb"),
        (Flavour.SWEET, "sweet"),
        (Flavour.COUNT, "3"),
        (AudioResponseFormat.SRT, "srt"),
        (CreateTranscriptionRequestModel("m"), "m"),
        (VoiceIdsOrCustomVoice("alloy"), "alloy"),
    ],
)
def test_a_value_is_written_as_a_form_has_it(
    recording: RecordingServer, api: AudioApi, value: Any, text: str
) -> None:
    transcribe(api, _extra_fields={"x": value})
    assert pairs(recording) == [("x", text)]
    transcribe(api, _extra_fields={"x": [value]})
    assert pairs(recording) == [("x[]", text)]


def test_names_of_fields_are_escaped_and_may_be_numbers(
    recording: RecordingServer, api: AudioApi
) -> None:
    transcribe(api, _extra_fields={'a"\r\nb': "1", 5: "2", "\u00e9": "3", "a\\": "4"})
    assert pairs(recording) == [("a%22%0D%0Ab", "1"), ("5", "2"), ("\u00e9", "3"), ("a%5C", "4")]


def test_a_further_field_may_be_a_file(recording: RecordingServer, api: AudioApi) -> None:
    transcribe(api, _extra_fields={"sample": WAV, "other": io.BytesIO(b"fLaC")})
    *_, sample, other = recording.last.form
    assert (sample.name, sample.filename, sample.content) == ("sample", "audio.wav", WAV)
    assert (other.filename, other.content_type) == ("audio.flac", "audio/flac")


@pytest.mark.parametrize("field", ["url", "file_url", "file_id"])
def test_a_file_that_is_elsewhere_is_not_sent(
    recording: RecordingServer, api: AudioApi, field: str
) -> None:
    for call in (api.create_transcription, api.create_translation):
        call(None, "whisper-1", _extra_fields={field: "there"})
        assert [part.name for part in recording.last.form] == ["model", field]


def test_further_fields_win_over_documented_ones(recording: RecordingServer, api: AudioApi) -> None:
    transcribe(api, language="en", _extra_fields={"language": "de"})
    assert pairs(recording) == [("language", "de")]


# -- numbers --------------------------------------------------------------------------------


def written(value: Any) -> str:
    ((name, text),) = form_fields({"x": value})
    assert name == "x"
    assert isinstance(text, str)
    return text


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(5e-324)
@example(1.7976931348623157e308)
@example(-0.0)
def test_a_float_is_written_in_its_shortest_digits_without_exponent(value: float) -> None:
    text = written(value)
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)
    assert float(text) == value
    shortest = repr(value).partition("e")[0].replace(".", "").strip("-0")
    assert text.replace(".", "").strip("-0") == shortest


@given(st.integers())
def test_an_integer_is_written_as_it_is(value: int) -> None:
    assert written(value) == str(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_keeps_its_value(value: Decimal) -> None:
    text = written(value)
    assert Decimal(text) == value
    assert not re.search(r"[eE]|\.$|\.[0-9]*0$", text)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf"), Decimal("NaN")])
def test_no_form_holds_what_is_not_finite(wrong: Any) -> None:
    with pytest.raises(ApiValueError, match=r"the field 'x' is .*; pass a finite number"):
        written(wrong)


def test_other_values_are_refused_with_what_a_form_can_hold() -> None:
    with pytest.raises(ApiTypeError, match="the field 'x' is object, which a form cannot hold; pa"):
        written(object())


# -- the bytes of a form --------------------------------------------------------------------


def test_a_form_is_these_bytes() -> None:
    body = MultipartBody([("file", Upload.of(("a.wav", WAV))), ("model", "w"), ("x[]", "\u00e9")])
    kind, boundary = body.content_type.split("; boundary=")
    assert kind == "multipart/form-data"
    assert re.fullmatch("[0-9a-f]{32}", boundary)
    lines = [
        b"--" + boundary.encode(),
        b'Content-Disposition: form-data; name="file"; filename="a.wav"',
        b"Content-Type: audio/wav",
        b"",
        WAV,
        b"--" + boundary.encode(),
        b'Content-Disposition: form-data; name="model"',
        b"",
        b"w",
        b"--" + boundary.encode(),
        b'Content-Disposition: form-data; name="x[]"',
        b"",
        "\u00e9".encode(),
        b"--" + boundary.encode() + b"--",
        b"",
    ]
    assert b"".join(body) == b"\r\n".join(lines)
    assert body.length == len(b"\r\n".join(lines))
    assert body.rewindable
    assert b"".join(body) == b"".join(body)


@given(
    st.lists(st.tuples(st.text(min_size=1), st.text() | st.binary(min_size=1))),
    st.text().filter(lambda name: "/" not in name and "\\" not in name),
)
def test_any_form_is_read_back_as_it_was_meant(
    fields: list[tuple[str, Any]], filename: str
) -> None:
    uploads = [
        (n, Upload.of((filename or "x", v)) if isinstance(v, bytes) else v) for n, v in fields
    ]
    body = MultipartBody(uploads)
    whole = b"".join(body)
    assert body.length == len(whole)
    if not fields:
        return
    parts = parse_form(body.content_type, whole)
    assert [part.content for part in parts] == [
        value if isinstance(value, bytes) else value.encode() for _, value in fields
    ]
    assert [part.filename is not None for part in parts] == [
        isinstance(value, bytes) for _, value in fields
    ]


def test_two_forms_have_boundaries_of_their_own(recording: RecordingServer, api: AudioApi) -> None:
    for _ in range(2):
        transcribe(api)
    first, second = (request.headers["content-type"] for request in recording.requests)
    assert first != second


def test_the_length_is_exact_and_chunks_are_for_what_has_none(
    recording: RecordingServer, api: AudioApi
) -> None:
    transcribe(api)
    assert recording.last.headers["content-length"] == str(len(recording.last.body))
    assert "transfer-encoding" not in recording.last.headers


def test_a_text_that_is_no_unicode_is_refused(recording: RecordingServer, api: AudioApi) -> None:
    for call in (
        lambda: transcribe(api, _extra_fields={"x": "\ud800"}),
        lambda: api.create_speech(SPEECH, _extra_fields={"x": "\ud800"}),
    ):
        with pytest.raises(ApiValueError, match="cannot be written as"):
            call()
    assert recording.requests == []


# -- JSON -----------------------------------------------------------------------------------


def test_speech_is_sent_as_json_in_utf_8(recording: RecordingServer, speaking: AudioApi) -> None:
    speaking.create_speech({**SPEECH, "input": "caf\u00e9 \u2028 \U0001f3a4"})
    assert "caf\u00e9 \u2028 \U0001f3a4".encode() in recording.last.body
    assert recording.last.headers["content-type"] == "application/json"
    assert recording.last.headers["content-length"] == str(len(recording.last.body))


def test_every_documented_key_of_speech_is_sent(
    recording: RecordingServer, speaking: AudioApi
) -> None:
    everything = {
        **SPEECH,
        "instructions": "Cheerful.",
        "response_format": "wav",
        "speed": 0.25,
        "stream_format": "audio",
    }
    for asked in (everything, CreateSpeechRequest(**everything)):
        speaking.create_speech(asked)
        assert recording.last.json == everything


def test_defaults_and_none_are_not_sent(recording: RecordingServer, speaking: AudioApi) -> None:
    for asked in ({**SPEECH, "speed": None}, CreateSpeechRequest(**SPEECH, speed=None)):
        speaking.create_speech(asked, _extra_fields={"instructions": None})
        assert recording.last.json == SPEECH


@pytest.mark.parametrize(
    ("voice", "sent"),
    [
        ("alloy", "alloy"),
        (VoiceIdsShared("ash"), "ash"),
        (VoiceIdsOrCustomVoice("ash"), "ash"),
        (VoiceIdsOrCustomVoice({"id": "voice_1"}), {"id": "voice_1"}),
        ({"id": "voice_1"}, {"id": "voice_1"}),
        ({"id": "voice_1", "pitch": 2}, {"id": "voice_1", "pitch": 2}),
    ],
)
def test_wrappers_are_sent_as_their_values(
    recording: RecordingServer, speaking: AudioApi, voice: Any, sent: Any
) -> None:
    speaking.create_speech(
        CreateSpeechRequest(model=CreateSpeechRequestModel("tts-1"), input="x", voice=voice)
    )
    assert recording.last.json == {"model": "tts-1", "input": "x", "voice": sent}


def test_further_fields_of_any_kind_are_sent_as_json(
    recording: RecordingServer, speaking: AudioApi
) -> None:
    extra = {
        "flag": True,
        "number": 1.5,
        "enum": Flavour.SWEET,
        "exact": Decimal("0.5"),
        "nested": {"list": (1, {"a": None}), "model": VadConfig(type="server_vad")},
        "voice": "af_heart",
        7: "seven",
    }
    speaking.create_speech(CreateSpeechRequest(**SPEECH), _extra_fields=extra)
    assert recording.last.json == {
        **SPEECH,
        "voice": "af_heart",
        "flag": True,
        "number": 1.5,
        "enum": "sweet",
        "exact": "0.5",
        "nested": {"list": [1, {"a": None}], "model": {"type": "server_vad"}},
        "7": "seven",
    }


def test_what_json_cannot_hold_is_refused(recording: RecordingServer, speaking: AudioApi) -> None:
    with pytest.raises(ApiValueError, match="cannot be written as JSON"):
        speaking.create_speech(SPEECH, _extra_fields={"x": float("nan")})
    with pytest.raises(ApiTypeError, match="JSON cannot hold a value of the type object"):
        speaking.create_speech(SPEECH, _extra_fields={"x": object()})
    assert recording.requests == []


def test_limits_can_be_bypassed(recording: RecordingServer, speaking: AudioApi) -> None:
    asked = CreateSpeechRequest.model_construct(**{**SPEECH, "input": "x" * 5000, "speed": 9})
    speaking.create_speech(asked)
    assert (len(recording.last.json["input"]), recording.last.json["speed"]) == (5000, 9)


# -- headers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response_format", "accept"),
    [
        (None, "application/json"),
        ("json", "application/json"),
        ("verbose_json", "application/json"),
        (AudioResponseFormat.VERBOSE_JSON, "application/json"),
        ("text", "text/plain, application/json"),
        ("srt", "application/x-subrip, text/plain, application/json"),
        (AudioResponseFormat.VTT, "text/vtt, text/plain, application/json"),
        ("something_new", "text/plain, application/json"),
    ],
)
def test_accept_fits_the_format(
    recording: RecordingServer, api: AudioApi, response_format: Any, accept: str
) -> None:
    for call in (api.create_transcription, api.create_translation):
        call(WAV, "whisper-1", response_format=response_format)
        assert recording.last.headers["accept"] == accept


def test_a_transcript_with_speakers_is_accepted_as_json(
    recording: RecordingServer, api: AudioApi
) -> None:
    transcribe(api, response_format="diarized_json")
    assert recording.last.headers["accept"] == "application/json"


def test_speech_is_accepted_as_audio_or_as_events(
    recording: RecordingServer, speaking: AudioApi
) -> None:
    speaking.create_speech(SPEECH)
    assert recording.last.headers["accept"] == "application/octet-stream, audio/*"
    speaking.create_speech({**SPEECH, "stream_format": "sse"})
    assert recording.last.headers["accept"] == "text/event-stream"
    with speaking.create_speech_streaming(SPEECH):
        assert recording.last.headers["accept"] == "application/octet-stream, audio/*"


def test_a_transcript_that_is_streamed_is_accepted_as_events(
    recording: RecordingServer, api: AudioApi
) -> None:
    with api.create_transcription_streaming(WAV, "gpt-4o-transcribe") as stream:
        assert stream.status_code == 200
    assert recording.last.headers["accept"] == "text/event-stream"
    assert pairs(recording) == [("stream", "true")]


def test_the_server_learns_the_versions_and_nothing_of_the_machine(
    recording: RecordingServer, api: AudioApi
) -> None:
    transcribe(api)
    agent = f"openapiopenai/{openapiopenai.__version__} python/{platform.python_version()}"
    assert recording.last.headers["user-agent"] == agent
    assert set(recording.last.headers) == {
        "host",
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "content-type",
        "user-agent",
    }
    for secret in (platform.node(), platform.release(), platform.system()):
        assert secret.encode() not in recording.last.head


@pytest.mark.parametrize("given", ["application/json", "Application/JSON; charset=utf-8"])
def test_the_content_type_of_json_may_say_more(
    recording: RecordingServer, speaking: AudioApi, given: str
) -> None:
    speaking.create_speech(SPEECH, _content_type=given)
    assert recording.last.headers["content-type"] == given


def test_the_content_type_of_a_form_keeps_its_boundary(
    recording: RecordingServer, api: AudioApi
) -> None:
    transcribe(api, _content_type="multipart/form-data; boundary=x")
    assert [part.name for part in recording.last.form] == ["file", "model"]


# -- any call -------------------------------------------------------------------------------


def test_any_call_can_be_made_with_nothing_but_what_is_given(recording: RecordingServer) -> None:
    configuration = Configuration(host=recording.host, access_token="sk-test")
    with ApiClient(configuration, "X-Team", "a") as client:
        url = f"{recording.origin}/models?limit=1"
        response = client.call_api("GET", url, {"Authorization": "Bearer sk-other"})
        assert response.json() == {"text": "hello"}
        assert (recording.last.method, recording.last.target) == ("GET", "/models?limit=1")
        assert recording.last.headers["authorization"] == "Bearer sk-other"
        assert "x-team" not in recording.last.headers
        client.call_api("GET", recording.origin, {"user-agent": "mine/1"}).close()
        assert recording.last.target == "/"
        assert recording.last.headers.get_all("User-Agent") == ["mine/1"]


@pytest.mark.parametrize(
    ("body", "sent", "content_type"),
    [
        ({"a": [Flavour.SWEET, None]}, b'{"a":["sweet",null]}', "application/json"),
        (["\u00e9"], '["\u00e9"]'.encode(), "application/json"),
        ("\u00e9", "\u00e9".encode(), None),
        (b"\0\xff", b"\0\xff", None),
        (None, b"", None),
    ],
)
def test_any_body_can_be_sent(
    recording: RecordingServer, body: Any, sent: bytes, content_type: str | None
) -> None:
    with ApiClient(Configuration()) as client:
        client.call_api("POST", recording.host, body=body, _request_timeout=20).close()
    assert recording.last.body == sent
    assert recording.last.headers.get("content-type") == content_type


def test_any_form_can_be_sent_even_with_a_name_twice(recording: RecordingServer) -> None:
    fields = [("a[]", "1"), ("a[]", "2"), ("file", WAV), ("list", [1, 2])]
    with ApiClient(Configuration()) as client:
        client.call_api("POST", recording.host, post_params=fields).close()
    sent = [(part.name, part.content) for part in recording.last.form]
    assert sent == [
        ("a[]", b"1"),
        ("a[]", b"2"),
        ("file", WAV),
        ("list[]", b"1"),
        ("list[]", b"2"),
    ]


def test_any_call_is_checked_before_it_is_sent(recording: RecordingServer) -> None:
    with ApiClient(Configuration()) as client:
        with pytest.raises(ApiValueError, match="the header 'x' holds a character"):
            client.call_api("GET", recording.host, {"X": "a\r\nY: b"})
        with pytest.raises(ApiValueError, match="url has no scheme"):
            client.call_api("GET", "localhost/v1")
    assert recording.requests == []


def test_what_json_is_sent_is_what_json_says(recording: RecordingServer, api: AudioApi) -> None:
    body = api.api_client.sanitize_for_serialization(CreateSpeechRequest(**SPEECH))
    assert json.dumps(body) == json.dumps(SPEECH)
    assert recording.requests == []
