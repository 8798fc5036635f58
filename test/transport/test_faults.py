"""What servers and networks do to a call: which error it becomes, and that the next call works."""

from __future__ import annotations

import gzip
import json
import pickle
import socket
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from calls import BIG, SPEECH, WAYS, client, served, speak, transcribe
from wire import (
    OK,
    RawServer,
    RecordingServer,
    Script,
    closes,
    closes_without_answer,
    early_answer,
    full_backlog,
    in_turn,
    refused_port,
    replies,
    resets_after_request,
    resets_before_request,
    resets_during_request,
    resets_in_answer,
    server_context,
    truncates,
    truncates_chunked,
    whole,
)

from openapiopenai import (
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiTimeoutException,
    BadRequestException,
    PayloadTooLargeException,
    ServiceException,
    TooManyRequestsException,
    UnauthorizedException,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 2.0  # that no fault may take; nothing here has to be waited for


def upload(api: Any) -> str:
    return transcribe(api, BIG)


def stream(api: Any) -> bytes:
    with api.create_speech_streaming(SPEECH) as made:
        return made.read()


def events(api: Any) -> str:
    with api.create_transcription_streaming(BIG[:100], "whisper-1") as made:
        return "".join(event.text for event in made)


class Fault(NamedTuple):
    """What a server does; the error of the call, a part of its text, and the requests it takes."""

    name: str
    script: Script
    error: type[ApiException]
    says: str
    requests: int = 1
    call: Callable[[Any], Any] = transcribe
    ways: tuple[str, ...] = WAYS


class Quirk(NamedTuple):
    """What a server does that a call bears; and what it gives."""

    name: str
    script: Script
    gives: Any = "hello"
    requests: int = 1
    seconds: float = SECONDS


def head(*lines: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, *lines, "", ""]).encode("latin-1")


def says(body: Any, kind: str | None = "application/json", **headers: str) -> Script:
    """Answer 200 with this body."""
    pairs = {name.replace("_", "-"): value for name, value in headers.items()}
    named = {} if kind is None else {"Content-Type": kind}
    return replies(whole(200, body, {**named, **pairs}))


def raw(*parts: bytes) -> Script:
    return replies(b"".join(parts))


CHUNKED = head("Content-Type: application/json", "Transfer-Encoding: chunked")
TEXT = b'{"text": "hello"}'
OF_TEXT = f"Content-Length: {len(TEXT)}"
JSON = "application/json"
GZIPPED = gzip.compress(TEXT)
RAW_DEFLATE = zlib.compressobj(wbits=-15)
DEEP = b"[" * 100_000
PAGE = "<!DOCTYPE html><html><head><title>Bad gateway</title></head></html>"

#: A proxy that is reset while it sends may lose the response that came before.
NO_RELAY = ("plain", "tls")

Lost, Unread = ApiConnectionException, ApiDecodeException

FAULTS = [
    # connections
    Fault("closed at once", closes, Lost, "", 0),
    Fault("reset at once", resets_before_request, Lost, "", 0),
    Fault("reset during the upload", resets_during_request(1000), Lost, "", 3, upload),
    Fault("reset after the request", resets_after_request, Lost, "closed before", 3),
    Fault("closed after the request", closes_without_answer, Lost, "closed before", 3),
    Fault("reset in the status line", resets_in_answer(OK, 7), Lost, "", 3),
    Fault("reset in the header", resets_in_answer(OK, 30), Lost, "", 3),
    Fault("reset in the body", resets_in_answer(OK, len(OK) - 3), Lost, ""),
    Fault("reset in streamed speech", resets_in_answer(OK, len(OK) - 3), Lost, "", 1, stream),
    Fault(
        *("early 413", early_answer(413, {"error": "big"}), PayloadTooLargeException, "big", 1),
        *(upload, NO_RELAY),
    ),
    Fault(
        *("early 413, drained", early_answer(413, {"error": "big"}, drains=True)),
        *(PayloadTooLargeException, "big", 1, upload),
    ),
    Fault(
        *("early 401", early_answer(401, {"error": "who"}), UnauthorizedException, "who", 1),
        *(upload, NO_RELAY),
    ),
    # framing
    Fault("too short", truncates(), Lost, "13 of 23 bytes"),
    Fault(
        "speech too short",
        truncates(b"au", content_type="audio/mpeg"),
        Lost,
        "2 of 12 bytes",
        1,
        speak,
    ),
    Fault(
        "stream too short",
        truncates(b"au", content_type="audio/mpeg"),
        Lost,
        "2 of 12 bytes",
        1,
        stream,
    ),
    Fault(
        "events too short",
        truncates(b"data", content_type="text/event-stream"),
        Lost,
        "",
        1,
        events,
    ),
    Fault("no last chunk", truncates_chunked(), Lost, "after 13 bytes"),
    Fault("stream without last chunk", truncates_chunked(content_type="a/b"), Lost, "", 1, stream),
    Fault("cut in a chunk", raw(CHUNKED, b'20\r\n{"te'), Lost, "after 4 bytes"),
    Fault("cut in the size of a chunk", raw(CHUNKED, b"2"), Lost, ""),
    Fault("size of a chunk: zz", raw(CHUNKED, b"zz\r\n", TEXT), Lost, "after 0 bytes"),
    Fault("size of a chunk: none", raw(CHUNKED, b"\r\n", TEXT), Lost, ""),
    Fault("size of a chunk: huge", raw(CHUNKED, b"f" * 30 + b"\r\n", TEXT), Lost, ""),
    Fault("size of a chunk: without end", raw(CHUNKED, b"1" * 100_000), Lost, ""),
    Fault("length: beyond memory", raw(head(f"Content-Length: {10**15}"), TEXT), Lost, "17 of 10"),
    Fault("nothing but a status line", raw(b"HTTP/1.1 200 OK\r\n"), Lost, "closed before", 3),
    Fault("nothing but a line end", raw(b"\r\n\r\n"), Lost, "", 3),
    Fault("status: not HTTP", raw(b"SSH-2.0-OpenSSH_9\r\n\r\n"), Lost, "SSH-2.0", 3),
    Fault("status: not a number", raw(head(status="HTTP/1.1 OK OK")), Lost, "OK OK", 3),
    Fault("status: out of range", raw(head(status="HTTP/1.1 1000 No")), Lost, "1000", 3),
    Fault("status: HTTP/2", raw(b"\0\0\x12\x04\0\0\0\0\0"), Lost, "", 3),
    Fault("status: TLS alert", raw(b"\x15\x03\x01\0\x02\x02\x46"), Lost, "", 3),
    Fault("status line without end", raw(b"HTTP/1.1 200 " + b"O" * 1_000_000), Lost, "line", 3),
    Fault("101 headers", raw(head(*["X: y"] * 101)), Lost, "100 headers", 3),
    Fault("100 000 headers", raw(head(*["X: y"] * 100_000)), Lost, "100 headers", 3),
    Fault("a header of 1 MB", raw(head("X: " + "y" * 1_000_000)), Lost, "header line", 3),
    Fault("a header without end", raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000), Lost, "line", 3),
    Fault("two lengths", raw(head("Content-Length: 5, 6"), TEXT), Lost, "'5, 6'", 3),
    Fault("a length that is none", raw(head("Content-Length: x"), TEXT), Lost, "'x'", 3),
    Fault("size of a chunk: negative", raw(CHUNKED, b"-5\r\n", TEXT), Lost, ""),
    Fault("size of a chunk: of Python", raw(CHUNKED, b"1_1\r\n", TEXT), Lost, ""),
    Fault("two codings", raw(head("Transfer-Encoding: gzip, chunked"), TEXT), Lost, "gzip", 3),
    Fault("101", raw(head("Upgrade: x", status="HTTP/1.1 101 No")), ApiException, "(101)"),
    # encodings
    Fault("gzip that is none", says(TEXT, Content_Encoding="gzip"), Unread, "decompress"),
    Fault("deflate that is none", says(TEXT, Content_Encoding="deflate"), Unread, "decompress"),
    Fault(
        "broken gzip",
        says(GZIPPED[:12] + b"??" + GZIPPED[14:], Content_Encoding="gzip"),
        Unread,
        "",
    ),
    Fault("half a gzip", says(GZIPPED[:20], Content_Encoding="gzip"), Unread, ""),
    Fault("a gzip without its end", says(GZIPPED[:-4], Content_Encoding="gzip"), Unread, "cut"),
    Fault("br", says(GZIPPED, Content_Encoding="br"), Unread, "'br'"),
    Fault("zstd for speech", says(GZIPPED, Content_Encoding="zstd"), Unread, "'zstd'", 1, speak),
    Fault("an unknown encoding", says(GZIPPED, Content_Encoding="rot13"), Unread, ""),
    Fault(
        "an error in a broken gzip",
        replies(whole(400, TEXT, {"Content-Encoding": "gzip"})),
        BadRequestException,
        "(400)",
    ),
    # contents
    Fault("HTML with 200", says(PAGE, "text/html"), Unread, "Bad gateway"),
    Fault("HTML for speech", says(PAGE, "text/html"), Unread, "not audio", 1, speak),
    Fault("HTML for streamed speech", says(PAGE, "text/html"), Unread, "not audio", 1, stream),
    Fault("HTML for events", says(PAGE, "text/html"), Unread, "", 1, events),
    Fault(
        "HTML with 502",
        replies(whole(502, PAGE, {"Connection": "close"})),
        ServiceException,
        "Bad gateway",
        3,
    ),
    Fault("null", says(b"null"), Unread, "null"),
    Fault("a list", says(b"[]"), Unread, ""),
    Fault("an empty object", says(b"{}"), Unread, ""),
    Fault("a number", says(b"42"), Unread, ""),
    Fault("NaN", says(b"NaN"), Unread, "NaN"),
    Fault("a text that is NaN", says(b'{"text": NaN}'), Unread, "NaN"),
    Fault("deep nesting", says(DEEP), Unread, ""),
    Fault("deep nesting in an error", replies(whole(400, DEEP)), ApiException, "(400)"),
    Fault("deep nesting for speech", says(DEEP), Unread, "", 1, speak),
    Fault("JSON that breaks off", says(b'{"text": "hel'), Unread, ""),
    Fault("an error with 200", says({"error": {"message": "no"}}), Unread, "no"),
    Fault("an error for speech", says({"error": {"message": "no"}}), Unread, "no", 1, speak),
    Fault("nothing", says(b""), Unread, ""),
    Fault("nothing for speech", says(b"", "audio/mpeg"), Unread, "no audio", 1, speak),
    Fault("204", replies(whole(204)), Unread, "no content"),
    Fault("205", replies(whole(205)), Unread, "no content"),
    Fault("an empty 400", replies(whole(400, reason="")), ApiException, "(400)"),
    Fault("20 MB of nothing", says(b" " * 20_000_000), Unread, ""),
    Fault(
        *("a 429 that breaks off", replies(whole(429, b"{", {"Content-Length": "9"}))),
        *(TooManyRequestsException, "broke off after 1 of 9 bytes", 3),
    ),
    Fault(
        *("a 401 that breaks off", replies(whole(401, b"{", {"Content-Length": "9"}))),
        *(UnauthorizedException, "broke off after 1 of 9 bytes"),
    ),
    Fault(
        *("a wait beyond every clock", replies(whole(503, b"{}", {"Retry-After": "9" * 400}))),
        *(ServiceException, "it was not waited for"),
    ),
]

QUIRKS = [
    Quirk("100", raw(head(status="HTTP/1.1 100 Continue"), OK)),
    Quirk(
        "102 and 103", raw(head("A: b", status="HTTP/1.1 102 X"), head(status="HTTP/1.1 103 Y"), OK)
    ),
    Quirk("many 100s", raw(head(status="HTTP/1.1 100 Continue") * 50, OK)),
    Quirk("gzip", says(GZIPPED, Content_Encoding="gzip")),
    Quirk("x-gzip in capitals", says(GZIPPED, Content_Encoding="X-GZIP")),
    Quirk("gzip twice", says(gzip.compress(GZIPPED), Content_Encoding="gzip, gzip")),
    Quirk("deflate", says(zlib.compress(TEXT), Content_Encoding="deflate")),
    Quirk(
        "raw deflate",
        says(RAW_DEFLATE.compress(TEXT) + RAW_DEFLATE.flush(), Content_Encoding="deflate"),
    ),
    Quirk("gzip and blanks", says(GZIPPED, Content_Encoding="gzip  ")),
    Quirk("no encoding, said aloud", says(TEXT, Content_Encoding="identity")),
    Quirk("no content type", says(TEXT, None)),
    Quirk("a wrong content type", says(TEXT, "text/html")),
    Quirk("no length, no chunks", raw(head("Content-Type: application/json"), TEXT)),
    Quirk("HTTP/1.0", raw(head(OF_TEXT, status="HTTP/1.0 200 OK"), TEXT)),
    Quirk("201", replies(whole(201, TEXT))),
    Quirk("no reason", raw(head(OF_TEXT, status="HTTP/1.1 200"), TEXT)),
    Quirk("more than was promised", raw(head(OF_TEXT), TEXT, b"and more")),
    Quirk("line ends of Unix", raw(head(OF_TEXT).replace(b"\r\n", b"\n"), TEXT)),
    Quirk("a folded header", raw(head("X: a\r\n b", OF_TEXT), TEXT)),
    Quirk("a chunk with an extension", raw(CHUNKED, b"11;a=b\r\n", TEXT, b"\r\n0\r\n\r\n")),
    Quirk("a chunk and trailers", raw(CHUNKED, b"11\r\n", TEXT, b"\r\n0\r\nX: y\r\n\r\n")),
    Quirk("a connection that is closed when idle", in_turn(replies(OK), replies(OK))),
    Quirk("100 MB", says(b'{"text": "' + b"a" * 10**8 + b'"}'), "a" * 10**8, seconds=20),
]


def sleepless(api: Any) -> None:
    api.api_client.rest_client.sleep = lambda _: None


class Turncoat:
    """A script that can be replaced by another."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def __call__(self, connection: Any) -> None:
        self.script(connection)


@pytest.mark.parametrize(
    ("way", "fault"),
    [pytest.param(way, fault, id=f"{way}-{fault.name}") for fault in FAULTS for way in fault.ways],
)
def test_a_fault_is_one_error_and_the_next_call_works(way: str, fault: Fault) -> None:
    turncoat = Turncoat(fault.script)
    with served(way, turncoat, retries=None) as (api, server):
        sleepless(api)
        started = time.monotonic()
        with pytest.raises(fault.error) as failure:
            fault.call(api)
        assert time.monotonic() - started < SECONDS
        assert type(failure.value) is fault.error or fault.error is ApiException
        assert fault.says in str(failure.value)
        assert server.requests_seen == fault.requests
        assert len(str(failure.value)) < 3000
        again = pickle.loads(pickle.dumps(failure.value))
        assert (type(again), str(again)) == (type(failure.value), str(failure.value))
        turncoat.script = replies(OK)
        assert transcribe(api) == "hello"


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: quirk.name)
def test_a_quirk_is_borne_and_the_next_call_works(way: str, quirk: Quirk) -> None:
    turncoat = Turncoat(quirk.script)
    with served(way, turncoat, retries=None) as (api, server):
        sleepless(api)
        started = time.monotonic()
        assert transcribe(api) == quirk.gives
        assert time.monotonic() - started < quirk.seconds
        assert server.requests_seen == quirk.requests
        turncoat.script = replies(OK)
        assert transcribe(api) == "hello"


# -- no connection ------------------------------------------------------------------------------


def test_a_refused_connection_is_an_error_that_names_the_server(recording: RecordingServer) -> None:
    with refused_port() as port, client(f"http://127.0.0.1:{port}") as api:
        sleepless(api)
        with pytest.raises(ApiConnectionException, match=r"127\.0\.0\.1.*refused") as failure:
            transcribe(api)
        assert not isinstance(failure.value, TimeoutError)
        api.api_client.configuration.host = recording.host
        assert transcribe(api) == "hello"


def test_a_name_that_is_unknown_is_an_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch, recording: RecordingServer
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with client("http://nowhere.test") as api:
        sleepless(api)
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", unknown)
            with pytest.raises(
                ApiConnectionException, match=r"nowhere\.test.*not known"
            ) as failure:
                transcribe(api)
        assert not isinstance(failure.value, TimeoutError)
        api.api_client.configuration.host = recording.host
        assert transcribe(api) == "hello"


@pytest.mark.parametrize("name", ["a" * 64 + ".test", "a..test", "\u00fc" * 60 + ".test"])
def test_a_name_that_no_name_can_be_is_an_error(name: str) -> None:
    with client(f"http://{name}", retries=False) as api, pytest.raises(ApiConnectionException):
        transcribe(api)


def test_a_server_that_accepts_nothing_is_a_late_one(recording: RecordingServer) -> None:
    with full_backlog() as port, client(f"http://127.0.0.1:{port}") as api:
        with pytest.raises(ApiTimeoutException, match=r"connecting to http://127\.0\.0\.1"):
            transcribe(api, _request_timeout=0.3)
        api.api_client.configuration.host = recording.host
        assert transcribe(api) == "hello"


def test_an_early_answer_over_tls_is_read() -> None:
    big = early_answer(413, {"error": "big"}, drains=True)
    with (
        RawServer(big, tls=server_context()) as server,
        client(server.host, verify_ssl=False) as api,
        pytest.warns(match="Unverified"),
        pytest.raises(PayloadTooLargeException, match="big"),
    ):
        upload(api)


def test_a_kept_connection_that_is_reset_is_opened_again() -> None:
    kept = replies(OK, then=resets_after_request)
    with RawServer(in_turn(kept, replies(OK))) as server, client(server.host) as api:
        sleepless(api)
        assert [transcribe(api), transcribe(api)] == ["hello", "hello"]
        assert (server.requests_seen, server.connections) == (3, 2)


def test_an_answer_that_is_refused_for_its_header_is_hung_up_on() -> None:
    refused = replies(head("Content-Length: 5, 6"), then=lambda connection: connection.drain())
    with RawServer(refused) as server, client(server.host, retries=False) as api:
        with pytest.raises(ApiConnectionException) as failure:
            transcribe(api)
        assert server.wait_for(lambda: not server.open_connections)
        assert failure.value.__traceback__  # which would have kept the connection open


# -- sizes --------------------------------------------------------------------------------------


def bomb() -> bytes:
    """Return 200 MB, as 200 KB of gzip."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(200)), packer.flush()])


BOMB = bomb()


@pytest.mark.parametrize("status", [200, 400, 429])
@pytest.mark.parametrize("call", [transcribe, speak], ids=["transcript", "speech"])
def test_a_gzip_bomb_is_bounded(
    recording: RecordingServer, status: int, call: Callable[[Any], Any]
) -> None:
    recording.answer(status, BOMB, {"Content-Encoding": "gzip", "Content-Type": "audio/mpeg"})
    with client(recording.host, retries=False) as api:
        api.api_client.configuration.largest_answer = 10_000_000
        tracemalloc.start()
        with pytest.raises(ApiException, match=r"larger than 10000000 .*largest_answer"):
            call(api)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 40_000_000
        assert transcribe(api) == "hello"


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_an_answer_is_bounded_without_compression_too(
    recording: RecordingServer, framing: str
) -> None:
    def body() -> Any:
        return bytes(3000) if framing == "length" else iter([bytes(1000)] * 3)

    with client(recording.host) as api:
        api.api_client.configuration.largest_answer = 2999
        recording.answer(200, body())
        with pytest.raises(ApiDecodeException, match="larger than 2999 bytes"):
            speak(api)
        api.api_client.configuration.largest_answer = 3000
        recording.answer(200, body())
        assert speak(api) == bytes(3000)


def test_a_gigabyte_is_allowed_unless_said_otherwise(recording: RecordingServer) -> None:
    with client(recording.host) as api:
        assert api.api_client.configuration.largest_answer == 1024**3


# -- redirects ----------------------------------------------------------------------------------

MOVED = [300, 301, 302, 303, 305, 307, 308]


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/v2/here", "/v2/here"),
        ("here/?a=b%20c&d", "/v1/audio/here/?a=b%20c&d"),
        ("{origin}/v1/audio/transcriptions/", "/v1/audio/transcriptions/"),
        ("//127.0.0.1:{port}/x#part", "/x"),
        ("{origin}", "/"),
        ("http://user:pass@127.0.0.1:{port}/y", "/y"),
    ],
)
def test_the_same_server_may_send_a_call_elsewhere(
    recording: RecordingServer, status: int, location: str, target: str
) -> None:
    place = location.format(origin=recording.origin, port=recording.port)
    recording.answer(status, headers={"Location": place})
    with client(recording.host) as api:
        assert transcribe(api) == "hello"
    first, second = recording.requests
    assert (second.method, second.target) == ("POST", target)
    assert (second.sha256, second.head.split(b"\r\n")[1:]) == (
        first.sha256,
        first.head.split(b"\r\n")[1:],
    )
    assert second.connection == first.connection


@pytest.mark.parametrize("status", [status for status in MOVED if status < 307])
def test_other_redirects_are_not_followed(recording: RecordingServer, status: int) -> None:
    recording.answer(status, headers={"Location": f"{recording.origin}/elsewhere"})
    with client(recording.host) as api:
        with pytest.raises(ApiException, match=rf"\({status}\).*{recording.origin}/elsewhere"):
            transcribe(api)
        assert len(recording.requests) == 1
        assert transcribe(api) == "hello"


@pytest.mark.parametrize("status", MOVED)
@pytest.mark.parametrize(
    "place",
    ["{other}/v1", "//localhost:{port}/v1", "https://127.0.0.1:{port}/v1"],
    ids=["another port", "another host", "another scheme"],
)
def test_no_key_and_no_audio_goes_to_another_server(
    recording: RecordingServer, status: int, place: str
) -> None:
    with RecordingServer() as other:
        location = place.format(other=other.origin, port=recording.port)
        recording.answer(status, headers={"Location": location})
        with client(recording.host) as api:
            with pytest.raises(ApiException) as failure:
                transcribe(api)
            assert location in str(failure.value)
            assert type(failure.value) is ApiException
            assert (len(recording.requests), other.connections) == (1, 0)
            assert transcribe(api) == "hello"


def test_no_key_goes_from_tls_to_plain_text(recording: RecordingServer) -> None:
    with RecordingServer(tls=server_context()) as server:
        server.answers_always(307, headers={"Location": recording.host})
        with (
            client(server.host, verify_ssl=False) as api,
            pytest.warns(match="Unverified"),
            pytest.raises(ApiException, match=recording.host),
        ):
            transcribe(api)
    assert recording.connections == 0


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "data:,x", "javascript:x", "http://[::1", "http://a b/", ""],
)
def test_a_redirect_to_nowhere_is_an_error(recording: RecordingServer, location: str) -> None:
    recording.answer(307, headers={"Location": location})
    with client(recording.host) as api:
        with pytest.raises(ApiException, match=r"\(307\)") as failure:
            transcribe(api)
        assert location in str(failure.value)
        assert len(recording.requests) == 1
        assert transcribe(api) == "hello"


def test_a_redirect_without_an_address_is_an_error(recording: RecordingServer) -> None:
    recording.answer(308)
    with client(recording.host) as api, pytest.raises(ApiException, match=r"\(308\)"):
        transcribe(api)
    assert len(recording.requests) == 1


def test_a_loop_of_redirects_ends(recording: RecordingServer) -> None:
    recording.answers_always(307, headers={"Location": "/v1/again"})
    with client(recording.host) as api:
        with pytest.raises(ApiException, match=r"\(307\).*/v1/again"):
            transcribe(api)
        assert len(recording.requests) == 6
        recording.answers_always(body=json.loads(TEXT))
        assert transcribe(api) == "hello"


def test_a_redirect_and_a_retry_go_together(recording: RecordingServer) -> None:
    for status in (503, 307, 429, 308):
        recording.answer(status, headers={"Location": f"/{status}", "Retry-After": "0"})
    with client(recording.host) as api:
        assert transcribe(api) == "hello"
    targets = [request.target for request in recording.requests]
    assert targets[1:] == ["/v1/audio/transcriptions", "/307", "/307", "/308"]
    assert len({request.sha256 for request in recording.requests}) == 1


def test_every_fault_is_of_its_own_name() -> None:
    names = [case.name for case in (*FAULTS, *QUIRKS)]
    assert len(names) == len(set(names)) >= 60
