"""What an answer becomes: the variant that was asked for, text as text, audio as bytes."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV

from openapiopenai import (
    ApiDecodeException,
    ApiException,
    AudioApi,
    BadRequestException,
    CreateTranscriptionResponseDiarizedJson,
    CreateTranscriptionResponseJson,
    CreateTranscriptionResponseVerboseJson,
    CreateTranslationResponseJson,
    CreateTranslationResponseVerboseJson,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
)

if TYPE_CHECKING:
    from wire import RecordingServer

AUDIO = b"ID3\x04 audio"
WORDS = [{"word": "Hi", "start": 0.0, "end": 0.5}]
SEGMENTS = [{"id": 0, "start": 0.0, "end": 1.0, "text": "Hi"}]
SPOKEN = [{"id": "s1", "start": 0.0, "end": 1.0, "text": "Hi", "speaker": "A"}]


def sse(*events: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)


# -- transcripts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response_format", "body", "variant"),
    [
        (None, {"text": "Hi"}, CreateTranscriptionResponseJson),
        ("json", {"text": "Hi", "logprobs": []}, CreateTranscriptionResponseJson),
        ("verbose_json", {"text": "Hi"}, CreateTranscriptionResponseVerboseJson),
        (
            "verbose_json",
            {"text": "Hi", "segments": SEGMENTS, "words": WORDS},
            CreateTranscriptionResponseVerboseJson,
        ),
        ("diarized_json", {"text": "Hi"}, CreateTranscriptionResponseDiarizedJson),
        (
            "diarized_json",
            {"text": "Hi", "segments": SPOKEN},
            CreateTranscriptionResponseDiarizedJson,
        ),
        ("json", {"text": "Hi", "segments": SEGMENTS}, CreateTranscriptionResponseVerboseJson),
        (None, {"text": "Hi", "words": WORDS}, CreateTranscriptionResponseVerboseJson),
        ("json", {"text": "Hi", "segments": SPOKEN}, CreateTranscriptionResponseDiarizedJson),
        ("json", {"text": "Hi", "segments": [], "words": []}, CreateTranscriptionResponseJson),
    ],
)
def test_the_request_decides_the_variant_unless_there_is_plainly_more(
    recording: RecordingServer, api: AudioApi, response_format: Any, body: Any, variant: type
) -> None:
    recording.answer(200, body)
    result = api.create_transcription(WAV, "whisper-1", response_format=response_format)
    assert type(result.actual_instance) is variant
    assert result.text == str(result) == "Hi"
    assert result.to_dict() == body


@pytest.mark.parametrize(
    ("response_format", "body", "variant"),
    [
        (None, {"text": "Hi"}, CreateTranslationResponseJson),
        ("json", {"text": "Hi"}, CreateTranslationResponseJson),
        ("verbose_json", {"text": "Hi"}, CreateTranslationResponseVerboseJson),
        ("json", {"text": "Hi", "segments": SEGMENTS}, CreateTranslationResponseVerboseJson),
        ("json", {"text": "Hi", "segments": SPOKEN}, CreateTranslationResponseVerboseJson),
    ],
)
def test_a_translation_is_read_the_same_way(
    recording: RecordingServer, api: AudioApi, response_format: Any, body: Any, variant: type
) -> None:
    recording.answer(200, body)
    result = api.create_translation(WAV, "whisper-1", response_format=response_format)
    assert type(result.actual_instance) is variant
    assert result.text == str(result) == "Hi"
    assert result.to_dict() == body


def test_the_properties_read_through_to_the_variant(
    recording: RecordingServer, api: AudioApi
) -> None:
    body = {
        "text": "Hi",
        "language": "english",
        "duration": 1.0,
        "segments": SEGMENTS,
        "words": WORDS,
        "usage": {"type": "duration", "seconds": 1},
    }
    recording.answers_always(body=body)
    result = api.create_transcription(WAV, "whisper-1", response_format="verbose_json")
    assert (result.language, result.duration) == ("english", 1.0)
    assert result.segments is not None
    assert (result.segments[0].id, result.segments[0].end) == (0, 1.0)
    assert result.words is not None
    assert result.words[0].word == "Hi"
    assert isinstance(result.usage, TranscriptTextUsageDuration)
    assert (result.logprobs, result.languages) == (None, None)
    translation = api.create_translation(WAV, "whisper-1", response_format="verbose_json")
    assert (translation.language, translation.duration) == ("english", 1.0)
    assert translation.segments is not None
    assert translation.segments[0].text == "Hi"


def test_the_properties_are_none_where_the_variant_has_none(
    recording: RecordingServer, api: AudioApi
) -> None:
    recording.answers_always(body="Hi\n")
    transcript = api.create_transcription(WAV, "whisper-1", response_format="text")
    names = ("language", "languages", "duration", "segments", "words", "usage", "logprobs")
    assert [getattr(transcript, name) for name in names] == [None] * len(names)
    assert transcript.text == "Hi\n"
    translation = api.create_translation(WAV, "whisper-1", response_format="text")
    assert (translation.language, translation.duration, translation.segments) == (None, None, None)


def test_a_json_transcript_tells_its_tokens_and_its_languages(
    recording: RecordingServer, api: AudioApi
) -> None:
    body = {
        "text": "Hi",
        "logprobs": [{"token": "Hi", "logprob": -0.5, "bytes": [72, 105]}],
        "languages": [{"code": "en"}],
        "usage": {
            "type": "tokens",
            "input_tokens": 14,
            "input_token_details": {"text_tokens": 0, "audio_tokens": 14},
            "output_tokens": 2,
            "total_tokens": 16,
        },
    }
    recording.answer(200, body)
    result = api.create_transcription(WAV, "gpt-4o-transcribe", include=["logprobs"])
    assert isinstance(result.usage, TranscriptTextUsageTokens)
    assert result.usage.input_token_details is not None
    assert result.usage.input_token_details.audio_tokens == 14
    assert result.logprobs is not None
    assert result.logprobs[0].bytes == [72, 105]
    assert result.languages is not None
    assert result.languages[0].code == "en"
    assert result.to_dict() == body


def test_fields_that_nobody_knows_are_kept_and_readable(
    recording: RecordingServer, api: AudioApi
) -> None:
    body = {"text": "Hi", "x_groq": {"id": "req_1"}, "segments": [{"text": "Hi", "mood": "good"}]}
    recording.answer(200, body)
    result: Any = api.create_transcription(WAV, "whisper-1", response_format="verbose_json")
    assert result.actual_instance.x_groq == {"id": "req_1"}
    assert result.segments[0].mood == "good"
    assert result.to_dict() == body


def test_words_are_found_inside_segments(recording: RecordingServer, api: AudioApi) -> None:
    segments = [{"words": WORDS}, {"text": "silence"}, {"words": [{"word": "you"}]}]
    recording.answer(200, {"text": "Hi you", "segments": segments})
    result = api.create_transcription(WAV, "whisper-1", response_format="verbose_json")
    assert [word.word for word in result.words or []] == ["Hi", "you"]
    recording.answer(200, {"text": "Hi", "segments": SEGMENTS})
    assert api.create_transcription(WAV, "w", response_format="verbose_json").words is None


@pytest.mark.parametrize("response_format", ["text", "srt", "vtt"])
@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"Hi\n", "text/plain", "Hi\n"),
        (b'{"text": "Hi"}', "application/json", "Hi"),
        (b'{"text": "Hi"}', "text/plain", "Hi"),
        (b'"Hi"', "application/json", "Hi"),
        (b"{laughs} Hi", "text/plain", "{laughs} Hi"),
        (b"\xef\xbb\xbfHi", "text/plain", "Hi"),
        (b"caf\xe9", "text/plain; charset=iso-8859-1", "caf\u00e9"),
        ("caf\u00e9".encode("utf-16"), "text/plain", "caf\u00e9"),
        ("caf\u00e9".encode(), "text/plain; charset=no-such", "caf\u00e9"),
        (b"", "text/plain", ""),
    ],
)
def test_text_is_found_in_whatever_it_comes(
    recording: RecordingServer,
    api: AudioApi,
    response_format: str,
    body: bytes,
    content_type: str,
    text: str,
) -> None:
    recording.answer(200, body, {"Content-Type": content_type})
    result = api.create_transcription(WAV, "whisper-1", response_format=response_format)
    assert result.actual_instance == text


@pytest.mark.parametrize(
    "body",
    [b"<html>Oops</html>", b"{}", b'{"error": {"message": "no"}}', b"null", b"", b'{"text":', b"5"],
)
@pytest.mark.parametrize("response_format", ["json", "verbose_json", "diarized_json"])
def test_what_nothing_can_be_made_of_raises_with_all_that_came(
    recording: RecordingServer, api: AudioApi, response_format: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json", "x-request-id": "req_1"}
    recording.answer(200, body, headers)
    with pytest.raises(ApiDecodeException) as caught:
        api.create_transcription(WAV, "whisper-1", response_format=response_format)
    error = caught.value
    assert (error.status, error.body, error.request_id) == (200, body.decode(), "req_1")
    assert error.reason
    assert error.__cause__ is not None


@pytest.mark.parametrize("status", [204, 205])
def test_an_answer_without_content_raises(
    recording: RecordingServer, api: AudioApi, status: int
) -> None:
    for call in (
        lambda: api.create_speech(SPEECH),
        lambda: api.create_translation(WAV, "whisper-1"),
    ):
        recording.answer(status, headers={"Content-Length": "0"} if status == 205 else {})
        with pytest.raises(ApiDecodeException) as caught:
            call()
        assert caught.value.status == status


# -- speech ---------------------------------------------------------------------------------


def test_speech_is_the_bytes_that_came(recording: RecordingServer, api: AudioApi) -> None:
    for headers in ({"Content-Type": "audio/mpeg"}, {"Content-Type": "audio/pcm;rate=24000"}, {}):
        recording.answer(200, AUDIO, headers)
        audio = api.create_speech(SPEECH)
        assert isinstance(audio, bytearray)
        assert audio == AUDIO


def test_speech_as_events_is_decoded(recording: RecordingServer, api: AudioApi) -> None:
    deltas = [base64.b64encode(AUDIO[:4]).decode(), base64.b64encode(AUDIO[4:]).decode()]
    events = [{"type": "speech.audio.delta", "audio": delta} for delta in deltas]
    body = sse(*events, {"type": "speech.audio.done", "usage": {"input_tokens": 1}})
    recording.answer(200, body, {"Content-Type": "text/event-stream; charset=utf-8"})
    assert api.create_speech({**SPEECH, "stream_format": "sse"}) == AUDIO
    assert recording.last.json["stream_format"] == "sse"


@pytest.mark.parametrize("key", ["audio", "audio_data"])
def test_speech_in_json_is_decoded(recording: RecordingServer, api: AudioApi, key: str) -> None:
    recording.answer(200, {key: base64.b64encode(AUDIO).decode()})
    assert api.create_speech(SPEECH) == AUDIO


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "audio/mpeg"),
        (b"<!DOCTYPE html><html></html>", "text/html"),
        (b"<html></html>", "audio/mpeg"),
        (b"Not found", "text/plain"),
        (b'{"detail": "no"}', "application/json"),
        (b'{"detail": "no"}', "application/octet-stream"),
        (b'{"audio": "***"}', "application/json"),
        (b'{"audio": ""}', "application/json"),
        (sse({"type": "speech.audio.done"}), "text/event-stream"),
        (sse({"type": "speech.audio.delta", "audio": "SUQz"}), "text/event-stream"),
    ],
)
def test_what_is_no_audio_is_an_error(
    recording: RecordingServer, api: AudioApi, body: bytes, content_type: str
) -> None:
    recording.answer(200, body, {"Content-Type": content_type})
    with pytest.raises(ApiDecodeException) as caught:
        api.create_speech(SPEECH)
    assert caught.value.status == 200
    assert caught.value.body == body.decode()


# -- around the value -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 299])
def test_every_2xx_is_a_success(recording: RecordingServer, api: AudioApi, status: int) -> None:
    recording.answer(status, {"text": "Hi"})
    response = api.create_translation_with_http_info(WAV, "whisper-1")
    assert (response.status_code, response.data.text) == (status, "Hi")


def test_a_response_holds_all_there_is_around_the_value(
    recording: RecordingServer, api: AudioApi
) -> None:
    recording.answer(200, {"text": "Hi"}, {"X-Request-Id": "req_1", "X-Two": "2"})
    response = api.create_transcription_with_http_info(WAV, "whisper-1")
    assert response.status_code == 200
    assert response.data.text == "Hi"
    assert response.raw_data == b'{"text": "Hi"}'
    assert response.headers["x-two"] == response.headers["X-TWO"] == "2"
    assert response.request_id == "req_1"
    recording.answer(200, AUDIO, {"Content-Type": "audio/mpeg"})
    speech = api.create_speech_with_http_info(SPEECH)
    assert (speech.data, speech.raw_data, speech.request_id) == (bytearray(AUDIO), AUDIO, None)


def test_a_response_shows_no_more_than_a_screen(recording: RecordingServer, api: AudioApi) -> None:
    recording.answer(200, bytes(17_000), {"Content-Type": "audio/mpeg", "Set-Cookie": "secret"})
    speech = api.create_speech_with_http_info(SPEECH)
    shown = "data=<bytearray of 17000 bytes>, raw_data=<bytes of 17000 bytes>, request_id=None"
    assert repr(speech) == f"ApiResponse(status_code=200, {shown})"
    recording.answer(200, {"text": "Hi " * 10_000})
    transcript = api.create_transcription_with_http_info(WAV, "whisper-1")
    assert "Hi Hi" in repr(transcript)
    assert len(repr(transcript)) < 600


def test_a_body_that_is_the_message_is_not_shown_twice(
    recording: RecordingServer, api: AudioApi
) -> None:
    recording.answer(200, "garbage", {"Content-Type": "text/plain"})
    with pytest.raises(ApiDecodeException) as failure:
        api.create_transcription(WAV, "whisper-1")
    assert str(failure.value).count("garbage") == 1
    assert failure.value.body == "garbage"


@pytest.mark.parametrize("name", ["x-request-id", "apim-request-id", "request-id"])
def test_the_request_id_is_found_under_every_name(
    recording: RecordingServer, api: AudioApi, name: str
) -> None:
    recording.answer(200, {"text": "Hi"}, {name: "req_1"})
    assert api.create_translation_with_http_info(WAV, "whisper-1").request_id == "req_1"


def test_an_answer_is_read_from_its_bytes_in_one_pass(
    recording: RecordingServer, api: AudioApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed_twice(*_: Any, **__: Any) -> None:
        pytest.fail("the body was parsed into objects of Python before it was validated")

    body = json.dumps({"text": "Hi", "duration": "1.5", "segments": SEGMENTS, "words": WORDS})
    recording.answer(200, body, {"Content-Type": "application/json"})
    monkeypatch.setattr(json, "loads", parsed_twice)
    result = api.create_transcription(WAV, "whisper-1", response_format="verbose_json")
    assert result.duration == 1.5


def test_other_answers_are_errors_of_their_status(
    recording: RecordingServer, api: AudioApi
) -> None:
    recording.answer(400, {"error": {"message": "no"}}, {"x-request-id": "req_1"})
    with pytest.raises(BadRequestException, match="no") as caught:
        api.create_speech(SPEECH)
    assert caught.value.request_id == "req_1"
    recording.answer(304)
    with pytest.raises(ApiException) as unusual:
        api.create_speech(SPEECH)
    assert unusual.value.status == 304


def test_a_server_that_has_moved_is_named(recording: RecordingServer, api: AudioApi) -> None:
    recording.answer(302, headers={"Location": "https://example.org/v1"})
    with pytest.raises(ApiException, match=r"set host to https://example.org/v1"):
        api.create_speech(SPEECH)
    assert len(recording.requests) == 1
