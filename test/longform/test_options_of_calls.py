"""The options of a call hold for each call, and mean what they mean there."""

from __future__ import annotations

import inspect
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from longform.sounds import encode, speech
from urllib3 import Retry
from wire import Answer, RecordingServer

from openapiopenai import (
    ApiClient,
    ApiTimeoutException,
    ApiValueError,
    AudioApi,
    Configuration,
    ServiceException,
    longform,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from wire import Recorded

    Call = Callable[..., Any]

AUTH = {"in": "header", "key": "Authorization", "value": "Bearer other"}
BUSY = Answer(503, {"error": {"message": "busy"}}, {"Retry-After": "0"})
FOR_COMPATIBILITY = {"_content_type", "_host_index"}  # with 1.x, where they had no effect either
TEXT = "A sentence of some words. " * 20


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """Return a server that answers all recordings and texts alike."""
    with RecordingServer() as server:
        server.answer_with(_answer)
        yield server


def _answer(request: Recorded) -> Answer:
    return Answer(body=b"\0\0" if request.path.endswith("/speech") else {"text": "hello"})


@pytest.fixture
def api(server: RecordingServer) -> Iterator[AudioApi]:
    """Return a client of it, with the retries that clients have by default."""
    with ApiClient(Configuration(host=server.host, access_token="sk-test")) as client:
        yield AudioApi(client)


@pytest.fixture(scope="module")
def recording() -> bytes:
    return encode(speech(15), "mp3")


def transcribe(api: AudioApi, recording: bytes, **options: Any) -> Any:
    return longform.transcribe(api, recording, "whisper-1", max_seconds=6, **options)


def translate(api: AudioApi, recording: bytes, **options: Any) -> Any:
    return longform.translate(api, recording, "whisper-1", max_seconds=6, **options)


def speak(api: AudioApi, _recording: bytes, **options: Any) -> bytes:
    request = {"model": "tts-1", "voice": "alloy", "input": TEXT, "response_format": "pcm"}
    with longform.speak(api, request, max_characters=200, **options) as spoken:
        return spoken.read()


CALLS = pytest.mark.parametrize("call", [transcribe, translate, speak])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (longform.transcribe, AudioApi.create_transcription),
        (longform.translate, AudioApi.create_translation),
        (longform.speak, AudioApi.create_speech_streaming),
    ],
)
def test_each_parameter_of_the_call_is_taken(ours: Any, theirs: Any) -> None:
    taken = inspect.signature(ours).parameters
    given = {*inspect.signature(theirs).parameters} - {"self"} - FOR_COMPATIBILITY
    assert given <= {*taken}
    options = [name for name in taken if name.startswith("_")]
    assert all(taken[name].kind is inspect.Parameter.KEYWORD_ONLY for name in options)
    assert all(taken[name].default is None for name in options)


@CALLS
def test_headers_credentials_and_further_fields_go_with_each_part(
    api: AudioApi, server: RecordingServer, recording: bytes, call: Call
) -> None:
    call(
        api,
        recording,
        _headers={"X-Job": "7"},
        _request_auth=AUTH,
        _extra_fields={"seed": 5},
    )
    assert len(server.requests) >= 3
    for request in server.requests:
        assert request.headers["x-job"] == "7"
        assert request.headers["authorization"] == "Bearer other"
        assert b"seed" in request.body


@CALLS
@pytest.mark.parametrize(
    ("retries", "attempts"), [(False, 1), (0, 1), (1, 2), (Retry(3, backoff_factor=0), 4)]
)
def test_each_call_is_retried_as_often_as_requested(
    api: AudioApi,
    server: RecordingServer,
    recording: bytes,
    call: Call,
    retries: Any,
    attempts: int,
) -> None:
    server.answers_always(BUSY)
    with pytest.raises(ServiceException) as caught:
        call(api, recording, workers=1, _retries=retries)
    assert len(server.requests) == caught.value.attempts == attempts


@CALLS
def test_retries_that_cannot_be_understood_are_refused_before_anything_is_sent(
    api: AudioApi, server: RecordingServer, recording: bytes, call: Call
) -> None:
    with pytest.raises(ApiValueError, match="retries is 'often'"):
        call(api, recording, _retries="often")
    assert not server.requests


def test_what_is_retried_counts_once(
    api: AudioApi, server: RecordingServer, recording: bytes
) -> None:
    usage = {"type": "duration", "seconds": 5}
    server.answers_always(body={"text": "hello", "usage": usage})
    seen: list[float] = []
    first = transcribe(api, recording, on_progress=lambda done, _: seen.append(done))
    parts = len(server.requests)
    server.requests.clear()
    for answer in (BUSY, BUSY, BUSY):
        server.answer(answer)
    again = transcribe(api, recording, _retries=3, on_progress=lambda done, _: seen.append(done))
    assert len(server.requests) == parts + 3
    assert again == first
    assert again.usage.seconds == 5 * parts
    assert len(seen) == 2 * parts


def test_other_options_of_the_call_find_what_was_kept(
    api: AudioApi, server: RecordingServer, recording: bytes, tmp_path: Path
) -> None:
    options: list[dict[str, Any]] = [
        {},
        {"_retries": 5},
        {"_retries": False},
        {"_retries": Retry(1)},
        {"_request_timeout": 7},
        {"_headers": {"X-Job": "7"}},
        {"_request_auth": AUTH},
    ]
    transcribe(api, recording, resume_dir=tmp_path)
    parts = len(server.requests)
    for changed in options:
        transcribe(api, recording, resume_dir=tmp_path, **changed)
    assert len(server.requests) == parts
    transcribe(api, recording, resume_dir=tmp_path, _extra_fields={"seed": 5})
    assert len(server.requests) == 2 * parts


@CALLS
def test_a_call_that_takes_too_long_is_given_up(
    api: AudioApi, server: RecordingServer, recording: bytes, call: Call
) -> None:
    server.answers_always(delay=server.gate())
    with pytest.raises(ApiTimeoutException) as caught:
        call(api, recording, workers=1, _request_timeout=0.3, _retries=False)
    assert caught.value.part
    assert len(server.requests) == 1


def test_the_timeout_is_that_of_each_call_and_not_of_them_all(
    api: AudioApi, server: RecordingServer, recording: bytes
) -> None:
    def answer(_: Any) -> Answer:
        threading.Event().wait(0.8)
        return Answer(body={"text": "hello"})

    server.answer_with(answer)
    started = time.monotonic()
    joined = transcribe(api, recording, workers=1, _request_timeout=2)
    assert time.monotonic() - started > 2
    assert joined.text == " ".join(["hello"] * len(server.requests))
