"""A call ends within its time, whatever the network does."""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import socket
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from calls import BIG, SPEECH, client, speak, transcribe
from urllib3.exceptions import HTTPError
from wire import (
    OK,
    Answer,
    Connection,
    Proxy,
    RawServer,
    RecordingServer,
    Script,
    SocksProxy,
    ca_pem,
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

import openapiopenai
from openapiopenai import (
    ApiException,
    ApiTimeoutException,
    ApiTypeError,
    ApiValueError,
    ServiceException,
)
from openapiopenai._transport.timeouts import parse_timeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LIMIT, BOUND = 0.5, 0.6  # seconds: what is asked for, and what is promised: a fifth more
TRIES = 3  # a loaded machine may be late; the client may not

SPACES = itertools.repeat(32)
AUDIO = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n"
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"


def seconds_of(call: Callable[[], object], failure: type[Exception] = ApiTimeoutException) -> float:
    """Return how long a call takes that fails, the best of a few times."""
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


# -- proxies ------------------------------------------------------------------------------------

TUNNEL = b"HTTP/1.1 200 OK\r\n\r\n"


def tunnels_late(connection: Connection) -> None:
    connection.read_head()
    connection.wait(seconds=0.6)
    connection.send(TUNNEL)
    connection.wait()  # and no handshake follows


def tunnels_to_a_handshake_that_drips(connection: Connection) -> None:
    connection.read_head()
    connection.send(TUNNEL)
    connection.read_some(1)
    drips_a_handshake(connection)


def says(greeting: bytes, answer: Iterable[int] = b"", every: float = 0.1) -> Script:
    """Greet as a SOCKS proxy does at once, and then answer a byte at a time."""

    def script(connection: Connection) -> None:
        connection.read_some(512)
        connection.send(greeting)
        for byte in answer:
            connection.wait(seconds=every)
            connection.send(bytes([byte]))
        connection.wait()

    return script


CONNECTED_5 = bytes([5, 0, 0, 3, 255, *itertools.repeat(97, 255), 0, 80])  # by the longest name
CONNECTED_4 = bytes([0, 90, 0, 80, 127, 0, 0, 1])


@pytest.mark.parametrize(
    ("scheme", "script"),
    [
        pytest.param("http", reads_nothing, id="silent"),
        pytest.param("http", drips(SPACES, 0.1, head=TUNNEL[:-2] + b"X: "), id="drips"),
        pytest.param("http", tunnels_late, id="tunnels late"),
        pytest.param("http", tunnels_to_a_handshake_that_drips, id="handshake drips"),
        pytest.param("https", reads_nothing, id="tls: silent"),
        pytest.param("https", drips(SPACES, 0.1, head=TUNNEL[:-2] + b"X: "), id="tls: drips"),
        pytest.param("https", tunnels_late, id="tls: tunnels late"),
        pytest.param("https", tunnels_to_a_handshake_that_drips, id="tls: handshake drips"),
        pytest.param("socks5h", reads_nothing, id="socks5: silent"),
        pytest.param("socks5h", says(b"", b"\5\0", 0.7), id="socks5: greeting drips"),
        pytest.param("socks5h", says(b"\5\0", CONNECTED_5), id="socks5: answer drips"),
        pytest.param("socks5h", says(b"\5\0" + CONNECTED_5), id="socks5: no handshake"),
        pytest.param("socks4a", reads_nothing, id="socks4: silent"),
        pytest.param("socks4a", says(b"", CONNECTED_4, 0.3), id="socks4: answer drips"),
    ],
)
def test_a_proxy_is_within_the_limit(scheme: str, script: Script) -> None:
    tls = server_context() if scheme == "https" else None
    with RawServer(script, tls=tls) as server:
        settings = {
            "proxy": f"{scheme}://127.0.0.1:{server.port}",
            "ca_cert_data": ca_pem().decode(),
        }
        with client("https://api.test", **settings) as api:
            assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND


def test_an_answer_through_socks_is_within_the_limit() -> None:
    script = drips(SPACES, 0.1, head=AUDIO)
    with (
        RawServer(script) as server,
        SocksProxy() as proxy,
        client(server.host, proxy=proxy.url) as api,
    ):
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND


@contextlib.contextmanager
def tls_in_tls(pause: float) -> Iterator[Any]:
    """Return a client whose responses come through TLS in TLS, a byte after each pause."""

    def answers(connection: Connection) -> None:
        connection.read_request()
        proxy.pause = pause
        connection.send(OK)
        connection.wait()

    with (
        RawServer(answers, tls=server_context()) as server,
        Proxy(tls=server_context()) as proxy,
        client(server.host, proxy=proxy.url, ca_cert_data=ca_pem().decode()) as api,
    ):
        yield api


def test_an_answer_over_tls_in_tls_is_within_the_limit() -> None:
    with tls_in_tls(pause=0.1) as api:
        assert seconds_of(lambda: transcribe(api, _request_timeout=LIMIT)) < BOUND


def test_an_answer_over_tls_in_tls_that_keeps_coming_is_within_a_pair() -> None:
    with tls_in_tls(pause=0.005) as api:
        started = time.monotonic()
        assert transcribe(api, _request_timeout=(5, 0.5)) == "hello"
        assert time.monotonic() - started > 0.5


def test_an_upload_over_tls_in_tls_is_within_the_limit() -> None:
    with (
        Proxy(tls=server_context()) as proxy,
        RawServer(reads_slowly(0.05, block=4096), tls=server_context()) as server,
        client(server.host, proxy=proxy.url, ca_cert_data=ca_pem().decode()) as api,
    ):
        assert seconds_of(lambda: upload(api, _request_timeout=LIMIT)) < BOUND


# -- connecting ---------------------------------------------------------------------------------


def resolves_by(monkeypatch: pytest.MonkeyPatch, resolver: Callable[..., Any]) -> None:
    """Ask another resolver than the system's for names in ``.test``."""
    systems = socket.getaddrinfo

    def resolve(host: str, *more: Any, **named: Any) -> Any:
        return (resolver if host.endswith(".test") else systems)(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def resolves_to(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Let names in ``.test`` stand for these ports of this machine."""
    resolves_by(monkeypatch, lambda *_, **__: found(*ports))


def found(*ports: int) -> list[tuple[Any, ...]]:
    """Return what a resolver gives for a host at these ports of this machine."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]


def test_connecting_is_within_the_limit() -> None:
    with full_backlog() as port, client(f"http://127.0.0.1:{port}") as api:
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT)) < BOUND


@pytest.mark.parametrize(
    ("host", "settings", "limit"),
    [
        ("http://name.test", {}, LIMIT),
        ("https://name.test", {}, (LIMIT, 60.0)),
        ("https://127.0.0.1:1", {"proxy": "http://name.test"}, LIMIT),
        ("https://127.0.0.1:1", {"proxy": "socks5://name.test"}, LIMIT),
        ("http://127.0.0.1:1", {"proxy": "socks4://name.test"}, (LIMIT, 60.0)),
    ],
)
def test_the_addresses_of_a_name_share_the_limit(
    monkeypatch: pytest.MonkeyPatch, host: str, settings: dict[str, str], limit: Any
) -> None:
    with full_backlog() as one, full_backlog() as another:
        resolves_to(monkeypatch, one, another)
        with client(host, retries=False, **settings) as api:
            assert seconds_of(lambda: speak(api, _request_timeout=limit)) < BOUND


def test_the_second_address_of_a_name_has_its_chance(
    monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> None:
    with full_backlog() as port:
        resolves_to(monkeypatch, port, recording.port)
        with client("http://name.test/v1", retries=False) as api:
            assert transcribe(api, _request_timeout=LIMIT) == "hello"


def test_the_second_address_of_a_socks_proxy_has_its_chance(
    monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> None:
    with full_backlog() as port, SocksProxy() as proxy:
        resolves_to(monkeypatch, port, proxy.port)
        with client(recording.host, proxy="socks5h://proxy.test", retries=False) as api:
            assert transcribe(api, _request_timeout=LIMIT) == "hello"


# -- names --------------------------------------------------------------------------------------


class SilentResolver:
    """Answers no question before it is told to, and then each with the same addresses."""

    def __init__(self, *ports: int) -> None:
        self.asked: list[str] = []
        self.asking: set[threading.Thread] = set()
        self._answer = found(*ports)
        self._speaks = threading.Event()

    def __call__(self, host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        self.asking.add(threading.current_thread())
        self._speaks.wait()
        return self._answer

    def speak(self) -> None:
        self._speaks.set()
        for thread in self.asking:
            thread.join()


@pytest.fixture
def resolver(
    monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> Iterator[SilentResolver]:
    silent = SilentResolver(recording.port)
    resolves_by(monkeypatch, silent)
    yield silent
    silent.speak()


@pytest.mark.parametrize(
    ("host", "settings", "name"),
    [
        ("http://name.test", {}, "name"),
        ("https://name.test", {}, "name"),
        ("http://api.test", {"proxy": "http://name.test"}, "name"),
        ("https://api.test", {"proxy": "http://name.test"}, "name"),
        ("https://api.test", {"proxy": "socks5h://name.test"}, "name"),
        ("https://name.test", {"proxy": "socks5://127.0.0.1:1"}, "name"),
        ("http://name.test", {"proxy": "socks4://127.0.0.1:1"}, "name"),
    ],
)
@pytest.mark.parametrize("limit", [LIMIT, (LIMIT, 60.0)], ids=["whole", "pair"])
def test_looking_up_a_name_is_within_the_limit(
    resolver: SilentResolver, host: str, settings: dict[str, str], name: str, limit: Any
) -> None:
    with client(host, retries=False, **settings) as api:
        assert seconds_of(lambda: speak(api, _request_timeout=limit)) < BOUND
        with pytest.raises(ApiTimeoutException, match=rf"resolving {name}\.test"):
            speak(api, _request_timeout=0.1)
    assert set(resolver.asked) == {"name.test"}


def test_a_resolver_that_is_down_is_asked_once_for_a_name(resolver: SilentResolver) -> None:
    with client("http://name.test/v1") as api, client("http://other.test/v1") as other:
        for late in (api, other, api, other):
            with pytest.raises(ApiTimeoutException):
                transcribe(late, _request_timeout=0.05)
        assert sorted(resolver.asked) == ["name.test", "other.test"]
        resolver.speak()
        assert [transcribe(api), transcribe(other)] == ["hello", "hello"]
    assert len(resolver.asked) == 2


def test_an_answer_that_is_late_for_one_try_serves_the_next(resolver: SilentResolver) -> None:
    with client("http://name.test/v1") as api:
        api.api_client.rest_client.sleep = lambda _: resolver.speak()
        assert transcribe(api, _request_timeout=(0.1, 60)) == "hello"
    assert resolver.asked == ["name.test"]


def test_each_connection_looks_its_name_up(resolver: SilentResolver) -> None:
    resolver.speak()
    for number in (1, 2):
        with client("http://name.test/v1") as api:
            assert [transcribe(api), transcribe(api)] == ["hello", "hello"]
        assert len(resolver.asked) == number


def test_an_answer_that_comes_too_late_is_let_go_in_silence(
    resolver: SilentResolver, capfd: pytest.CaptureFixture[str]
) -> None:
    with client("http://name.test") as api, pytest.raises(ApiTimeoutException):
        speak(api, _request_timeout=0.05)
    resolver.speak()
    assert not any(thread.is_alive() for thread in resolver.asking)
    assert capfd.readouterr() == ("", "")


def test_only_a_name_is_looked_up_in_a_thread(
    monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> None:
    asking: dict[str, threading.Thread] = {}
    systems = socket.getaddrinfo

    def resolve(host: str, *more: Any, **named: Any) -> Any:
        asking[host] = threading.current_thread()
        return found(recording.port) if "test" in host else systems(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    for host in ("127.0.0.1", "localhost", "name.test"):
        with client(f"http://{host}:{recording.port}/v1") as api:
            assert transcribe(api) == "hello"
    here = threading.current_thread()
    assert {host: thread is here for host, thread in asking.items()} == {
        "127.0.0.1": True,
        "localhost": True,
        "name.test": False,
    }
    assert asking["name.test"].daemon


def test_a_name_is_looked_up_even_where_no_thread_is_to_be_had(
    monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> None:
    start = threading.Thread.start

    def cannot(thread: threading.Thread) -> None:
        if thread.name.startswith("resolving"):
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", cannot)
    resolves_to(monkeypatch, recording.port)
    with client("http://name.test/v1") as api:
        assert transcribe(api) == "hello"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_asks_anew(
    resolver: SilentResolver, monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> None:
    with client("http://name.test/v1", retries=False) as api:
        with pytest.raises(ApiTimeoutException):
            transcribe(api, _request_timeout=0.05)
        with monkeypatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads: on purpose
            patch.setattr(socket, "getaddrinfo", lambda *_, **__: found(recording.port))
            child = os.fork()
            if not child:
                os._exit(transcribe(api, _request_timeout=10) != "hello")
        assert os.waitpid(child, 0) == (child, 0)
    assert resolver.asked == ["name.test"]


NEVER_ANSWERED = """
import socket, sys, threading
sys.path.insert(0, {here!r})
import openapiopenai
socket.getaddrinfo = lambda *_, **__: threading.Event().wait()
settings = openapiopenai.Configuration("http://name.test", access_token="sk-test", timeout=0.2)
try:
    with openapiopenai.ApiClient(settings) as client:
        openapiopenai.AudioApi(client).create_transcription(b"RIFF", "whisper-1")
except openapiopenai.ApiTimeoutException:
    print("late")
"""


def test_a_resolver_that_never_answers_keeps_no_interpreter_from_ending() -> None:
    source = NEVER_ANSWERED.format(here=str(Path(openapiopenai.__file__).parents[1]))
    command = [sys.executable, "-I", "-X", "dev", "-c", source]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr, done.returncode) == ("late\n", "", 0)


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
)
def test_a_limit_that_is_none_is_refused_before_anything_is_sent(
    recording: RecordingServer, value: Any
) -> None:
    with client(recording.host) as api:
        for call in (speak, transcribe, stream_speech, stream_transcript):
            with pytest.raises((ApiTypeError, ApiValueError)):
                call(api, _request_timeout=value)
    with pytest.raises((ApiTypeError, ApiValueError)), client(recording.host, timeout=value):
        pass
    assert recording.connections == 0


@pytest.mark.parametrize("value", [1e-3 + 10, 10**400, 1e308, (1e308, 10**10)])
def test_a_limit_may_be_very_long(recording: RecordingServer, value: Any) -> None:
    with client(recording.host, timeout=value) as api:
        assert transcribe(api) == "hello"


def test_the_limits_are_finite_where_none_are_given() -> None:
    default = parse_timeout(None)
    assert (default.connect_timeout, default.read_timeout) == (5, 600)


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


def test_a_token_that_comes_too_late_is_not_sent(recording: RecordingServer) -> None:
    def token() -> str:
        time.sleep(LIMIT)  # which nothing can interrupt
        return "sk-test"

    with client(recording.host, access_token=token) as api:
        with pytest.raises(ApiTimeoutException) as failure:
            transcribe(api, _request_timeout=LIMIT / 2)
        assert failure.value.attempts == 1
    assert recording.requests == []


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
        # the last answer; or, by chance, a wait leaves a try that is too short for one
        assert seconds_of(lambda: speak(api, _request_timeout=LIMIT), ApiException) < BOUND


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
