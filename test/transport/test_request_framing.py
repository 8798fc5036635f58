"""What leaves is the request as its length announces it; what a call raises is ours."""

from __future__ import annotations

import contextlib
import io
import itertools
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV, client, served, transcribe
from wire import OK, Connection, RecordingServer, in_turn, replies

from openapiopenai import (
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiValueError,
    OpenApiException,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openapiopenai import AudioApi

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

# -- bodies -------------------------------------------------------------------------------------


class Overflowing(io.BytesIO):
    """A recording whose ``read`` returns more than was requested."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size) + b"POST /smuggled HTTP/1.1\r\n\r\n" if size else b""


class NeverEnding(io.BytesIO):
    """A recording that always has as much as is requested."""

    def read(self, size: int | None = -1, /) -> bytes:
        return bytes(size or 0)


class Received:
    """A script that counts what follows the head of a request."""

    def __init__(self) -> None:
        self.announced: list[int] = []
        self.bodies: list[bytearray] = []

    def __call__(self, connection: Connection) -> None:
        head = connection.read_head().lower()
        body = bytearray()
        self.bodies.append(body)
        self.announced.append(int(head.partition(b"content-length: ")[2].split(b"\r\n")[0]))
        while block := connection.read_some(100_000):
            body += block


@pytest.mark.parametrize("kind", [Overflowing, NeverEnding])
def test_nothing_leaves_beyond_the_length(way: str, kind: type[io.BytesIO]) -> None:
    received = Received()
    recording = WAV + bytes(1_000_000)
    with served(way, received) as (api, server):
        with pytest.raises(ApiValueError):
            transcribe(api, ("a.wav", kind(recording)))
        assert server.wait_for(lambda: not server.open_connections)
    for announced, body in zip(received.announced, received.bodies, strict=True):
        assert len(body) <= announced
        assert b"smuggled" not in body
    assert len(received.bodies) <= 1


def test_what_is_sent_is_as_long_as_announced(way: str) -> None:
    lengths = []

    def measures(connection: Connection) -> None:
        head, body = connection.read_request()
        lengths.append((b"content-length: %d\r\n" % len(body)) in head.lower())
        connection.send(OK)

    with served(way, measures) as (api, _):
        assert transcribe(api, io.BytesIO(WAV + bytes(1_000_000))) == "hello"
    assert lengths == [True]


# -- framing headers are the client's -----------------------------------------------------------

CALLS: dict[str, Callable[..., object]] = {
    "form": lambda api, headers: transcribe(api, _headers=headers),
    "JSON": lambda api, headers: api.create_speech(SPEECH, _headers=headers),
    "unread": lambda api, headers: api.create_speech_without_preload_content(
        SPEECH, _headers=headers
    ),
    "call_api": lambda api, headers: api.api_client.call_api(
        "POST", api.api_client.configuration.host, headers, body=b"abc"
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("Transfer-Encoding", "chunked"), ("Content-Length", "3"), ("CONTENT-LENGTH", "0")],
)
def test_a_header_that_frames_the_body_is_refused(
    recording: RecordingServer, api: AudioApi, call: Any, name: str, value: str
) -> None:
    with pytest.raises(ApiValueError, match=f"{name.lower()}.*leave it out"):
        call(api, {name: value})
    api.api_client.set_default_header(name, value)
    if call is not CALLS["call_api"]:  # which sends no headers but those that are given
        with pytest.raises(ApiValueError, match=f"{name.lower()}.*leave it out"):
            call(api, None)
    assert recording.connections == 0


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_framing_header_cannot_be_removed(
    recording: RecordingServer, api: AudioApi, call: Any
) -> None:
    with contextlib.suppress(ApiDecodeException):  # the response is a transcript
        call(api, {"Content-Length": None, "Transfer-Encoding": None})
    assert recording.last.headers["content-length"] == str(len(recording.last.body))


# -- nothing else leaves a call -----------------------------------------------------------------


@pytest.mark.parametrize("method", ["", "GET\r\nX: y", "G ET", "GÉT", None, b"GET", 5])
def test_a_method_that_is_none_is_refused(
    recording: RecordingServer, api: AudioApi, method: Any
) -> None:
    with pytest.raises(ApiValueError, match="pass the name of an HTTP method"):
        api.api_client.call_api(method, recording.host)
    assert recording.connections == 0


@pytest.mark.parametrize(
    "url", ["", "nowhere", "http://", "http://[::1", "ftp://a/", "http://a b/", "http://a:99999/"]
)
def test_a_url_that_is_none_is_refused(api: AudioApi, url: str) -> None:
    with pytest.raises(ApiValueError, match="url "):
        api.api_client.call_api("GET", url)


def test_a_value_that_contains_itself_is_our_error(api: AudioApi) -> None:
    endless: dict[str, Any] = {}
    endless["endless"] = endless
    for call in (transcribe, lambda api, **options: api.create_speech(SPEECH, **options)):
        with pytest.raises(OpenApiException):
            call(api, _extra_fields=endless)


@pytest.mark.parametrize("error", [ValueError, OverflowError, RecursionError, LookupError])
def test_what_a_callers_token_raises_is_our_error(
    recording: RecordingServer, error: type[Exception]
) -> None:
    def token() -> str:
        raise error("sk-secret")

    with client(recording.host, access_token=token) as api:
        with pytest.raises(OpenApiException) as failure:
            transcribe(api)
        assert "sk-secret" not in str(failure.value)
        assert isinstance(failure.value.__cause__, error)
    assert recording.requests == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_interrupt_leaves_a_call_as_it_is(
    recording: RecordingServer, error: type[BaseException]
) -> None:
    def token() -> str:
        raise error

    with client(recording.host, access_token=token) as api, pytest.raises(error):
        transcribe(api)


# -- what comes in is bounded -------------------------------------------------------------------


@pytest.mark.parametrize("size", [b"-1", b"-5", b"%x" % 300_000_000, b"f" * 15])
def test_the_size_of_a_chunk_does_not_go_round_the_limit(way: str, size: bytes) -> None:
    sent = 0

    def floods(connection: Connection) -> None:
        nonlocal sent
        connection.read_request()
        connection.send(CHUNKED + size + b"\r\n")
        for _ in itertools.repeat(None, 300):
            connection.send(bytes(1_000_000))
            sent += 1_000_000

    with served(way, in_turn(floods, replies(OK))) as (api, _):
        api.api_client.configuration.largest_answer = 1_000_000
        tracemalloc.start()
        with pytest.raises(ApiException):
            transcribe(api)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert transcribe(api) == "hello"
    assert peak < 40_000_000  # the server's million bytes among them
    assert sent < 60_000_000


def test_a_failed_read_of_a_body_is_no_success(way: str) -> None:
    with (
        served(way, replies(CHUNKED + b"-5\r\nhello")) as (api, _),
        pytest.raises(ApiConnectionException, match="broke off"),
    ):
        transcribe(api)
