"""Any answer at all gives a typed result or an ApiException: nothing else, and never a hang."""

from __future__ import annotations

import json
from typing import Any

from fuzz.targets import TARGETS, check, speech_is_read, stream_is_read, transcript_is_read
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wire import Answer, RawServer, RecordingServer

from openapiopenai import ApiClient, ApiException, AudioApi, Configuration

WAV = ("a.wav", b"RIFF\x24\x00\x00\x00WAVE")
FORMATS = [None, "json", "verbose_json", "diarized_json", "text", "srt", "vtt", "lrc"]
CALLS = st.sampled_from(["transcription", "translation"])
NAMES = st.sampled_from(
    [
        "text",
        "segments",
        "words",
        "word",
        "usage",
        "type",
        "tokens",
        "duration",
        "seconds",
        "language",
        "languages",
        "code",
        "logprobs",
        "bytes",
        "token",
        "logprob",
        "speaker",
        "id",
        "seek",
        "start",
        "end",
        "error",
        "message",
        "detail",
        "loc",
        "msg",
        "choices",
        "delta",
        "content",
        "audio",
        "audio_data",
        "input_tokens",
        "input_token_details",
        "model_extra",
        "to_dict",
        "__class__",
        "transcript.text.delta",
        "transcript.text.done",
        "transcript.text.segment",
        "speech.audio.delta",
        "speech.audio.done",
        "transcription.done",
        "done",
        "self",
        "obj",
    ]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -1, 2**63, 1e308])
LEAVES = st.none() | st.booleans() | NUMBERS | NAMES | st.text(max_size=8) | st.just("1.5")
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=6)


def with_text(values: dict[str, Any]) -> dict[str, Any]:
    return {"text": "Hi", **{name: value for name, value in values.items() if name != "text"}}


JSON = (OBJECTS | OBJECTS.map(with_text) | VALUES).map(json.dumps)
#: What json.dumps does not write: halves of surrogates, numbers without end, what repeats.
WRITTEN = JSON | JSON.map(
    lambda text: text.replace("Hi", r"\ud83d\u0000").replace("1.5", "9" * 5000)
)
EVENTS = st.lists(
    WRITTEN.map(lambda text: f"data: {text}\n\n")
    | NAMES.flatmap(lambda name: WRITTEN.map(lambda text: f"event: {name}\ndata: {text}\n\n"))
    | st.sampled_from(["data: [DONE]\n\n", "data:\n\n", ": hi\n\n", "event: error\ndata: x\n\n"]),
    max_size=5,
).map("".join)
TEXTS = st.sampled_from(["<html>", "{", '{"text":"Hi"', "null", '"Hi"', "1\n00:00", "", " ", "[]"])
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"]
BODIES = st.binary(max_size=60) | st.builds(
    lambda text, encoding: text.encode(encoding, "replace"),
    WRITTEN | EVENTS | TEXTS,
    st.sampled_from(ENCODINGS),
)
KINDS = st.sampled_from(
    [
        "application/json",
        "text/plain",
        "text/event-stream",
        "audio/mpeg",
        "text/html",
        "",
        "*/*",
        "application/octet-stream",
        "application/problem+json",
        ";",
        "application/json;",
    ]
)
CHARSETS = st.sampled_from(
    [
        "utf-8",
        "utf-16",
        "utf-32",
        "latin-1",
        "cp1252",
        "shift_jis",
        "hz",
        "iso2022_jp",
        "utf-7",
        "idna",
        "punycode",
        "undefined",
        "rot13",
        "unicode_escape",
        "raw_unicode_escape",
        "base64",
        "hex",
        "bz2",
        "mbcs",
        "utf_8_sig",
        "aliases",
        ".",
        "\x00",
        "é",
    ]
)
HEADERS = st.builds(
    lambda kind, charset: {"content-type": f"{kind}; charset={charset}" if charset else kind},
    KINDS,
    st.none() | CHARSETS,
) | st.just({})


@settings(max_examples=150)
@given(BODIES, HEADERS, st.sampled_from(FORMATS), CALLS)
@example(b'{"text":"Hi","x":' + b"[" * 190 + b"]" * 190 + b"}", {}, "json", "transcription")
@example(b'{"text":"Hi","x":' + b"[" * 5000 + b"]" * 5000 + b"}", {}, "json", "transcription")
@example(rb"\d", {"content-type": "text/plain; charset=unicode_escape"}, "text", "transcription")
def test_any_transcript_is_read_or_raises_ours(
    body: bytes, headers: dict[str, str], response_format: str | None, call: str
) -> None:
    transcript_is_read(body, headers, response_format, translated=call == "translation")


@settings(max_examples=150)
@given(BODIES, HEADERS)
def test_any_speech_is_read_or_raises_ours(body: bytes, headers: dict[str, str]) -> None:
    speech_is_read(body, headers)


@settings(max_examples=150)
@given(EVENTS.map(str.encode) | BODIES)
def test_any_event_is_read_or_raises_ours(body: bytes) -> None:
    stream_is_read(body)


@settings(max_examples=100)
@given(BODIES, HEADERS, st.integers(100, 999))
def test_any_error_can_be_looked_into(body: bytes, headers: dict[str, str], status: int) -> None:
    text = body.decode("latin-1")
    check(ApiException(status, "Reason", body=text, headers=headers))


@given(st.text(max_size=40) | st.sampled_from(["Mon, 01 Jan 0001 00:00:00 GMT", "1e400", "-1"]))
@example("Fri, 31 Dec 9999 23:59:60 -2359")
@example("Mon, 01 Jan 0001 00:00:00 -0000")
def test_any_time_to_wait_is_read_or_left_out(asked: str) -> None:
    for name in ("retry-after", "retry-after-ms"):
        found = ApiException(429, headers={name: asked}).retry_after
        assert found is None or found >= 0


def api_of(host: str) -> AudioApi:
    settings = Configuration(host=host, access_token="sk-test", retries=False, timeout=20)
    return AudioApi(ApiClient(settings))


def calls_of(api: AudioApi, response_format: str | None) -> list[Any]:
    """Return every kind of call, each as a function that reads all of its answer."""
    speech = {"model": "tts-1", "input": "hi", "voice": "alloy"}
    common = {"file": WAV, "model": "whisper-1", "response_format": response_format}
    return [
        lambda: api.create_speech(speech),
        lambda: api.create_speech_with_http_info(speech),
        lambda: _whole(api.create_speech_streaming(speech)),
        lambda: api.create_transcription(**common),
        lambda: api.create_translation_with_http_info(**common),
        lambda: _whole(api.create_transcription_streaming(**common)),
    ]


def _whole(stream: Any) -> Any:
    with stream:
        return list(stream), getattr(stream, "text", None), stream.usage


STATUSES = st.just(200) | st.integers(200, 599) | st.sampled_from([201, 204, 205, 304, 307, 999])
CODINGS = st.none() | st.sampled_from(["gzip", "deflate", "br", "zstd", "identity", "no, such"])


@settings(max_examples=60)
@given(BODIES, HEADERS, STATUSES, st.sampled_from(FORMATS), CODINGS, st.integers(0, 5))
def test_any_answer_over_a_socket_is_read_or_raises_ours(
    body: bytes,
    headers: dict[str, str],
    status: int,
    response_format: str | None,
    coding: str | None,
    kind: int,
) -> None:
    sent = {name: value.replace("\0", "") for name, value in headers.items()}
    sent |= {"Content-Encoding": coding} if coding else {}
    whole = body if status not in (204, 304) else b""
    with RecordingServer() as server:
        settings = Configuration(
            host=server.host, access_token="sk-test", retries=False, timeout=20
        )
        with ApiClient(settings) as client:
            server.answers_always(Answer(status, whole, {**sent, "Connection": "close"}))
            check(_outcome(calls_of(AudioApi(client), response_format)[kind]))


@settings(max_examples=40)
@given(st.binary(max_size=80), st.integers(0, 5))
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 3)
@example(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}", 3)
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n", 2)
@example(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", 3)
@example(b"HTTP/1.1 200 OK\r\nLocation: \x00\xff\r\n\r\n", 5)
@example(b"HTTP/1.1 307 OK\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n", 3)
@example(b"HTTP/1.1 200 " + b"O" * 70_000 + b"\r\n\r\n", 3)
def test_any_bytes_over_a_socket_are_read_or_raise_ours(sent: bytes, kind: int) -> None:
    def script(connection: Any) -> None:
        connection.read_request()
        connection.send(sent)

    with RawServer(script) as server:
        settings = Configuration(
            host=server.host, access_token="sk-test", retries=False, timeout=20
        )
        with ApiClient(settings) as client:
            check(_outcome(calls_of(AudioApi(client), None)[kind]))


def _outcome(make: Any) -> Any:
    try:
        return make()
    except ApiException as error:
        return error


def test_the_harness_for_longer_runs_takes_any_bytes() -> None:
    for target in TARGETS:
        for data in (b"", b"\0", bytes(range(256)), b'\x02{"text":"Hi"}'):
            target(data)
