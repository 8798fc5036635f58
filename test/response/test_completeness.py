"""A response that is not complete raises: it is never taken for a shorter one."""

from __future__ import annotations

import gzip
import signal
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from calls import client, heard, speak, spoken, transcribe
from wire import RawServer, RecordingServer, replies, whole

from openapiopenai import ApiConnectionException, ApiDecodeException, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from wire import Connection

    from openapiopenai import AudioApi, SpeechStream

AUDIO = bytes(range(256)) * 4096
MP3 = {"Content-Type": "audio/mpeg"}
TEXT = b'{"text": "hello"}'


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    with client(recording.host) as api:
        yield api


# -- closed while it is read --------------------------------------------------------------------

#: How a response is framed that never ends -> its header, and what precedes its body.
FRAMINGS = {
    "of known length": ("Content-Length: 9999999", b""),
    "in chunks": ("Transfer-Encoding: chunked", b"989680\r\n"),
    "until the connection closes": ("Connection: close", b""),
}


def speaks_on(framing: str, then: Callable[[Connection], object]) -> Callable[[Connection], None]:
    """Return a script that sends some audio, does something, and waits for the client to go."""
    header, before = FRAMINGS[framing]

    def script(connection: Connection) -> None:
        connection.read_request()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n{header}\r\n\r\n"
        connection.send(head.encode() + before + AUDIO)
        then(connection)
        connection.drain()

    return script


@pytest.fixture
def closing_signal() -> Iterator[list[SpeechStream]]:
    """Return a list whose streams SIGUSR1 closes."""
    streams: list[SpeechStream] = []
    before = signal.signal(signal.SIGUSR1, lambda *_: [stream.close() for stream in streams])
    yield streams
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("is_signal", [False, True], ids=["by a thread", "by a signal handler"])
@pytest.mark.parametrize("framing", FRAMINGS)
def test_nothing_is_saved_of_a_stream_that_is_closed_meanwhile(
    tmp_path: Path, closing_signal: list[SpeechStream], framing: str, *, is_signal: bool
) -> None:
    main = threading.main_thread().ident
    assert main is not None

    def close(connection: Connection) -> None:
        while not any(path.stat().st_size for path in tmp_path.iterdir()):
            connection.wait(seconds=0.005)
        if is_signal:
            signal.pthread_kill(main, signal.SIGUSR1)
        else:
            closing_signal[0].close()

    with RawServer(speaks_on(framing, close)) as server, client(server.host) as api:
        closing_signal.append(spoken(api))
        with pytest.raises((ApiValueError, ApiConnectionException)):
            closing_signal[0].save(tmp_path / "speech.mp3")
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("read", [list, b"".join, next])
def test_an_iterator_raises_when_its_stream_was_closed_between_two_blocks(
    framing: str, read: Callable[[Iterator[bytes]], object]
) -> None:
    with (
        RawServer(speaks_on(framing, lambda _: None)) as server,
        client(server.host) as api,
        spoken(api) as stream,
    ):
        iterator = iter(stream)
        next(iterator)
        stream.close()
        with pytest.raises(ApiValueError, match="closed before its end"):
            read(iterator)


def test_two_threads_do_not_read_one_stream(recording: RecordingServer, api: AudioApi) -> None:
    failures: list[Exception] = []
    has_failed = threading.Event()

    def silence() -> Iterator[bytes]:
        recording.wait()
        yield b""

    def read() -> None:
        try:
            stream.read()
        except (ApiValueError, ApiConnectionException) as error:
            failures.append(error)
            has_failed.set()

    recording.answer(200, silence(), MP3)
    with spoken(api) as stream:
        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        has_failed.wait()  # the one that came second
    for reader in readers:
        reader.join()
    assert "another thread is reading" in str(failures[0])
    assert len(failures) == 2


# -- encodings ----------------------------------------------------------------------------------

GZIPPED = gzip.compress(TEXT)
RAW = zlib.compressobj(wbits=-15)
ENCODED = {
    "gzip": ("gzip", GZIPPED),
    "gzip of two members": ("gzip", gzip.compress(TEXT[:5]) + gzip.compress(TEXT[5:])),
    "gzip in a list": ("identity, GZIP", GZIPPED),
    "gzip and white space": ("gzip \t", GZIPPED),
    "deflate": ("deflate", zlib.compress(TEXT)),
    "raw deflate": ("deflate", RAW.compress(TEXT) + RAW.flush()),
    "one in another": ("deflate, gzip", gzip.compress(zlib.compress(TEXT))),
    "none": ("identity", TEXT),
}


def answer_encoded(recording: RecordingServer, encoding: str, body: bytes, *, once: bool) -> None:
    blocks = body if once else (body[place : place + 1] for place in range(len(body)))
    recording.answer(200, blocks, {"Content-Type": "", "Content-Encoding": encoding})


@pytest.mark.parametrize("once", [True, False], ids=["at once", "byte by byte"])
@pytest.mark.parametrize("name", ENCODED)
def test_an_encoded_response_is_decoded(
    recording: RecordingServer, api: AudioApi, name: str, *, once: bool
) -> None:
    for _ in range(2):
        answer_encoded(recording, *ENCODED[name], once=once)
    assert transcribe(api) == "hello"
    with heard(api) as stream:
        assert [event.to_dict()["text"] for event in stream] == ["hello"]


def test_a_large_encoded_response_is_decoded(recording: RecordingServer, api: AudioApi) -> None:
    for _ in range(2):
        recording.answer(200, gzip.compress(AUDIO * 3), {**MP3, "Content-Encoding": "gzip"})
    assert speak(api) == AUDIO * 3
    with spoken(api) as stream:
        assert stream.read() == AUDIO * 3


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 100])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_encoded_response_that_is_cut_inside_sound_framing_raises(
    recording: RecordingServer, api: AudioApi, tmp_path: Path, encoding: str, cut: int
) -> None:
    compress: Any = gzip.compress if encoding == "gzip" else zlib.compress
    for _ in range(3):
        recording.answer(200, compress(AUDIO)[:-cut], {**MP3, "Content-Encoding": encoding})
    with pytest.raises(ApiDecodeException, match="is cut"):
        speak(api)
    with spoken(api) as stream, pytest.raises(ApiDecodeException, match="is cut"):
        stream.save(tmp_path / "speech.mp3")
    with spoken(api) as stream, pytest.raises(ApiDecodeException, match="is cut"):
        stream.read()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("encoding", ["br", "zstd", "rot13", "gzip, br", ", ".join(["gzip"] * 6)])
def test_an_encoding_that_cannot_be_decoded_is_named(
    recording: RecordingServer, api: AudioApi, encoding: str
) -> None:
    recording.answers_always(200, AUDIO, {**MP3, "Content-Encoding": encoding})
    for call in (speak, lambda api: spoken(api).read(), lambda api: list(heard(api))):
        with pytest.raises(ApiDecodeException, match=f"Content-Encoding is '{encoding}'") as caught:
            call(api)
        assert (caught.value.status, caught.value.headers["content-type"]) == (200, "audio/mpeg")  # type: ignore[index]
    for response_format in ("text", "json"):
        with pytest.raises(ApiDecodeException, match=f"Content-Encoding is '{encoding}'"):
            transcribe(api, response_format=response_format)


def test_an_empty_response_needs_no_end_of_its_encoding(
    recording: RecordingServer, api: AudioApi
) -> None:
    recording.answer(200, b"", {"Content-Type": "text/plain", "Content-Encoding": "gzip"})
    assert transcribe(api, response_format="text") == ""


# -- header values ------------------------------------------------------------------------------


def test_header_values_lose_the_white_space_around_them() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json \t\r\nX-Request-Id:  req-1 \t \r\n"
        b"Set-Cookie: a=1 \r\nSet-Cookie: b=2\r\nContent-Length: 17\r\n\r\n"
    )
    with RawServer(replies(head + TEXT)) as server, client(server.host) as api:
        response = api.create_transcription_with_http_info(b"RIFF", "whisper-1")
    assert response.request_id == response.headers["x-request-id"] == "req-1"
    assert response.headers["content-type"] == "application/json"
    assert response.headers.getlist("set-cookie") == ["a=1", "b=2"]  # type: ignore[attr-defined]


def test_white_space_does_not_hide_that_a_retry_is_not_wanted() -> None:
    refused = whole(503, b"{}", {"X-Should-Retry": "false"})
    refused = refused.replace(b": false\r\n", b": false \t\r\n")
    with RawServer(replies(refused)) as server, client(server.host) as api:
        with pytest.raises(Exception, match="503"):
            speak(api)
        assert server.requests_seen == 1
