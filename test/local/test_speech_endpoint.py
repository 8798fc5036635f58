"""POST /audio/speech answers as OpenAI's does."""

from __future__ import annotations

import base64
import json
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import pytest
from local.caller import SENTENCES, events, speech

from openapiopenai.local.codecs import FORMATS, decode

if TYPE_CHECKING:
    from local.caller import Caller

CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}


def seconds(recording: bytes) -> float:
    return len(decode(recording, 16_000, max_seconds=600)) / 16_000


@pytest.mark.parametrize("speech_format", FORMATS)
def test_speech_is_chunked_and_in_the_requested_format(caller: Caller, speech_format: str) -> None:
    reply = caller.speech(response_format=speech_format)
    assert reply.status == 200
    assert reply.headers["content-type"] == CONTENT_TYPES[speech_format]
    assert reply.headers["transfer-encoding"] == "chunked"
    assert reply.headers["x-request-id"].startswith("req_")
    assert len(reply.body) > 5000


def test_mp3_is_the_default(caller: Caller) -> None:
    assert caller.speech().headers["content-type"] == "audio/mpeg"


def test_the_first_sentence_is_sent_before_the_last_is_spoken(caller: Caller) -> None:
    # Sockets hold far less than this, so a server that spoke first and sent later could not have
    # ended when only a little is read: what is left comes piece by piece.
    text = "The book is on the table. " * 150
    with caller.opened("POST", "/v1/audio/speech", *speech(text, response_format="wav")) as answer:
        chunks = list(takewhile(bool, iter(lambda: answer.read1(1 << 20), b"")))
    assert len(chunks) > 100
    assert max(map(len, chunks)) < sum(map(len, chunks)) / 50


def test_as_events_it_is_the_same_audio_and_then_what_was_used(caller: Caller) -> None:
    text = " ".join(SENTENCES[:2])
    reply = caller.speech(text, stream_format="sse")
    *deltas, done = events(reply.body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert {delta["type"] for delta in deltas} == {"speech.audio.delta"}
    assert len(deltas) >= 2
    audio = b"".join(base64.b64decode(delta["audio"]) for delta in deltas)
    assert audio == caller.spoken(text)
    assert done["type"] == "speech.audio.done"
    assert done["usage"]["input_tokens"] == 18
    assert done["usage"]["output_tokens"] == pytest.approx(10 * seconds(audio), abs=2)
    assert done["usage"]["total_tokens"] == sum(list(done["usage"].values())[:2])


@pytest.mark.parametrize("speed", [0.25, 0.5, 2, 4.0])
def test_speed_is_honoured(caller: Caller, speed: float) -> None:
    normal = seconds(caller.spoken(SENTENCES[0], "wav"))
    assert seconds(caller.spoken(SENTENCES[0], "wav", speed=speed)) == pytest.approx(
        normal / speed, rel=0.15
    )


def test_a_voice_may_be_an_object_and_voices_differ(caller: Caller) -> None:
    onyx = caller.spoken("Hello.", voice="onyx")
    assert caller.spoken("Hello.", voice={"id": "onyx"}) == onyx != caller.spoken("Hello.")


def test_fields_without_effect_are_accepted(caller: Caller) -> None:
    plain = caller.spoken("Hello.")
    assert caller.spoken("Hello.", instructions="Whisper.", speed=None, language="en") == plain


def test_the_longest_text_is_spoken(caller: Caller) -> None:
    assert caller.speech("a " * 2048).status == 200


@pytest.mark.parametrize(
    ("fields", "status", "param", "code"),
    [
        ({"input": None}, 422, "input", "missing_required_parameter"),
        ({"model": None}, 422, "model", "missing_required_parameter"),
        ({"voice": None}, 422, "voice", "missing_required_parameter"),
        ({"voice": {}}, 422, "id", "missing_required_parameter"),
        ({"input": ""}, 400, "input", "empty_string"),
        ({"input": " \n"}, 400, "input", "empty_string"),
        ({"input": "a" * 4097}, 400, "input", "string_above_max_length"),
        ({"instructions": "a" * 4097}, 400, "instructions", "string_above_max_length"),
        ({"input": 5}, 400, "input", "invalid_value"),
        ({"model": ["tts-1"]}, 400, "model", "invalid_value"),
        ({"voice": "bob"}, 400, "voice", "invalid_value"),
        ({"voice": 7}, 400, "voice", "invalid_value"),
        ({"voice": {"id": "voice_1234"}}, 404, "voice", "voice_not_found"),
        ({"response_format": "ogg"}, 400, "response_format", "invalid_value"),
        ({"stream_format": "ws"}, 400, "stream_format", "invalid_value"),
        ({"speed": 0.2}, 400, "speed", "invalid_value"),
        ({"speed": 4.1}, 400, "speed", "invalid_value"),
        ({"speed": "fast"}, 400, "speed", "invalid_value"),
        ({"speed": "1"}, 400, "speed", "invalid_value"),
        ({"speed": True}, 400, "speed", "invalid_value"),
        ({"speed": 10**400}, 400, "speed", "invalid_value"),
    ],
)
def test_errors_name_the_missing_or_invalid_parameter(
    caller: Caller, fields: dict[str, Any], status: int, param: str, code: str
) -> None:
    fields = {"input": "Hello.", **fields}
    reply = caller.speech(fields.pop("input"), **fields)
    assert reply.status == status
    assert set(reply.error) == {"message", "type", "param", "code"}
    assert (reply.error["param"], reply.error["code"]) == (param, code)
    assert reply.error["type"] == "invalid_request_error"
    assert param in reply.error["message"] or status == 404
    assert reply.headers["x-request-id"]


def test_the_error_for_an_unknown_voice_names_the_known_ones(caller: Caller) -> None:
    message = caller.speech("Hello.", voice="bob").error["message"]
    assert "'bob'" in message
    assert all(voice in message for voice in ("alloy", "cedar", "verse"))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"NaN", b"[" * 200_000],
    ids=lambda body: repr(body[:10]),
)
def test_a_body_that_is_not_a_json_object_is_refused(caller: Caller, body: bytes) -> None:
    reply = caller.send("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
    assert (reply.status, reply.error["code"]) == (400, "invalid_json")


def test_the_speed_must_not_be_nan(caller: Caller) -> None:
    body = json.dumps({"model": "m", "input": "x", "voice": "alloy", "speed": float("nan")})
    reply = caller.send("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
    assert (reply.status, reply.error["param"]) == (400, "speed")


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_other_content_types_than_json_are_refused(
    caller: Caller, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    reply = caller.send("POST", "/v1/audio/speech", speech("Hello.")[0], headers)
    assert (reply.status, reply.error["code"]) == (415, "unsupported_content_type")
    assert "application/json" in reply.error["message"]


def test_json_may_have_a_charset(caller: Caller) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert caller.send("POST", "/v1/audio/speech", speech("Hello.")[0], headers).status == 200


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/audio/speech", "/v1/audio/speech"),
        ("/audio/transcriptions", "/v1/audio/transcriptions"),
        ("/audio/translations", "/v1/audio/translations"),
        ("/v1/v1/audio/speech", "/v1/audio/speech"),
        ("/v1/audio/speech/", "/v1/audio/speech"),
    ],
)
def test_a_wrong_path_is_not_found_and_the_right_one_named(
    caller: Caller, path: str, right: str
) -> None:
    reply = caller.send("POST", path, *speech("Hello."))
    assert (reply.status, reply.error["code"]) == (404, "unknown_url")
    assert reply.error["message"].endswith(f" Use {right}.")


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/audio", "/v1/audio/speech/", "/v2/audio/speech"])
def test_unknown_paths_are_not_found(caller: Caller, path: str) -> None:
    reply = caller.send("POST", path, *speech("Hello."))
    assert (reply.status, reply.error["code"]) == (404, "unknown_url")
    assert path in reply.error["message"]
    assert reply.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/v1/audio/speech", "/v1/audio/transcriptions"])
def test_other_methods_are_not_allowed(caller: Caller, path: str) -> None:
    reply = caller.send("GET", path)
    assert (reply.status, reply.error["code"]) == (405, "method_not_allowed")
    assert reply.headers["allow"] == "POST"


def test_every_request_has_an_id_of_its_own(caller: Caller) -> None:
    ids = {caller.send("GET", "/").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5
