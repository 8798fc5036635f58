"""Where a response ends is what HTTP/1.1 says: on plain connections, over TLS and a proxy."""

from __future__ import annotations

import contextlib
import gzip
from typing import TYPE_CHECKING

import pytest
from calls import SPEECH, WAV, client, served, transcribe, trusting
from wire import OK, Connection, Proxy, RawServer, in_turn, replies, server_context, whole

from openapiopenai import ApiConnectionException, ApiException, UnauthorizedException

if TYPE_CHECKING:
    from wire import Script

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TEXT = b'{"text": "hello"}'
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
IN_CHUNKS = b"11\r\n" + TEXT + b"\r\n0\r\n\r\n"


# -- inside the header --------------------------------------------------------------------------


@pytest.mark.parametrize("response_format", ["json", "text", "srt", "vtt"])
@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
    ],
)
def test_a_connection_that_ends_in_the_header_is_no_empty_transcript(
    way: str, sent: bytes, response_format: str
) -> None:
    with (
        served(way, replies(sent)) as (api, _),
        pytest.raises(ApiConnectionException, match="closed before there was a response"),
    ):
        transcribe(api, response_format=response_format)


def test_many_headers_are_treated_alike_in_one_piece_and_in_two() -> None:
    head = HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(120)) + b"\r\n"

    def in_two(connection: Connection) -> None:
        connection.read_request()
        connection.send(head[:700])
        connection.send(head[700:])

    messages = set()
    for script in (replies(head), in_two):
        with served("plain", script) as (api, _), pytest.raises(ApiException) as failure:
            transcribe(api)
        messages.add(str(failure.value))
    assert len(messages) == 1


# -- where the body ends ------------------------------------------------------------------------


def with_length(value: bytes, before: bytes = b"") -> bytes:
    """Return a response with this Content-Length, and lines before it."""
    return HEAD + before + b"Content-Length: " + value + b"\r\n\r\n" + TEXT


REFUSED = {
    "a negative chunk": CHUNKED + b"-1\r\n" + TEXT * 1000,
    "a more negative chunk": CHUNKED + b"-5\r\n" + TEXT,
    "a chunk with a sign": CHUNKED + b"+11\r\n" + TEXT + b"\r\n0\r\n\r\n",
    "a chunk with a prefix": CHUNKED + b"0x11\r\n" + TEXT + b"\r\n0\r\n\r\n",
    "a chunk with an underscore": CHUNKED + b"1_1\r\n" + TEXT + b"\r\n0\r\n\r\n",
    "a chunk after a blank": CHUNKED + b" 11\r\n" + TEXT + b"\r\n0\r\n\r\n",
    "a chunk without a size": CHUNKED + b";a=b\r\n" + TEXT + b"\r\n0\r\n\r\n",
    "a chunk longer than its size": CHUNKED + b"10\r\n" + TEXT + b"\r\n0\r\n\r\n",
    "a chunk with another end": CHUNKED + b"11\r\n" + TEXT + b"..0\r\n\r\n",
    "a length with a sign": with_length(b"+17"),
    "a length with an underscore": with_length(b"1_7"),
    "a negative length": with_length(b"-17"),
    "a length in hexadecimal": with_length(b"0x11"),
    "a length with a control character": with_length(b"17\x1f"),
    "a length after a vertical tab": with_length(b"\x0b17"),
    "a length before a form feed": with_length(b"17\x0c"),
    "a length after a no-break space": with_length(b"\xa017"),
    "a folded length with a control character": with_length(b"17\x1f\r\n "),
    "two lengths": with_length(b"17\r\nContent-Length: 18"),
    "a length behind a line without a colon": with_length(b"17", before=b"colon\r\n"),
    "a length behind a line without a name": with_length(b"17", before=b": x\r\n"),
    "a length behind a blank line": with_length(b"17", before=b"\r\r\n"),
    "a length behind a line of spaces": with_length(b"17", before=b"  \r\n"),
    "a length whose name ends in a space": HEAD + b"Content-Length : 17\r\n\r\n" + TEXT,
    "a coding besides chunked": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + IN_CHUNKS,
    "chunked twice": HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + IN_CHUNKS,
    "chunked in two lines": HEAD + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n" + IN_CHUNKS,
    "another coding": HEAD + b"Transfer-Encoding: identity\r\n\r\n" + TEXT,
    "a folded coding": HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + IN_CHUNKS,
    "an end inside the trailers": CHUNKED + b"11\r\n" + TEXT + b"\r\n0\r\nX: y\r\n",
    "an end inside a chunk's size": CHUNKED + b"1",
}


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_a_response_without_a_clear_end_is_a_failed_connection(way: str, sent: bytes) -> None:
    with served(way, in_turn(replies(sent), replies(OK))) as (api, _):
        with pytest.raises(ApiConnectionException):
            transcribe(api)
        assert transcribe(api) == "hello"


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_so_is_a_recording_without_a_clear_end(sent: bytes) -> None:
    audio = sent.replace(b"application/json", b"audio/mpeg")
    with served("plain", replies(audio)) as (api, _), pytest.raises(ApiConnectionException):
        api.create_speech(SPEECH)


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"Transfer-Encoding: chunked \r\n\r\n" + IN_CHUNKS,
        HEAD + b"Transfer-Encoding: CHUNKED\t \r\n\r\n" + IN_CHUNKS,
        with_length(b"17 "),
        with_length(b"17, 17"),
        CHUNKED + b"11 ; a=b\r\n" + TEXT + b"\r\n0\r\n\r\n",
        CHUNKED + b"0011\r\n" + TEXT + b"\r\n000\r\n\r\n",
        whole(200, gzip.compress(TEXT), {"Content-Encoding": "gzip "}),
    ],
)
def test_white_space_at_the_end_of_a_value_is_no_part_of_it(way: str, sent: bytes) -> None:
    with served(way, replies(sent)) as (api, _):
        assert transcribe(api) == "hello"


@pytest.mark.parametrize("length", [b"17", b"17, 17", b"17\r\nContent-Length: 17"])
def test_a_body_has_no_more_than_its_length(way: str, length: bytes) -> None:
    with served(way, replies(with_length(length) + b" more")) as (api, _):
        result = api.create_transcription_with_http_info(WAV, "whisper-1")
    assert result.raw_data == TEXT


def test_a_bare_cr_does_not_begin_a_header(way: str) -> None:
    sent = with_length(b"17", before=b"X-Note: a\rContent-Length: 3\r\n")
    with served(way, replies(sent)) as (api, _):
        result = api.create_transcription_with_http_info(WAV, "whisper-1")
    assert result.raw_data == TEXT
    assert result.headers["x-note"] == "a Content-Length: 3"


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_what_follows_a_response_that_has_no_body_ends_the_connection(
    way: str, status: bytes
) -> None:
    ends = []

    def responds(connection: Connection) -> None:
        connection.read_request()
        head = b"HTTP/1.1 " + status + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.send(head + IN_CHUNKS)
        ends.append(connection.read_some(1))

    with served(way, responds) as (api, server):
        with pytest.raises(ApiException) as failure:
            transcribe(api)
        server.wait_for(lambda: server.open_connections == 0)
        assert ends == [b""]
        assert failure  # it refers to the response, which so is not closed by being forgotten


def test_the_identifier_of_a_request_has_no_blanks() -> None:
    sent = whole(200, TEXT, {"x-request-id": "req_1  "})
    with served("plain", replies(sent)) as (api, _):
        result = api.create_transcription_with_http_info(b"RIFF" + bytes(40), "whisper-1")
    assert result.request_id == "req_1"


# -- without end --------------------------------------------------------------------------------


def repeats(start: bytes, part: bytes) -> Script:
    """Send a part again and again, until the client hangs up."""

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(start)
        with contextlib.suppress(OSError):
            while True:
                connection.send(part)

    return script


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED + b"11\r\n" + TEXT + b"\r\n0\r\n", b"X: y\r\n"),
    ],
    ids=["interim responses", "100 Continue", "trailers"],
)
def test_lines_without_end_are_bounded_without_a_limit_over_the_call(
    way: str, start: bytes, part: bytes
) -> None:
    with (
        served(way, repeats(start, part), timeout=(5.0, 5.0)) as (api, _),
        pytest.raises(ApiConnectionException),
    ):
        transcribe(api)


# -- kept connections ---------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["plain", "tls"])
def test_what_follows_a_response_is_not_the_response_to_the_next_call(way: str) -> None:
    forged = whole(200, {"text": "forged"})
    script = in_turn(replies(OK + forged, OK), replies(whole(200, {"text": "second"})))
    with served(way, script) as (api, server):
        assert transcribe(api) == "hello"
        assert transcribe(api) in ("hello", "second")
    assert server.requests_seen == 2


def test_bytes_that_a_tls_record_holds_beyond_a_response_end_the_connection() -> None:
    forged = whole(200, {"text": "forged"}) + bytes(9000)  # more than a reader's buffer
    script = in_turn(replies(OK + forged, OK), replies(whole(200, {"text": "second"})))
    with served("tls", script) as (api, server):
        assert transcribe(api) == "hello"
        assert transcribe(api) == "second"
    assert server.connections == 2


# -- errors -------------------------------------------------------------------------------------


def test_an_error_whose_body_is_cut_keeps_its_status(way: str) -> None:
    sent = whole(401, b'{"error": {"message": "wr', {"Content-Length": "90"})
    with (
        served(way, replies(sent)) as (api, _),
        pytest.raises(UnauthorizedException, match="broke off after 25 of 90 bytes") as failure,
    ):
        transcribe(api)
    assert failure.value.status == 401


def test_an_error_whose_body_is_cut_counts_its_attempts() -> None:
    sent = whole(500, b"{", {"Content-Length": "9"})
    with served("plain", replies(sent), retries=2) as (api, _):
        api.api_client.rest_client.sleep = lambda _: None
        with pytest.raises(ApiException) as failure:
            transcribe(api)
    assert (failure.value.status, failure.value.attempts) == (500, 3)


@pytest.mark.parametrize(
    "sent", [b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", b"\x15\x03\x01\x00\x02\x02\x46"]
)
def test_bytes_that_are_no_text_are_described_and_not_shown(sent: bytes) -> None:
    with (
        served("plain", replies(sent + b"\r\n")) as (api, _),
        pytest.raises(ApiConnectionException, match=r"does not speak HTTP/1\.1") as failure,
    ):
        transcribe(api)
    assert str(failure.value).isprintable()


@pytest.mark.parametrize("status", [b"401", b"503"])
def test_a_reason_is_short_and_shown_without_control_characters(way: str, status: bytes) -> None:
    line = b"HTTP/1.1 " + status + b" No\x1b[31m\x00 " + b"x" * 5000
    with (
        served(way, replies(line + b"\r\nContent-Length: 0\r\n\r\n")) as (api, _),
        pytest.raises(ApiException, match=r"No\[31m x+") as failure,
    ):
        transcribe(api)
    assert len(failure.value.reason or "") <= 300  # with the advice
    assert str(failure.value).isprintable()


@pytest.mark.parametrize("status", [401, 403, 407])
def test_a_proxy_that_refuses_to_connect_is_not_asked_again(status: int) -> None:
    refuses = replies(whole(status, b"no"))
    with (
        RawServer(refuses) as proxy,
        client("https://api.test", proxy=f"http://127.0.0.1:{proxy.port}") as api,
        pytest.raises(ApiConnectionException, match=str(status)) as failure,
    ):
        transcribe(api)
    assert failure.value.attempts == 1


def test_a_proxy_that_refuses_the_credentials_is_not_asked_again() -> None:
    with (
        RawServer(replies(OK), tls=server_context()) as server,
        Proxy(username="user", password="right") as proxy,
        client(server.host, **trusting(proxy=proxy.url.replace("//", "//user:wrong@"))) as api,
    ):
        with pytest.raises(ApiConnectionException, match=r"407.*user:password@") as failure:
            transcribe(api)
        assert len(proxy.requests) == 1
        assert failure.value.attempts == 1
        assert "wrong" not in str(failure.value)
