"""A call ends within its time, whatever the network does."""

from __future__ import annotations

import contextlib
import itertools
import math
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest
from calls import BIG, SPEECH, client, speak, transcribe
from pydantic import ValidationError
from urllib3.exceptions import HTTPError
from wire import (
    OK,
    Answer,
    Connection,
    RawServer,
    RecordingServer,
    Script,
    SocksProxy,
    drips,
    full_backlog,
    in_turn,
    reads_nothing,
    reads_slowly,
    replies,
    says_nothing,
    server_context,
    whole,
)

from openapiopenai import ApiTimeoutException, ApiTypeError, ApiValueError, ServiceException
from openapiopenai.deadline import limit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT, BOUND = 1.0, 1.2  # seconds: what is asked for, and what is promised
TRIES = 3  # a loaded machine may be late; the client may not

SPACES = itertools.repeat(32)
AUDIO = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n"
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"


def seconds_of(call: Callable[[], object], failure: type[Exception] = ApiTimeoutException) -> float:
    """:return: how long a call takes that fails, the best of a few times."""
    best = math.inf
    for _ in range(TRIES):
        started = time.monotonic()
        with pytest.raises(failure):
            call()
        best = min(best, time.monotonic() - started)
        if best < BOUND:
            break
    return best


def stream_speech(api: Any, **options: Any) -> None:
    with api.create_speech_streaming(SPEECH, **options) as stream:
        stream.read()


def stream_transcript(api: Any, **options: Any) -> None:
    with api.create_transcription_streaming(BIG[:100], "whisper-1", **options) as stream:
        list(stream)


def upload(api: Any, **options: Any) -> None:
    transcribe(api, BIG, **options)


def drips_a_handshake(connection: Connection) -> None:
    connection.send(b"\x16\x03\x03\x40\x00")  # a record of 16 KB, byte by byte
    for byte in SPACES:
        connection.wait(seconds=0.1)
        connection.send(bytes([byte]))


@pytest.mark.parametrize(
    ("call", "script"),
    [
        pytest.param(upload, reads_nothing, id="upload that nobody reads"),
        pytest.param(upload, reads_slowly(0.05, block=4096), id="upload that is read slowly"),
        pytest.param(transcribe, says_nothing, id="silence"),
        pytest.param(transcribe, drips(SPACES, 0.1, head=b""), id="status line drips"),
        pytest.param(transcribe, drips(SPACES, 0.1, head=AUDIO[:-2] + b"X: "), id="header drips"),
        pytest.param(transcribe, drips(SPACES, 0.1, head=JSON), id="transcript drips"),
        pytest.param(speak, drips(SPACES, 0.1, head=AUDIO), id="speech drips"),
        pytest.param(stream_speech, drips(SPACES, 0.1, head=AUDIO), id="streamed speech drips"),
        pytest.param(stream_transcript, drips(SPACES, 0.1, head=EVENTS), id="events drip"),
    ],
)
def test_a_call_ends_within_its_limit(call: Callable[..., None], script: Script) -> None:
    with RawServer(script) as server, client(server.host) as api:
        assert seconds_of(lambda: call(api, _request_timeout=LIMIT)) < BOUND


def test_the_limit_of_the_client_is_over_the_whole_call_too() -> None:
    script = drips(SPACES, 0.1, head=JSON)
    with RawServer(script) as server, client(server.host, timeout=LIMIT) as api:
        assert seconds_of(lambda: transcribe(api)) < BOUND


def test_the_limit_of_a_call_wins_over_the_clients(recording: RecordingServer) -> None:
    with client(recording.host, timeout=1e-9) as api:
        assert transcribe(api, _request_timeout=5) == "hello"


def test_an_unread_answer_keeps_the_limit() -> None:
    def read(api: Any) -> None:
        answer = api.create_speech_without_preload_content(SPEECH, _request_timeout=LIMIT)
        with contextlib.closing(answer):
            answer.read()

    with RawServer(drips(SPACES, 0.1, head=AUDIO)) as server, client(server.host) as api:
        assert seconds_of(lambda: read(api), HTTPError) < BOUND


@pytest.mark.parametrize("script", [reads_nothing, drips_a_handshake], ids=["hangs", "drips"])
def test_a_tls_handshake_is_within_the_limit(script: Script) -> None:
    with RawServer(script) as server, client(f"https://127.0.0.1:{server.port}") as api:
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND


def test_an_upload_over_tls_is_within_the_limit() -> None:
    slow = reads_slowly(0.05, block=4096)
    small = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)]  # so that little is sent at a time
    with (
        RawServer(slow, tls=server_context()) as server,
        client(server.host, verify_ssl=False, socket_options=small) as api,
        pytest.warns(match="Unverified HTTPS"),
    ):
        assert seconds_of(lambda: upload(api, _request_timeout=LIMIT)) < BOUND


def tunnels_late(connection: Connection) -> None:
    connection.read_head()
    connection.wait(seconds=0.6)
    connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
    connection.wait()  # and no handshake follows


@pytest.mark.parametrize(
    ("scheme", "script"),
    [
        ("http", reads_nothing),
        ("http", drips(SPACES, 0.1, head=b"HTTP/1.1 200 OK\r\nX: ")),
        ("http", tunnels_late),
        ("socks5h", reads_nothing),
    ],
    ids=["silent", "drips", "tunnels late", "socks"],
)
def test_a_proxy_is_within_the_limit(scheme: str, script: Script) -> None:
    with (
        RawServer(script) as server,
        client("https://api.test", proxy=f"{scheme}://127.0.0.1:{server.port}") as api,
    ):
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND


def test_an_answer_through_socks_is_within_the_limit() -> None:
    script = drips(SPACES, 0.1, head=AUDIO)
    with (
        RawServer(script) as server,
        SocksProxy() as proxy,
        client(server.host, proxy=proxy.url) as api,
    ):
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND


# -- connecting ---------------------------------------------------------------------------------


def resolves_to(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Let every name stand for these ports of this machine."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_connecting_is_within_the_limit() -> None:
    with full_backlog() as port, client(f"http://127.0.0.1:{port}") as api:
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND


@pytest.mark.parametrize(("scheme", "limit"), [("http", LIMIT), ("https", (LIMIT, 60.0))])
def test_the_addresses_of_a_name_share_the_limit(
    monkeypatch: pytest.MonkeyPatch, limit: Any, scheme: str
) -> None:
    with full_backlog() as one, full_backlog() as another:
        resolves_to(monkeypatch, one, another)
        with client(f"{scheme}://name.test", retries=False) as api:
            assert seconds_of(lambda: speak(api, _request_timeout=limit)) < BOUND


def test_the_second_address_of_a_name_has_its_chance(
    monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> None:
    with full_backlog() as port:
        resolves_to(monkeypatch, port, recording.port)
        with client("http://name.test/v1", retries=False) as api:
            assert transcribe(api, _request_timeout=LIMIT) == "hello"


# -- pairs --------------------------------------------------------------------------------------


def test_a_pair_limits_connecting_and_each_wait() -> None:
    with full_backlog() as port, client(f"http://127.0.0.1:{port}", retries=False) as api:
        assert 0.3 <= seconds_of(lambda: speak(api, _request_timeout=(0.3, 60))) < 1
    with RawServer(says_nothing) as server, client(server.host) as api:
        assert 0.3 <= seconds_of(lambda: speak(api, _request_timeout=(60, 0.3))) < 1


def test_a_pair_limits_no_whole_call() -> None:
    body = b'{"text": "hello"}'
    with RawServer(drips(body, 0.05)) as server, client(server.host) as api:
        started = time.monotonic()
        assert transcribe(api, _request_timeout=(0.5, 0.5)) == "hello"
        assert time.monotonic() - started > 0.5


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_sending_is_not_held_to_the_limit_of_connecting(tls: bool) -> None:  # noqa: FBT001
    def stalls(connection: Connection) -> None:
        connection.wait(seconds=0.7)
        replies(OK)(connection)

    with (
        RawServer(stalls, tls=server_context() if tls else None) as server,
        client(server.host, retries=False, verify_ssl=False) as api,
        pytest.warns(match="Unverified") if tls else contextlib.nullcontext(),
    ):
        assert transcribe(api, BIG, _request_timeout=(0.3, 10)) == "hello"


# -- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, 0.0, math.nan, math.inf, -math.inf, True, "1", b"1", object()),
        *((), (1,), (1, 1, 1), (0, 1), (1, -1), (1, math.nan), (True, 1), (1, "1"), (1, None)),
    ],
    ids=repr,
)
def test_a_limit_that_is_none_is_refused_before_anything_is_sent(
    recording: RecordingServer, value: Any
) -> None:
    with client(recording.host) as api:
        for call in (speak, transcribe, stream_speech, stream_transcript):
            with pytest.raises((ApiTypeError, ApiValueError, ValidationError)):
                call(api, _request_timeout=value)
    with client(recording.host, timeout=value) as api, pytest.raises((TypeError, ValueError)):
        speak(api)
    assert recording.connections == 0


@pytest.mark.parametrize("value", [1e-3 + 10, 10**400, 1e308, (1e308, 10**10)])
def test_a_limit_may_be_very_long(recording: RecordingServer, value: Any) -> None:
    with client(recording.host, timeout=value) as api:
        assert transcribe(api) == "hello"


def test_the_limits_are_finite_where_none_are_given() -> None:
    default = limit_of(None, time.monotonic)
    assert (default.connect_timeout, default.read_timeout, default.next_wait()) == (5, 600, 600)


def test_a_limit_holds_for_one_call_on_a_kept_connection() -> None:
    def late(connection: Connection) -> None:
        connection.read_request()
        connection.send(OK)
        connection.read_request()
        connection.wait(seconds=0.8)
        connection.send(OK)

    with RawServer(late) as server, client(server.host, retries=False) as api:
        assert transcribe(api, _request_timeout=0.5) == "hello"
        assert transcribe(api) == "hello"
        assert server.connections == 1


# -- waits between retries ----------------------------------------------------------------------


def test_a_wait_that_is_longer_than_the_limit_is_not_begun(recording: RecordingServer) -> None:
    recording.answers_always(503, {"error": {"message": "busy"}}, {"Retry-After": "30"})
    with client(recording.host, retries=5) as api:
        started = time.monotonic()
        with pytest.raises(ServiceException, match="busy") as failure:
            transcribe(api, _request_timeout=LIMIT)
        assert time.monotonic() - started < LIMIT
    assert (failure.value.retry_after, failure.value.attempts) == (30, 1)
    assert len(recording.requests) == 1


def test_retries_end_within_the_limit(recording: RecordingServer) -> None:
    recording.answers_always(503, {"error": {"message": "busy"}})
    with client(recording.host, retries=20) as api:
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT), ServiceException) < BOUND


def test_a_retry_has_only_what_is_left_of_the_limit() -> None:
    busy = replies(whole(503, b"{}", {"Retry-After": "0.3"}))
    with RawServer(in_turn(busy, says_nothing)) as server, client(server.host) as api:
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND
        assert server.requests_seen >= 2


# -- sockets ------------------------------------------------------------------------------------

KEEPALIVE = (socket.SOL_SOCKET, socket.SO_KEEPALIVE)
NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY)


@contextlib.contextmanager
def open_socket(host: str, **settings: Any) -> Iterator[socket.socket]:
    with client(host, **settings) as api:
        answer = api.create_speech_without_preload_content(SPEECH)
        with contextlib.closing(answer):
            yield answer.connection.sock  # type: ignore[union-attr,misc]


@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "socks"])
def test_every_connection_is_kept_alive_and_without_delay(proxied: bool) -> None:  # noqa: FBT001
    with RecordingServer() as server, SocksProxy() as proxy:
        server.answers_always(Answer(body=b"audio"))
        via = {"proxy": proxy.url} if proxied else {}
        with open_socket(server.host, **via) as opened:
            assert opened.getsockopt(*KEEPALIVE)
            assert opened.getsockopt(*NODELAY)
            assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 60


def test_socket_options_of_the_callers_own_take_their_place(recording: RecordingServer) -> None:
    recording.answers_always(Answer(body=b"audio"))
    with open_socket(recording.host, socket_options=[(*KEEPALIVE, 0)]) as opened:
        assert not opened.getsockopt(*KEEPALIVE)
        assert not opened.getsockopt(*NODELAY)
