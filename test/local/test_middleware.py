"""Requests are refused by their headers and their size, and the client sees why."""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest
from local.caller import SENTENCES, Caller, form, heard, next_event, speech
from local.processes import PROC, seconds_of_work, workers
from starlette.datastructures import Headers

from openapiopenai.local import LocalServer
from openapiopenai.local.errors import ApiError
from openapiopenai.local.middleware import host_check

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "sk-test"
MAX_BODY = 400_000
TRANSCRIPTIONS = "/v1/audio/transcriptions"


@pytest.fixture(scope="module")
def strict_server() -> Iterator[LocalServer]:
    """A server with a key and low limits."""
    with LocalServer(
        key=KEY, max_body=MAX_BODY, max_seconds=20, max_characters=4000, max_queue=0
    ) as server:
        yield server


@pytest.fixture(scope="module")
def strict(strict_server: LocalServer) -> Caller:
    """A caller with the key."""
    return Caller(strict_server, {"Authorization": f"Bearer {KEY}"})


@pytest.fixture(scope="module")
def long_mp3(strict: Caller) -> bytes:
    """A recording of five sentences, which takes seconds to recognize."""
    return strict.spoken(" ".join(SENTENCES))


@pytest.fixture(scope="module")
def short_mp3(strict: Caller) -> bytes:
    """A recording of one short sentence."""
    return strict.spoken(SENTENCES[-1])


def test_with_the_key_requests_are_served(strict_server: LocalServer) -> None:
    for scheme in "Bearer", "bearer":
        caller = Caller(strict_server, {"Authorization": f"{scheme} {KEY}"})
        assert caller.speech("Hello.").status == 200


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", f"Basic {KEY}", KEY])
def test_without_a_key_no_request_is_served(strict_server: LocalServer, authorization: str) -> None:
    reply = Caller(strict_server, {"Authorization": authorization}).speech("Hello.")
    assert (reply.status, reply.error["type"]) == (401, "invalid_request_error")
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.headers["x-request-id"]


@pytest.mark.parametrize("key", ["sk-tes", "sk-test2", "SK-TEST", "sk-t\xe9st"])
def test_with_another_key_no_request_is_served(strict_server: LocalServer, key: str) -> None:
    reply = Caller(strict_server, {"Authorization": f"Bearer {key}"}).send("GET", "/unknown")
    assert (reply.status, reply.error["code"]) == (401, "invalid_api_key")
    assert key not in reply.text


def test_without_a_key_of_its_own_the_server_accepts_any(local_server: LocalServer) -> None:
    caller = Caller(local_server, {"Authorization": "Bearer whatever"})
    assert caller.speech("Hello.").status == 200


def test_a_content_length_over_the_limit_is_refused(strict: Caller) -> None:
    reply = strict.transcription(bytes(MAX_BODY))
    assert (reply.status, reply.error["code"]) == (413, "request_too_large")
    assert str(MAX_BODY) in reply.error["message"]


@pytest.mark.parametrize("path", ["/v1/audio/speech", TRANSCRIPTIONS])
def test_a_chunked_body_over_the_limit_is_refused(strict: Caller, path: str) -> None:
    body, headers = speech("a" * MAX_BODY) if path.endswith("speech") else form(bytes(MAX_BODY))
    chunks = (body[start : start + 50_000] for start in range(0, len(body), 50_000))
    reply = strict.send("POST", path, chunks, headers)
    assert (reply.status, reply.error["code"]) == (413, "request_too_large")


def test_the_default_limit_is_25_mib(local_server: LocalServer) -> None:
    caller = Caller(local_server)
    body, headers = form(bytes(26 * 1024 * 1024))
    assert caller.send("POST", TRANSCRIPTIONS, body, headers).status == 413
    body, headers = form(bytes(24 * 1024 * 1024))
    assert caller.send("POST", TRANSCRIPTIONS, body, headers).status == 400  # it is not audio


def test_a_content_length_that_is_no_number_is_refused(strict_server: LocalServer) -> None:
    with closing(socket.create_connection(("127.0.0.1", strict_server.port), 10)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n")
        assert b" 400 " in connection.makefile("rb").readline()


def test_a_recording_that_is_too_long_is_refused(strict: Caller) -> None:
    reply = strict.transcription(strict.spoken("The book is on the table. " * 14))
    assert (reply.status, reply.error["code"]) == (400, "audio_too_long")
    message = re.fullmatch(
        r"audio duration (\d+\.\d{6}) seconds is longer than 20 seconds which is the maximum for "
        "this model",
        reply.error["message"],
    )
    assert message
    assert 20 < float(message[1]) < 40


def test_a_text_over_the_limit_is_refused(strict: Caller) -> None:
    reply = strict.speech("a" * 4001)
    assert (reply.status, reply.error["code"]) == (400, "string_above_max_length")
    assert "4000" in reply.error["message"]


@pytest.mark.parametrize("sized", [True, False])
@pytest.mark.parametrize("key", [KEY, "sk-other"])
def test_a_client_that_closes_the_connection_still_gets_the_refusal(
    strict_server: LocalServer, key: str, *, sized: bool
) -> None:
    body = bytes(20 * MAX_BODY)
    length = f"Content-Length: {len(body)}" if sized else "Transfer-Encoding: chunked"
    lines = ["POST /v1/audio/speech HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"Authorization: Bearer {key}", "Content-Type: application/json", length, "", ""]
    if not sized:
        body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", strict_server.port), 30)) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)
        status = int(connection.makefile("rb").readline().split()[1])
    assert status == (413 if key == KEY else 401)


def _speech_to(host: str) -> tuple[bytes, dict[str, str]]:
    body, headers = speech("Hi.")
    return body, {**headers, "Host": host}


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:1", "localhost", "LOCALHOST:8020", "[::1]:8020", "192.0.2.1", "[::1]"],
)
def test_an_address_or_localhost_is_accepted_as_host(caller: Caller, host: str) -> None:
    assert caller.send("POST", "/v1/audio/speech", *_speech_to(host)).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8020", "127.0.0.1.evil.example", "", "[", "localhost."]
)
def test_another_name_is_refused_as_host(caller: Caller, host: str) -> None:
    reply = caller.send("POST", "/v1/audio/speech", *_speech_to(host))
    assert (reply.status, reply.error["code"]) == (403, "host_not_allowed")
    assert "--host" in reply.error["message"]


def test_the_name_that_the_server_listens_on_is_accepted_as_host() -> None:
    check = host_check("Speech.example")
    check(Headers({"host": "speech.example:8020"}))
    with pytest.raises(ApiError):
        check(Headers({"host": "evil.example:8020"}))


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", ""])
@pytest.mark.parametrize("path", ["/v1/audio/speech", TRANSCRIPTIONS])
def test_pages_of_other_sites_are_refused(caller: Caller, path: str, origin: str) -> None:
    body, headers = speech("Hi.") if path.endswith("speech") else form(b"x")
    reply = caller.send("POST", path, body, {**headers, "Origin": origin})
    assert (reply.status, reply.error["code"]) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in reply.headers


def test_pages_of_other_sites_may_not_ask_in_advance_either(caller: Caller) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    assert caller.send("OPTIONS", "/v1/audio/speech", None, headers).status == 403


def test_the_origin_of_the_server_itself_is_accepted(caller: Caller) -> None:
    body, headers = speech("Hi.")
    headers["Origin"] = f"http://127.0.0.1:{caller.port}"
    assert caller.send("POST", "/v1/audio/speech", body, headers).status == 200


def test_a_full_queue_is_429_with_a_retry_after(
    strict: Caller, long_mp3: bytes, short_mp3: bytes
) -> None:
    with strict.opened("POST", TRANSCRIPTIONS, *form(long_mp3, ("stream", "true"))) as busy:
        next_event(busy)
        reply = strict.transcription(short_mp3)
        speech_meanwhile = strict.speech("Hello.")
        busy.read()
    assert (reply.status, reply.error["code"]) == (429, "rate_limit_exceeded")
    assert reply.error["type"] == "rate_limit_error"
    assert int(reply.headers["retry-after"]) >= 1
    assert speech_meanwhile.status == 200
    assert strict.transcription(short_mp3).json["text"] == heard(SENTENCES[-1])


@pytest.mark.skipif(not PROC.exists(), reason="looks into /proc")
@pytest.mark.parametrize("stream", ["true", "false"])
def test_a_client_that_disconnects_leaves_nothing_running(
    strict: Caller, strict_server: LocalServer, long_mp3: bytes, short_mp3: bytes, stream: str
) -> None:
    (worker,) = workers(strict_server.pid)
    fresh = seconds_of_work(worker)
    assert strict.transcription(long_mp3).status == 200
    before = seconds_of_work(worker)
    with ExitStack() as hung_up:
        request = form(long_mp3, ("stream", stream))
        if stream == "true":
            next_event(hung_up.enter_context(strict.opened("POST", TRANSCRIPTIONS, *request)))
        else:
            _sent_and_left(strict, *request)
    reply = _as_soon_as_served(strict, short_mp3)
    assert reply.json["text"] == heard(SENTENCES[-1])
    # Of five sentences two at most, and the short recording: not all five, and that.
    assert seconds_of_work(worker) - before < 0.85 * (before - fresh)


def _sent_and_left(caller: Caller, body: bytes, headers: dict[str, str]) -> None:
    with closing(socket.create_connection(("127.0.0.1", caller.port), 10)) as connection:
        lines = [
            f"POST {TRANSCRIPTIONS} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Authorization: Bearer {KEY}",
        ]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
        connection.sendall(head.encode() + body)


def _as_soon_as_served(caller: Caller, audio: bytes) -> Any:
    """Return the answer; the place of who hung up is free once his utterance is done."""
    deadline = time.monotonic() + 30
    while (reply := caller.transcription(audio)).status == 429 and time.monotonic() < deadline:
        pass
    return reply


def test_a_client_may_disconnect_while_it_sends(strict: Caller, short_mp3: bytes) -> None:
    with closing(socket.create_connection(("127.0.0.1", strict.port), 10)) as connection:
        head = (
            f"POST {TRANSCRIPTIONS} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n"
        )
        kind = form(None)[1]["Content-Type"]
        head += f"Content-Type: {kind}\r\nContent-Length: 1000\r\n\r\n--boundary\r\n"
        connection.sendall(head.encode())
    assert _as_soon_as_served(strict, short_mp3).json["text"] == heard(SENTENCES[-1])


def test_a_client_may_disconnect_while_it_receives_speech(strict: Caller) -> None:
    text = "The book is on the table. " * 150
    with strict.opened("POST", "/v1/audio/speech", *speech(text, response_format="wav")) as answer:
        answer.read(1000)
    assert strict.speech("Hello.").status == 200
