"""A long text becomes one recording, passed on as it arrives."""

from __future__ import annotations

import io
import threading
from array import array
from typing import TYPE_CHECKING, Any

import av
import pytest
from av import logging as av_logging
from longform.sounds import RATE, speech
from wire import Answer, RecordingServer

from openapiopenai import (
    ApiClient,
    ApiDecodeException,
    ApiValueError,
    AudioApi,
    Configuration,
    ServiceException,
    UnauthorizedException,
    longform,
)
from openapiopenai.local.codecs import encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wire import Recorded

TEXT = " ".join(f"This is the sentence with the number {number}." for number in range(20))
FORMATS = ["mp3", "opus", "aac", "flac", "wav", "pcm"]
# FFmpeg warns so of any ADTS stream, which has no header with its length
UNAVOIDABLE = "Estimating duration from bitrate"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """Return a server that speaks tones, which depend on the text."""
    with RecordingServer() as server:
        server.answer_with(lambda request: Answer(body=spoken(request)))
        yield server


@pytest.fixture
def api(server: RecordingServer) -> Iterator[AudioApi]:
    """Return a client of it."""
    with ApiClient(Configuration(host=server.host, retries=False)) as client:
        yield AudioApi(client)


def samples_of(text: str) -> bytes:
    return speech(1 + len(text) % 7 / 10, seed=len(text)).tobytes()


def spoken(request: Recorded) -> bytes:
    chosen = request.json.get("response_format", "mp3")
    return b"".join(encode([samples_of(request.json["input"])], RATE, chosen))


def asked(speech_format: str = "mp3", **more: Any) -> dict[str, Any]:
    return {
        "model": "tts-1",
        "voice": "alloy",
        "input": TEXT,
        "response_format": speech_format,
    } | more


def measured(sound: bytes) -> tuple[float, float]:
    """Return the duration that a recording says it has, and the one it has, in seconds."""
    with av.open(io.BytesIO(sound)) as container:
        told = (container.duration or 0) / av.time_base
        frames = list(container.decode(audio=0))
    return told, sum(frame.samples for frame in frames) / frames[0].sample_rate


@pytest.mark.parametrize("speech_format", ["mp3", "opus", "aac", "flac", "wav"])
def test_the_parts_are_one_sound_as_long_as_they_are_together(
    api: AudioApi, server: RecordingServer, tmp_path: Path, speech_format: str
) -> None:
    with longform.speak(api, asked(speech_format), max_characters=200) as result:
        result.save(tmp_path / "book")
    expected = sum(measured(spoken(request))[1] for request in server.requests)
    assert len(server.requests) >= 5
    with av_logging.Capture() as warnings:
        av_logging.set_level(av_logging.WARNING)
        told, heard = measured((tmp_path / "book").read_bytes())
    av_logging.set_level(None)
    assert heard == pytest.approx(expected, abs=0.03)
    if speech_format != "aac":
        assert told == pytest.approx(expected, abs=0.03)
    assert [text for _, _, text in warnings if UNAVOIDABLE not in text] == []


@pytest.mark.parametrize("speech_format", ["mp3", "opus", "aac", "flac", "wav"])
def test_what_is_iterated_is_one_sound_too(
    api: AudioApi, server: RecordingServer, speech_format: str
) -> None:
    with longform.speak(api, asked(speech_format), max_characters=200) as result:
        sound = b"".join(result)
    expected = sum(measured(spoken(request))[1] for request in server.requests)
    assert measured(sound)[1] == pytest.approx(expected, abs=0.03)


def in_order(server: RecordingServer) -> list[str]:
    texts = [request.json["input"] for request in server.requests]
    return sorted(texts, key=TEXT.index)


@pytest.mark.parametrize("speech_format", ["wav", "pcm", "flac"])
def test_samples_are_joined_bit_exactly(
    api: AudioApi, server: RecordingServer, tmp_path: Path, speech_format: str
) -> None:
    with longform.speak(api, asked(speech_format), max_characters=200) as result:
        result.save(tmp_path / "book")
    joined = (tmp_path / "book").read_bytes()
    expected = b"".join(samples_of(text) for text in in_order(server))
    if speech_format == "pcm":
        assert joined == expected
        return
    decoded = array("h")
    with av.open(io.BytesIO(joined)) as container:
        for frame in container.decode(audio=0):
            decoded.frombytes(bytes(frame.planes[0])[: 2 * frame.samples])
    assert decoded.tobytes() == expected


def test_a_wav_has_one_header_with_the_right_sizes(
    api: AudioApi, server: RecordingServer, tmp_path: Path
) -> None:
    with longform.speak(api, asked("wav"), max_characters=200) as result:
        result.save(tmp_path / "book.wav")
    data = (tmp_path / "book.wav").read_bytes()
    assert data.count(b"RIFF") == data.count(b"WAVE") == 1
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    size = int.from_bytes(data[data.index(b"data") + 4 :][:4], "little")
    assert size == sum(len(samples_of(text)) for text in in_order(server))


@pytest.mark.parametrize(
    ("speech_format", "marks"),
    [
        ("mp3", {b"ID3": 0, b"TAG": 0, b"Xing": 0, b"Info": 1}),
        ("opus", {b"OpusHead": 1, b"OpusTags": 1}),
        ("aac", {b"ID3": 0}),
        ("flac", {b"fLaC": 1}),
        ("wav", {b"RIFF": 1, b"WAVE": 1, b"LIST": 0}),
        ("pcm", {b"RIFF": 0}),
    ],
)
def test_no_header_or_tag_of_a_part_is_inside(
    api: AudioApi, tmp_path: Path, speech_format: str, marks: dict[bytes, int]
) -> None:
    with longform.speak(api, asked(speech_format), max_characters=200) as result:
        result.save(tmp_path / "book")
    saved = (tmp_path / "book").read_bytes()
    assert {mark: saved.count(mark) for mark in marks} == marks


@pytest.mark.parametrize("speech_format", FORMATS)
def test_the_first_bytes_are_there_before_the_second_part_is(
    api: AudioApi, server: RecordingServer, speech_format: str
) -> None:
    gate = server.gate()

    def answer(request: Recorded) -> Answer:
        is_first = TEXT.startswith(request.json["input"])
        return Answer(body=spoken(request), delay=None if is_first else gate)

    server.answer_with(answer)
    with longform.speak(api, asked(speech_format), max_characters=200) as result:
        first = next(iter(result))
        assert len(first) > 0
        gate.set()
        assert len(b"".join(result)) > len(first)


def test_as_many_parts_are_requested_ahead_as_there_are_workers(
    api: AudioApi, server: RecordingServer
) -> None:
    read: list[int] = []

    def report(done: int, _total: int) -> None:
        read.append(done)
        assert len(server.requests) <= len(read) + 3

    with longform.speak(
        api, asked("pcm"), workers=3, max_characters=60, on_progress=report
    ) as result:
        next(iter(result))
        server.wait_for(lambda: len(server.requests) == 3)
        for _ in result:
            ahead = min(len(read) + 3, 20)
            server.wait_for(lambda wanted=ahead: len(server.requests) == wanted)
    assert len(read) == len(server.requests) == 20


def test_leaving_early_makes_no_more_requests(api: AudioApi, server: RecordingServer) -> None:
    with longform.speak(api, asked("pcm"), workers=2, max_characters=60) as result:
        next(iter(result))
    assert len(server.requests) <= 2


def test_bytes_can_be_read_by_size(api: AudioApi) -> None:
    with longform.speak(api, asked("pcm"), max_characters=200) as result:
        expected = result.read()
    with longform.speak(api, asked("pcm"), max_characters=200) as result:
        blocks = list(iter(lambda: result.read(1000), b""))
    assert b"".join(blocks) == expected
    assert {len(block) for block in blocks[:-1]} == {1000}


def test_a_text_within_the_limit_is_one_call_with_its_bytes_untouched(
    api: AudioApi, server: RecordingServer, tmp_path: Path
) -> None:
    server.answers_always(body=b"\xff\xf3 as it came", headers={"Content-Type": "audio/mpeg"})
    with longform.speak(api, asked()) as result:
        result.save(tmp_path / "short.mp3")
    assert (tmp_path / "short.mp3").read_bytes() == b"\xff\xf3 as it came"
    assert server.last.json == asked()
    assert len(server.requests) == 1


def test_further_keys_of_the_request_go_with_each_part(
    api: AudioApi, server: RecordingServer
) -> None:
    more = {"instructions": "slowly", "speed": 0.5, "exaggeration": 2}
    with longform.speak(api, asked("pcm", **more), max_characters=300) as result:
        result.read()
    for request in server.requests:
        assert {**request.json, "input": TEXT} == asked("pcm", **more)


def test_speech_that_comes_as_events_is_decoded(api: AudioApi, server: RecordingServer) -> None:
    from base64 import b64encode

    def answer(request: Recorded) -> Answer:
        audio = b64encode(samples_of(request.json["input"])).decode()
        events = (
            f'data: {{"type": "speech.audio.delta", "audio": "{audio}"}}\n\n'
            'data: {"type": "speech.audio.done"}\n\n'
        )
        return Answer(body=events, headers={"Content-Type": "text/event-stream"})

    server.answer_with(answer)
    with longform.speak(api, asked("pcm", stream_format="sse"), max_characters=300) as result:
        sound = result.read()
    assert sound == b"".join(samples_of(text) for text in in_order(server))


def test_a_part_that_fails_is_named_and_nothing_is_saved(
    api: AudioApi, server: RecordingServer, tmp_path: Path
) -> None:
    def answer(request: Recorded) -> Answer:
        return Answer(500) if "number 9." in request.json["input"] else Answer(body=spoken(request))

    server.answer_with(answer)
    (tmp_path / "book.mp3").write_bytes(b"an earlier book")
    with (
        longform.speak(api, asked(), max_characters=200) as result,
        pytest.raises(ServiceException, match=r"characters \d+ to \d+ of the text"),
    ):
        result.save(tmp_path / "book.mp3")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"an earlier book"]


def test_an_error_in_the_request_is_raised_before_the_second_part(
    api: AudioApi, server: RecordingServer
) -> None:
    server.answers_always(401, {"error": {"message": "no key"}})
    with pytest.raises(UnauthorizedException):
        longform.speak(api, asked(), max_characters=100)
    assert len(server.requests) == 1


def test_a_part_in_another_format_is_an_error(api: AudioApi, server: RecordingServer) -> None:
    server.answers_always(body=b"no sound at all " * 100, headers={"Content-Type": "audio/mpeg"})
    with (
        longform.speak(api, asked(), max_characters=200) as result,
        pytest.raises(ApiDecodeException, match="cannot be read as mp3"),
    ):
        result.read()


def test_progress_is_reported_in_characters(api: AudioApi) -> None:
    seen: list[tuple[int, int]] = []
    threads: set[int] = set()

    def report(done: int, total: int) -> None:
        seen.append((done, total))
        threads.add(threading.get_ident())

    with longform.speak(api, asked(), max_characters=200, on_progress=report) as result:
        result.read()
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1][0] == seen[-1][1]
    assert threads == {threading.get_ident()}


def test_a_server_may_take_more_than_openai(api: AudioApi, server: RecordingServer) -> None:
    text = "A sentence of some words. " * 400
    with longform.speak(api, asked("pcm", input=text), max_characters=20_000) as result:
        result.read()
    assert server.last.json["input"] == text


@pytest.mark.parametrize(
    ("request_", "options", "message"),
    [
        (asked("ogg"), {}, "cannot be joined; pass one of aac, flac, mp3, opus, pcm, wav"),
        (asked(), {"max_characters": 0}, "max_characters is 0"),
        (asked(), {"workers": 0}, "workers is 0"),
        (asked(input=" \n" * 4000), {}, "nothing but white space"),
    ],
)
def test_invalid_arguments_are_refused_before_anything_is_sent(
    api: AudioApi,
    server: RecordingServer,
    request_: dict[str, Any],
    options: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(ApiValueError, match=message):
        longform.speak(api, request_, **{"max_characters": 200, **options})
    assert not server.requests
