"""Answers of real servers, where they lie beside the repository, and what is to be made of them.

``../shared/corpus`` holds them; its class names are the official client's.
"""

from __future__ import annotations

import base64
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from servers.case import ABSENT, look_up
from wire import Answer, RawServer, RecordingServer, replies, whole

import openapiopenai
from openapiopenai import ApiClient, ApiException, AudioApi, Configuration
from openapiopenai.exceptions import (
    ApiConnectionException,
    BadRequestException,
    ConflictException,
    ForbiddenException,
    NotFoundException,
    ServiceException,
    TooManyRequestsException,
    UnauthorizedException,
    UnprocessableEntityException,
)

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PATHS = sorted(CORPUS.glob("*.json"))
WAV = ("a.wav", b"RIFF\x24\x00\x00\x00WAVE")
OUR_NAMES: dict[str, type[Exception]] = {
    "BadRequestError": BadRequestException,
    "AuthenticationError": UnauthorizedException,
    "PermissionDeniedError": ForbiddenException,
    "NotFoundError": NotFoundException,
    "ConflictError": ConflictException,
    "UnprocessableEntityError": UnprocessableEntityException,
    "RateLimitError": TooManyRequestsException,
    "InternalServerError": ServiceException,
    "APIStatusError": ApiException,
    "APIConnectionError": ApiConnectionException,
    "APIError": ApiException,
}
MADE_BY_THE_TYPES = {
    "Transcription": "CreateTranscriptionResponseJson",
    "TranscriptionVerbose": "CreateTranscriptionResponseVerboseJson",
    "TranscriptionDiarized": "CreateTranscriptionResponseDiarizedJson",
    "Translation": "CreateTranslationResponseJson",
    "TranslationVerbose": "CreateTranslationResponseVerboseJson",
}
METHODS = {
    "/audio/speech": "create_speech",
    "/audio/transcriptions": "create_transcription",
    "/audio/translations": "create_translation",
    "/asr": "create_transcription",  # its answers are the same, its path is not
}
CUE = re.compile(r"(?:(\d+):)?(\d+):(\d+)[,.](\d+) --> ")

pytestmark = pytest.mark.skipif(not PATHS, reason="there is no ../shared/corpus beside this tree")


class Told:
    """A case of the corpus: an answer, and what is expected of it."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        self.name = path.stem
        self.endpoint: str = told["endpoint"]
        self.asked: dict[str, Any] = told["request_fields"]
        self.response_format: str | None = told["response_format"]
        self.status: int = told["status"]
        self.body = _body_of(told)
        self.is_cut = told.get("framing") == "chunked-truncated"
        # the framing is the server's business here
        hidden = ("transfer-encoding", "content-length", "connection")
        pairs = told["headers"].items()
        self.headers = {name: value for name, value in pairs if name.lower() not in hidden}
        expect = told["expect"]
        self.expected = {**expect["must"], **expect.get("best", {})}
        self.expected["attrs"] = {
            **expect["must"].get("attrs", {}),
            **expect.get("best", {}).get("attrs", {}),
        }

    @property
    def is_stream(self) -> bool:
        return self.expected.get("returns") == "event_stream"

    def call(self, host: str) -> Any:
        settings = Configuration(host=host, access_token="sk-test", retries=False)
        with ApiClient(settings) as client:
            method = METHODS[self.endpoint] + ("_streaming" if self.is_stream else "")
            result = getattr(AudioApi(client), method)(**self.arguments())
            return _Streamed(result) if self.is_stream else result

    def arguments(self) -> dict[str, Any]:
        """Give the arguments of the call; fields that no method knows go in beside."""
        given = {name.removesuffix("[]"): value for name, value in self.asked.items()}
        if self.endpoint == "/audio/speech":
            usual = {"model": "tts-1", "input": "hi", "voice": "alloy"}
            return {"create_speech_request": {**usual, **given}}
        known = inspect.signature(getattr(AudioApi, METHODS[self.endpoint])).parameters
        beside = {name: value for name, value in given.items() if name not in known}
        beside.pop("stream", None)
        arguments = {"file": None if "url" in beside else WAV, "model": "whisper-1"}
        arguments |= {name: value for name, value in given.items() if name in known}
        if not isinstance(arguments.get("temperature", 0.0), (int, float)):
            beside["temperature"] = arguments.pop("temperature")
        asked = {"response_format": self.response_format, **arguments, "_extra_fields": beside}
        return asked if self.endpoint != "/asr" else {**asked, "response_format": self._of_asr()}

    def _of_asr(self) -> str:
        return {"json": "json", "vtt": "vtt"}[self.asked["output"]]


class _Streamed:
    """What a stream has given, and the error that ended it."""

    def __init__(self, stream: Any) -> None:
        self.items: list[Any] = []
        self.error: ApiException | None = None
        with stream:
            self.content_type = stream.content_type
            try:
                self.items.extend(stream)
            except ApiException as error:
                self.error = error
        self.text = getattr(stream, "text", None)
        self.usage = stream.usage


def _body_of(told: dict[str, Any]) -> bytes:
    if "body_base64" in told:
        return base64.b64decode(told["body_base64"])
    body = told["body"]
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def call_of(told: Told) -> Any:
    """Make the call against a server that gives the answer."""
    if not told.is_cut:
        with RecordingServer() as server:
            server.answers_always(Answer(told.status, told.body, told.headers))
            return told.call(server.host)
    sound = whole(told.status, chunks=[told.body], headers=told.headers)
    with RawServer(replies(sound.removesuffix(b"0\r\n\r\n"))) as server:
        return told.call(server.host)


def classes(names: str) -> tuple[type[Exception], ...]:
    return tuple(OUR_NAMES[name] for name in names.split(" or "))


def check_error(error: ApiException, told: Told) -> None:
    expected = told.expected
    assert isinstance(error, classes(expected["raises"]))
    assert error.status == expected.get("status", error.status)
    assert expected.get("message_contains", "") in error.message
    assert expected.get("message_contains", "") in str(error)
    assert expected.get("body_keeps", "") in (error.body or "")
    for name in ("code", "type", "param"):
        assert getattr(error, name) == expected.get(name, getattr(error, name))
    assert error.code in expected.get("code_any_of", [error.code])


def check_model(result: Any, told: Told) -> None:
    variant = result.actual_instance
    if "cls" in told.expected:
        promised = MADE_BY_THE_TYPES[told.expected["cls"]]
        has_more = bool(json.loads(told.body).get("segments"))  # than the format promises
        richer = promised.replace("ResponseJson", "ResponseVerboseJson")
        assert type(variant).__name__ == (richer if has_more else promised)
    for path, expected in told.expected["attrs"].items():
        if path == "request_id_header":
            assert expected in told.headers  # its value is checked with the response
        elif expected in ("missing-or-None", "None-or-empty"):
            found = look_up(variant, path)
            assert found in (None, [], "", ABSENT), path
        else:
            same = json.loads(told.body)["text"] if expected == "(as in body)" else expected
            assert look_up(variant, path) == same, path
    assert result.text == json.loads(told.body)["text"]


def check_text(result: Any, told: Told) -> None:
    text = result.actual_instance
    assert text == told.expected.get("value", told.body.decode())
    starts = [
        int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction) / 1000
        for hours, minutes, seconds, fraction in CUE.findall(text)
    ]
    assert len(starts) == told.expected.get("cues", len(starts))
    if "first_cue_start_seconds" in told.expected and "61" not in text:
        assert starts[0] == told.expected["first_cue_start_seconds"]


def check_audio(result: Any, told: Told) -> None:
    assert type(result) is bytearray
    assert result == told.body
    assert len(result) == told.expected.get("length", len(result))


def check_stream(streamed: _Streamed, told: Told) -> None:
    expected = told.expected
    if "then_raises" in expected:
        assert len(streamed.items) == expected["events_before_error"]
        assert isinstance(streamed.error, classes(expected["then_raises"]))
        assert expected["message_contains"] in str(streamed.error)
        return
    assert streamed.error is None
    assert streamed.items
    if told.endpoint == "/audio/speech":
        lines = told.body.decode().split("data: ")[1:]
        pieces = [base64.b64decode(json.loads(line).get("audio", "")) for line in lines]
        assert b"".join(streamed.items) == b"".join(pieces)
        assert streamed.usage is not None
        return
    for event, wanted in zip(streamed.items, expected.get("events", []), strict=False):
        assert {name: getattr(event, name) for name in wanted} == wanted
    assert len(streamed.items) == expected.get("count", len(streamed.items))
    assert expected.get("content_type", streamed.content_type) in streamed.content_type
    text = expected.get("assembled_text", streamed.text)
    assert streamed.text == (json.loads(told.body)["text"] if text.startswith("(text") else text)


CHECKS = {
    "model": check_model,
    "str": check_text,
    "bytes": check_audio,
    "event_stream": check_stream,
    "model-or-error": check_model,
    "any": check_model,
}


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_an_answer_of_a_real_server_is_what_a_robust_client_makes_of_it(path: Path) -> None:
    told = Told(path)
    if "raises" in told.expected:
        with pytest.raises(ApiException) as caught:
            call_of(told)
        check_error(caught.value, told)
    else:
        CHECKS[told.expected["returns"]](call_of(told), told)


def test_every_name_in_the_corpus_is_one_that_is_checked() -> None:
    known = {
        "returns", "raises", "status", "message_contains", "cls", "attrs", "note", "value", "cues",
        "events", "content_type", "assembled_text", "no_exception", "count", "types", "length",
        "first_cue_start_seconds", "code", "code_any_of", "events_before_error", "then_raises",
        "type", "param", "body_keeps",
    }  # fmt: skip
    for path in PATHS:
        assert Told(path).expected.keys() <= known, path.stem
    assert set(MADE_BY_THE_TYPES.values()) <= set(openapiopenai.__all__)
