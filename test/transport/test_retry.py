"""What is tried again, when, how often, and with which bytes."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import json
import logging
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from calls import BIG, SPEECH, WAV, client, speak, transcribe
from urllib3 import Retry
from urllib3.exceptions import ProtocolError
from wire import (
    OK,
    Connection,
    RawServer,
    RecordingServer,
    closes_without_answer,
    drips,
    in_turn,
    parse_form,
    refused_port,
    replies,
    resets_after_request,
    resets_before_request,
    resets_during_request,
    says_nothing,
    truncates,
    whole,
)

from openapiopenai import (
    ApiConnectionException,
    ApiException,
    ApiTimeoutException,
    ApiValueError,
    AudioApi,
    ServiceException,
    TooManyRequestsException,
)
from openapiopenai._transport.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Clock:
    """A clock that only sleeping moves on; it keeps what was slept."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def __call__(self) -> float:
        return sum(self.waits)


@contextlib.contextmanager
def waiting(host: str, **settings: Any) -> Iterator[tuple[AudioApi, list[float]]]:
    """Return the API of a server that never waits, and the waits that it would have made."""
    clock = Clock()
    with client(host, **settings) as api:
        api.api_client.rest_client.clock = clock
        api.api_client.rest_client.sleep = clock.waits.append
        yield api, clock.waits


QUOTA = {"error": {"message": "pay", "code": "insufficient_quota"}}
PACKED = gzip.compress(json.dumps(QUOTA).encode(), mtime=0)


@pytest.mark.parametrize(
    ("status", "headers", "body", "requests"),
    [
        *[(status, {}, {}, 3) for status in (408, 409, 429, 500, 502, 503, 504, 529, 599)],
        *[(status, {}, {}, 1) for status in (300, 304, 400, 401, 403, 404, 413, 418, 422)],
        (400, {"x-should-retry": "true"}, {}, 3),
        (503, {"X-Should-Retry": "False"}, {}, 1),
        (503, {"x-should-retry": "perhaps"}, {}, 3),
        (429, {}, QUOTA, 1),
        (429, {}, {"error": {"type": "insufficient_quota"}}, 1),
        (429, {"Content-Encoding": "gzip"}, PACKED, 1),
        (429, {"x-should-retry": "true"}, QUOTA, 3),
        (429, {}, {"error": {"code": "rate_limit_exceeded"}}, 3),
        (429, {}, [1], 3),
        (429, {}, b"\xff not JSON", 3),
        (503, {}, QUOTA, 3),
        (503, {"Retry-After": "60"}, {}, 3),
        (503, {"Retry-After": "61"}, {}, 1),
        (429, {"Retry-After": "0", "retry-after-ms": "60001"}, {}, 1),
        (429, {"Retry-After": formatdate(time.time() + 4000, usegmt=True)}, {}, 1),
    ],
)
def test_answers_are_tried_again_where_that_may_help(
    recording: RecordingServer, status: int, headers: dict[str, str], body: Any, requests: int
) -> None:
    recording.answers_always(status, body, headers)
    with waiting(recording.host) as (api, waits):
        with pytest.raises(ApiException) as failure:
            transcribe(api)
        assert (len(recording.requests), len(waits)) == (requests, requests - 1)
        assert (failure.value.status, failure.value.attempts) == (status, requests)
        if isinstance(body, dict) and body:
            assert failure.value.data == body
        recording.answers_always(body={"text": "well"})
        assert transcribe(api) == "well"


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({}, 0.375, 0.5),
        ({"Retry-After": "7"}, 7, 7),
        ({"Retry-After": "1.5"}, 1.5, 1.5),
        ({"Retry-After": "0"}, 0, 0),
        ({"Retry-After": "-3"}, 0.375, 0.5),
        ({"Retry-After": "soon"}, 0.375, 0.5),
        ({"Retry-After": "nan"}, 0.375, 0.5),
        ({"Retry-After": ""}, 0.375, 0.5),
        ({"Retry-After": "Mon, 01 Jan 0001 00:00:00 -0000"}, 0, 0.5),
        ({"Retry-After": "7", "retry-after-ms": "250"}, 0.25, 0.25),
        ({"Retry-After": "7", "retry-after-ms": "x"}, 7, 7),
        ({"Retry-After": formatdate(time.time() - 100, usegmt=True)}, 0, 0),
    ],
)
def test_the_server_says_how_long_to_wait(
    recording: RecordingServer, headers: dict[str, str], least: float, most: float
) -> None:
    recording.answer(503, headers=headers)
    with waiting(recording.host) as (api, (waits)):
        assert transcribe(api) == "hello"
        assert len(waits) == 1
        assert least <= waits[0] <= most


def test_the_server_may_name_the_time_to_come_back(recording: RecordingServer) -> None:
    recording.answer(503, headers={"Retry-After": formatdate(time.time() + 20, usegmt=True)})
    with waiting(recording.host) as (api, waits):
        assert transcribe(api) == "hello"
        assert 15 <= waits[0] <= 20


def test_waits_double_up_to_eight_seconds_less_a_quarter_by_chance(
    recording: RecordingServer,
) -> None:
    recording.answers_always(503)
    rounds = []
    with waiting(recording.host, retries=6) as (api, waits):
        for _ in range(8):
            with pytest.raises(ServiceException):
                speak(api)
            rounds.append(waits[:])
            waits.clear()
    for spread, longest in zip(zip(*rounds, strict=True), (0.5, 1, 2, 4, 8, 8), strict=True):
        assert 0.75 * longest <= min(spread) < max(spread) <= longest


def test_the_longest_wait_stays_the_same_however_often_a_call_is_retried() -> None:
    policy = RetryPolicy(2000)
    for _ in range(1500):
        policy = policy.increment("POST", "/", error=ProtocolError("broken"))
    assert 6 <= policy.get_backoff_time() <= 8


def test_a_longer_wait_than_a_minute_is_left_to_the_caller(recording: RecordingServer) -> None:
    recording.answers_always(429, {"error": "later"}, {"Retry-After": "3600"})
    with waiting(recording.host) as (api, waits):
        with pytest.raises(TooManyRequestsException, match="later") as failure:
            speak(api)
        assert waits == []
    assert failure.value.retry_after == 3600


@pytest.mark.parametrize(
    ("retries", "requests"),
    [
        (None, 3),
        (True, 3),
        (False, 1),
        (0, 1),
        (1, 2),
        (5, 6),
        (Retry(0), 1),
        (Retry(total=False), 1),
        (Retry(3), 1),
        (Retry(3, status_forcelist=[503]), 4),
        (Retry(3, status=1, status_forcelist=[503]), 2),
        (Retry(3, status_forcelist=[503], raise_on_status=True), 4),
        (Retry(3, status_forcelist=[500]), 1),
        (RetryPolicy(1), 2),
        (RetryPolicy(4, status=2), 3),
    ],
)
def test_retries_are_set_in_every_way_of_urllib3(
    recording: RecordingServer, retries: Any, requests: int
) -> None:
    recording.answers_always(503, {"error": {"message": "the last"}})
    with waiting(recording.host, retries=retries) as (api, _):
        with pytest.raises(ServiceException, match="the last") as failure:
            transcribe(api)
        assert (len(recording.requests), failure.value.attempts) == (requests, requests)


@pytest.mark.parametrize(("retries", "requests"), [(False, 1), (0, 1), (3, 4), (RetryPolicy(1), 2)])
def test_retries_of_one_call_replace_those_of_the_client(
    recording: RecordingServer, retries: Any, requests: int
) -> None:
    recording.answers_always(503)
    with waiting(recording.host, retries=5) as (api, _):
        with pytest.raises(ServiceException) as failure:
            transcribe(api, _retries=retries)
        assert (len(recording.requests), failure.value.attempts) == (requests, requests)
        recording.requests.clear()
        with pytest.raises(ServiceException):
            transcribe(api)
        assert len(recording.requests) == 6


#: What a server may ask for, and how long that is, in seconds; a year stands for what is beyond.
HUGE = {
    "hours": ({"Retry-After": "100000"}, 100_000),
    "hours that are insisted upon": ({"x-should-retry": "true", "Retry-After": "100000"}, 100_000),
    "400 digits": ({"Retry-After": "9" * 400}, 31_536_000),
    "400 digits of milliseconds": ({"retry-after-ms": "9" * 400}, 31_536_000),
    "the year 9999": ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, 31_536_000),
}

#: Policies of this package and of urllib3.
POLICIES = {
    "default": None,
    "urllib3": Retry(2, status_forcelist=[503], backoff_factor=0.5),
    "urllib3 with 503 by default": Retry(2, backoff_factor=0.5),
}


@pytest.mark.parametrize("retries", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize(("headers", "seconds"), HUGE.values(), ids=HUGE)
def test_no_policy_sleeps_for_longer_than_a_minute(
    recording: RecordingServer, headers: dict[str, str], seconds: float, retries: Any
) -> None:
    recording.answers_always(503, {"error": "busy"}, headers)
    with waiting(recording.host, retries=retries) as (api, waits):
        with pytest.raises(ServiceException, match="it was not waited for") as failure:
            transcribe(api)
        assert waits == []
    assert (failure.value.status, failure.value.retry_after) == (503, seconds)


@pytest.mark.parametrize("retries", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "soon"},
        {"Retry-After": "1e300"},
        {"Retry-After": "1_0"},
        {"Retry-After": "inf"},
        {"retry-after-ms": "9e99"},
        {"Retry-After": "Fri, 31 Dec 9999 23:59:59 -9999"},
        {"Retry-After": "Fri, 99 Dec 2026 23:59:59 GMT"},
    ],
    ids=str,
)
def test_a_wait_that_is_none_is_left_out_of_account(
    recording: RecordingServer, headers: dict[str, str], retries: Any
) -> None:
    recording.answers_always(503, {"error": "busy"}, headers)
    with waiting(recording.host, retries=retries) as (api, waits):
        with pytest.raises(ServiceException, match="busy") as failure:
            transcribe(api)
        assert all(wait <= 8 for wait in waits)
    assert (failure.value.status, failure.value.retry_after) == (503, None)


@pytest.mark.parametrize("retries", [-1, "3", 1.5], ids=repr)
def test_what_is_no_number_of_retries_is_refused_at_once(
    recording: RecordingServer, retries: Any
) -> None:
    refused = pytest.raises(ApiValueError, match="how often to retry")
    with refused, client(recording.host, retries=retries):
        pass
    assert recording.requests == []


def test_a_retry_of_urllib3_waits_as_it_is_told_to(recording: RecordingServer) -> None:
    recording.answers_always(503, headers={"Retry-After": "9"})
    settings = {"status_forcelist": [503], "backoff_factor": 1}
    for extra, expected in (({}, [9, 9]), ({"respect_retry_after_header": False}, [0, 2])):
        with waiting(recording.host, retries=Retry(2, **settings, **extra)) as (api, waits):
            with pytest.raises(ServiceException):
                speak(api)
            assert waits == expected


@pytest.mark.parametrize(
    ("script", "requests"),
    [
        (resets_before_request, 0),
        (resets_after_request, 3),
        (closes_without_answer, 3),
    ],
)
def test_broken_connections_are_tried_again(script: Any, requests: int) -> None:
    with RawServer(script) as server, waiting(server.host) as (api, waits):
        with pytest.raises(ApiConnectionException) as failure:
            transcribe(api)
        assert (len(waits), failure.value.attempts, server.connections) == (2, 3, 3)
        assert server.requests_seen == requests


def test_refused_connections_are_tried_again_and_not_late() -> None:
    with refused_port() as port, waiting(f"http://127.0.0.1:{port}") as (api, waits):
        with pytest.raises(ApiConnectionException, match="refused") as failure:
            transcribe(api)
        assert (len(waits), failure.value.attempts) == (2, 3)
        assert not isinstance(failure.value, ApiTimeoutException)


def test_what_was_paid_for_is_not_asked_again() -> None:
    with RawServer(says_nothing) as server, waiting(server.host) as (api, waits):
        with pytest.raises(ApiTimeoutException):
            transcribe(api, _request_timeout=(5, 0.2))
        assert (server.requests_seen, waits) == (1, [])
    with RawServer(truncates()) as server, waiting(server.host) as (api, waits):
        with pytest.raises(ApiConnectionException):
            transcribe(api)
        assert (server.requests_seen, waits) == (1, [])


def test_the_last_answer_is_raised_with_its_body(recording: RecordingServer) -> None:
    for status in (500, 503, 502):
        recording.answer(status, {"error": {"message": f"I am {status}"}}, {"x-request-id": "r"})
    with waiting(recording.host) as (api, _), pytest.raises(ServiceException) as failure:
        transcribe(api)
    shown = failure.value
    assert (shown.status, shown.message, shown.request_id) == (502, "I am 502", "r")
    assert (shown.data, shown.attempts) == ({"error": {"message": "I am 502"}}, 3)
    assert "attempts: 3" in str(shown)


def test_an_answer_after_retries_is_as_any_other(recording: RecordingServer) -> None:
    for _ in range(3):
        recording.answer(503)
        recording.answer(body=b"audio", headers={"Content-Type": "audio/mpeg"})
    with waiting(recording.host) as (api, waits):
        assert speak(api) == b"audio"
        with api.create_speech_streaming(SPEECH) as stream:
            assert stream.read() == b"audio"
        with contextlib.closing(api.create_speech_without_preload_content(SPEECH)) as unread:
            assert unread.read() == b"audio"
            assert len(unread.retries.history) == 1
        assert len(waits) == 3


def test_an_unread_answer_that_was_looked_into_is_still_unread(
    recording: RecordingServer,
) -> None:
    for encoding, body in (
        ({}, json.dumps(QUOTA).encode()),
        ({"Content-Encoding": "gzip"}, PACKED),
    ):
        recording.answer(429, body, encoding)
        with waiting(recording.host) as (api, _):
            answer = api.create_speech_without_preload_content(SPEECH)
            assert (answer.status, json.loads(answer.read())) == (429, QUOTA)


def test_each_retry_is_one_line_of_the_log(
    recording: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    recording.answer(503)
    recording.answer(429, headers={"Retry-After": "3"})
    with waiting(recording.host) as (api, _):
        assert transcribe(api) == "hello"
    first, second = caplog.messages
    assert first.startswith("Retry 1 in 0.")
    assert first.endswith("after a response with 503")
    assert second == "Retry 2 in 3.00 s after a response with 429"


def test_a_token_is_asked_for_anew_at_each_attempt(recording: RecordingServer) -> None:
    recording.answer(503)
    recording.answer(503)
    tokens = (f"sk-test-{number}" for number in itertools.count(1))
    with waiting(recording.host, access_token=lambda: next(tokens)) as (api, _):
        transcribe(api)
    sent = [request.headers["authorization"] for request in recording.requests]
    assert sent == ["Bearer sk-test-1", "Bearer sk-test-2", "Bearer sk-test-3"]


def test_a_retry_really_waits(recording: RecordingServer) -> None:
    recording.answer(503)
    with client(recording.host) as api:
        transcribe(api)
    first, second = recording.requests
    assert 0.37 < second.seconds - first.seconds < 2


def test_an_error_that_never_ends_does_not_hold_up_the_retry() -> None:
    endless = drips(itertools.repeat(32), 0.05, head=b"HTTP/1.1 503 No\r\n\r\n")
    with RawServer(in_turn(endless, replies(OK))) as server, waiting(server.host) as (api, _):
        started = time.monotonic()
        assert transcribe(api) == "hello"
        assert time.monotonic() - started < 2


def test_the_connection_of_a_small_error_is_kept(recording: RecordingServer) -> None:
    recording.answer(503, {"error": "busy"})
    recording.answer(429, {"error": "busy"})
    with waiting(recording.host) as (api, _):
        transcribe(api)
    assert (len(recording.requests), recording.connections) == (3, 1)


# -- bodies -------------------------------------------------------------------------------------

SOUND = WAV + bytes(range(256)) * 3000  # more than a block


class Unseekable(io.RawIOBase):
    """A stream that can be read once, such as a pipe."""

    def __init__(self) -> None:
        self._file = io.BytesIO(SOUND)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._file.readinto(buffer)


@pytest.mark.parametrize("kind", ["path", "file", "buffer", "bytes", "bytearray", "memoryview"])
def test_a_retried_upload_is_the_same_bytes(
    recording: RecordingServer, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(SOUND)
    made = {"path": str, "file": open, "buffer": lambda _: io.BytesIO(SOUND)}
    plain = {"bytes": bytes, "bytearray": bytearray, "memoryview": memoryview}
    file = (
        path.open("rb")
        if kind == "file"
        else (made[kind](path) if kind in made else plain[kind](SOUND))
    )
    start = 0
    if hasattr(file, "seek"):
        start = file.seek(44)
    recording.answer(503)
    recording.answer(429)
    with waiting(recording.host) as (api, _):
        assert transcribe(api, ("sound.wav", file)) == "hello"
    assert len({request.sha256 for request in recording.requests}) == 1
    assert [len(recording.requests), recording.last.chunked] == [3, False]
    contents = [part.content for part in recording.last.form if part.name == "file"]
    assert contents == [SOUND[start:]]
    if hasattr(file, "close"):
        assert not file.closed
        file.close()


def test_an_upload_that_broke_off_is_sent_again_whole() -> None:
    bodies = []

    def keeps(connection: Connection) -> None:
        head, body = connection.read_request()
        kind = next(line for line in head.decode().split("\r\n") if "multipart" in line)
        bodies.extend(parse_form(kind.partition(": ")[2], body))
        connection.send(OK)

    with (
        RawServer(in_turn(resets_during_request(3_000_000), keeps)) as server,
        waiting(server.host) as (api, waits),
    ):
        file = io.BytesIO(b"before" + BIG)
        file.seek(6)
        assert transcribe(api, file) == "hello"
        assert len(waits) == 1
    assert next(part.content for part in bodies if part.name == "file") == BIG


@pytest.mark.parametrize("answer", [whole(503, b"{}"), b""], ids=["busy", "broken"])
def test_what_cannot_be_rewound_is_never_sent_twice(answer: bytes) -> None:
    with (
        RawServer(in_turn(replies(answer), replies(OK))) as server,
        waiting(server.host, retries=5) as (api, waits),
    ):
        with pytest.raises(ApiException) as failure:
            transcribe(api, Unseekable())
        assert (server.requests_seen, waits, failure.value.attempts) == (1, [], 1)
        assert b"transfer-encoding: chunked" in server.heads[0].lower()
        assert transcribe(api) == "hello"
