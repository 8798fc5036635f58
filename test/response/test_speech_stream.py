"""Speech as it arrives: handed on at once, and saved whole or not at all."""

from __future__ import annotations

import base64
import itertools
import json
import os
import pickle
import re
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, client, spoken
from wire import (
    RawServer,
    RecordingServer,
    resets_in_answer,
    truncates,
    truncates_chunked,
    whole,
)

from openapiopenai import (
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiTimeoutException,
    ApiValueError,
)
from openapiopenai._response.saving import save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wire import Connection, Script

    from openapiopenai import AudioApi, SpeechStream

MEGABYTE = 1024 * 1024
FIRST, SECOND = b"first" * 20, b"second" * 20
MP3 = {"Content-Type": "audio/mpeg"}
EVENTS = {"Content-Type": "text/event-stream"}
IS_LINUX = Path("/proc/self/clear_refs").exists()


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    """Return a client of the recording server, which speaks in one piece unless told otherwise."""
    recording.answers_always(200, FIRST, {**MP3, "X-Request-Id": "req-1"})
    with client(recording.host) as api:
        yield api


def event(kind: str, **fields: Any) -> bytes:
    return b"data: " + json.dumps({"type": kind, **fields}).encode() + b"\n\n"


def delta(audio: bytes) -> bytes:
    return event("speech.audio.delta", audio=base64.b64encode(audio).decode())


def until(server: RecordingServer, predicate: Callable[[], bool]) -> None:
    """Wait for something that tells nobody when it happens."""
    while not predicate():
        server.wait(seconds=0.005)


# -- as it arrives ------------------------------------------------------------------------------

#: How an answer is framed -> what is sent before the first piece, between the two, and after.
FRAMINGS = {
    "of known length": (f"Content-Length: {len(FIRST + SECOND)}", b"", b"", b""),
    "in two chunks": ("Transfer-Encoding: chunked", b"64\r\n", b"\r\n78\r\n", b"\r\n0\r\n\r\n"),
    "in one large chunk": ("Transfer-Encoding: chunked", b"dc\r\n", b"", b"\r\n0\r\n\r\n"),
    "until the end of the connection": ("Connection: close", b"", b"", b""),
}


@pytest.mark.parametrize("limit", [20.0, (5.0, 20.0)], ids=["over all", "of each wait"])
@pytest.mark.parametrize("framing", FRAMINGS)
def test_the_first_bytes_are_there_before_the_last_are_sent(framing: str, limit: Any) -> None:
    head, before, between, after = FRAMINGS[framing]
    first_is_there = threading.Event()

    def waits(connection: Connection) -> None:
        connection.read_request()
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n{head}\r\n\r\n".encode())
        connection.send(before + FIRST)
        connection.wait(first_is_there)
        connection.send(between + SECOND + after)

    with (
        RawServer(waits) as server,
        client(server.host) as api,
        spoken(api, _request_timeout=limit) as stream,
    ):
        assert next(stream) == FIRST
        first_is_there.set()
        assert b"".join(stream) == SECOND


def test_events_give_the_audio_they_hold_as_they_arrive(
    recording: RecordingServer, api: AudioApi
) -> None:
    first_is_there = recording.gate()

    def events() -> Iterator[bytes]:
        yield delta(FIRST)
        first_is_there.wait()
        yield delta(SECOND) + event("speech.audio.done", usage={"total_tokens": 7})

    recording.answer(200, events(), EVENTS)
    request = {**SPEECH, "stream_format": "sse"}
    with api.create_speech_streaming(request, _request_timeout=20.0) as stream:
        assert (next(stream), stream.usage) == (FIRST, None)
        first_is_there.set()
        assert stream.read() == SECOND
        assert stream.usage is not None
        assert stream.usage.total_tokens == 7
    assert recording.last.headers["accept"] == "text/event-stream"


def test_usage_is_read_under_its_other_name(recording: RecordingServer, api: AudioApi) -> None:
    done = event("speech.audio.done", token_usage={"input_tokens": 3})
    recording.answer(200, delta(FIRST) + done + b"data: [DONE]\n\n", EVENTS)
    with spoken(api) as stream:
        assert stream.read() == FIRST
        assert stream.usage is not None
        assert stream.usage.input_tokens == 3


def test_what_came_with_the_answer_is_there_from_the_beginning(api: AudioApi) -> None:
    with spoken(api) as stream:
        assert (stream.content_type, stream.request_id) == ("audio/mpeg", "req-1")
        assert (stream.status_code, stream.headers["CONTENT-TYPE"]) == (200, "audio/mpeg")
        assert stream.usage is None


@pytest.mark.parametrize("limit", [0.2, (5.0, 0.2)], ids=["over all", "of each wait"])
def test_a_stream_that_stalls_is_late(recording: RecordingServer, limit: Any) -> None:
    def stalls() -> Iterator[bytes]:
        yield FIRST
        recording.wait()

    recording.answer(200, stalls(), MP3)
    with client(recording.host) as api, spoken(api, _request_timeout=limit) as stream:
        assert next(stream) == FIRST
        with pytest.raises(ApiTimeoutException):
            next(stream)


# -- read once ----------------------------------------------------------------------------------


def test_what_was_read_is_not_read_again(api: AudioApi, tmp_path: Path) -> None:
    with spoken(api) as stream:
        assert (stream.read(), stream.read(), list(stream)) == (FIRST, b"", [])
        with pytest.raises(ApiValueError, match="read to its end"):
            stream.save(tmp_path / "empty.mp3")
    assert list(stream) == []
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("read", [next, list, lambda s: s.read(), lambda s: s.save("a.mp3")])
def test_a_stream_that_was_closed_before_its_end_says_so(
    api: AudioApi,
    read: Callable[[SpeechStream], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    stream = spoken(api)
    stream.close()
    stream.close()
    with pytest.raises(ApiValueError, match="closed before its end"):
        read(stream)
    assert not list(tmp_path.iterdir())


def test_a_stream_that_has_failed_gives_no_more(recording: RecordingServer, api: AudioApi) -> None:
    recording.answer(200, event("error", error={"message": "no voice"}), EVENTS)
    with spoken(api) as stream:
        with pytest.raises(ApiException, match="no voice"):
            next(stream)
        with pytest.raises(ApiValueError, match="closed before its end"):
            next(stream)


def test_a_stream_is_not_pickled(api: AudioApi) -> None:
    with spoken(api) as stream, pytest.raises(TypeError, match="pickle"):
        pickle.dumps(stream)


# -- saving -------------------------------------------------------------------------------------


def test_a_saved_file_appears_when_it_is_whole_and_replaces_the_old_one_at_once(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    target = tmp_path / "speech.mp3"
    target.write_bytes(b"old")
    seen: list[Any] = []

    def pieces() -> Iterator[bytes]:
        yield FIRST
        until(recording, lambda: len(list(tmp_path.iterdir())) == 2)
        seen.extend([target.read_bytes(), len(list(tmp_path.iterdir()))])
        yield SECOND

    recording.answer(200, pieces(), MP3)
    with target.open("rb") as reader, spoken(api) as stream:
        stream.save(target)
        assert reader.read() == b"old"
    assert seen == [b"old", 2]
    assert target.read_bytes() == FIRST + SECOND
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_mode_of_a_saved_file_follows_the_umask(
    api: AudioApi, tmp_path: Path, mask: int
) -> None:
    target = tmp_path / "speech.mp3"
    before = os.umask(mask)
    try:
        with spoken(api) as stream:
            stream.save(str(target))
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~mask


def test_a_link_goes_on_leading_to_where_it_led(api: AudioApi, tmp_path: Path) -> None:
    target, link = tmp_path / "speech.mp3", tmp_path / "latest.mp3"
    link.symlink_to(target.name)
    with spoken(api) as stream:
        stream.save(link)
    assert link.is_symlink()
    assert target.read_bytes() == FIRST


@pytest.mark.parametrize("name", ["x" * 255, "\u00e9 \u2028.mp3"])
def test_a_file_may_have_any_name(api: AudioApi, tmp_path: Path, name: str) -> None:
    with spoken(api) as stream:
        stream.save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


SPEAKS_THEN: dict[str, tuple[Script, type[ApiException]]] = {
    "cut": (truncates(FIRST, content_type="audio/mpeg"), ApiConnectionException),
    "cut between chunks": (
        truncates_chunked(FIRST, content_type="audio/mpeg"),
        ApiConnectionException,
    ),
    "cut in a chunk": (
        lambda connection: (
            connection.read_request(),
            connection.send(whole(200, chunks=[FIRST], headers=MP3)[:-20]),
        )[1],
        ApiConnectionException,
    ),
    "reset": (
        resets_in_answer(whole(200, FIRST + SECOND, MP3), len(whole(200, FIRST + SECOND, MP3)) - 9),
        ApiConnectionException,
    ),
    "events without an end": (
        lambda connection: (
            connection.read_request(),
            connection.send(whole(200, delta(FIRST), EVENTS)),
        )[1],
        ApiDecodeException,
    ),
    "an event that tells of an error": (
        lambda connection: (
            connection.read_request(),
            connection.send(whole(200, delta(FIRST) + event("error", error="late"), EVENTS)),
        )[1],
        ApiException,
    ),
}


@pytest.mark.parametrize("fault", SPEAKS_THEN)
@pytest.mark.parametrize("old", [[], ["speech.mp3"]], ids=["a new file", "an old file"])
def test_a_stream_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, fault: str, old: list[str]
) -> None:
    script, error = SPEAKS_THEN[fault]
    for name in old:
        (tmp_path / name).write_bytes(b"old")
    with RawServer(script) as server, client(server.host, retries=False) as api:
        with spoken(api) as stream, pytest.raises(error):
            stream.save(tmp_path / "speech.mp3")
        assert server.wait_for(lambda: server.open_connections == 0)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(
        old, b"old"
    )


def test_an_interrupt_in_the_middle_leaves_nothing_behind(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    interrupted = recording.gate()
    main = threading.main_thread().ident
    assert main is not None

    def interrupts() -> Iterator[bytes]:
        yield b"x" * MEGABYTE  # more than a file holds back
        until(recording, lambda: any(path.stat().st_size for path in tmp_path.iterdir()))
        signal.pthread_kill(main, signal.SIGINT)
        interrupted.wait()

    recording.answer(200, interrupts(), MP3)
    with spoken(api) as stream, pytest.raises(KeyboardInterrupt):
        stream.save(tmp_path / "speech.mp3")
    assert not list(tmp_path.iterdir())
    interrupted.set()
    assert recording.wait_for(lambda: recording.open_connections == 0)


def test_an_interrupt_as_the_file_is_opened_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opens = os.open

    def interrupted(*args: Any, **kwargs: Any) -> int:
        os.close(opens(*args, **kwargs))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save([FIRST], tmp_path / "speech.mp3")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("looks", range(1, 5))
def test_a_file_that_another_process_makes_meanwhile_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    target = tmp_path / "speech.mp3"
    look = os.stat
    missing = itertools.count(1)

    def overtaken(path: Any, **options: Any) -> os.stat_result:
        try:
            return look(path, **options)
        except FileNotFoundError:
            if next(missing) == looks:
                target.write_bytes(SECOND)
            raise

    monkeypatch.setattr(os, "stat", overtaken)
    save([FIRST], target)
    assert target.read_bytes() == FIRST
    assert list(tmp_path.iterdir()) == [target]


def child(script: str, *arguments: str) -> Any:
    """Run a script in a process of its own, with warnings as errors, and return its JSON."""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", script, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(command, env=environment, check=True, capture_output=True)
    assert told.stderr == b""
    return json.loads(told.stdout)


FULL = """
import errno, json, os, resource, sys
from openapiopenai import ApiClient, AudioApi, Configuration

host, folder = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
speech = {"model": "tts-1", "voice": "alloy", "input": "hello"}
with ApiClient(Configuration(host, access_token="sk-test")) as api_client:
    with AudioApi(api_client).create_speech_streaming(speech) as stream:
        try:
            stream.save(folder + "/speech.mp3")
        except OSError as error:
            print(json.dumps([errno.errorcode[error.errno], os.listdir(folder)]))
unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)  # whoever measures this writes files, too
"""


@pytest.mark.skipif(not IS_LINUX, reason="the disk is made small as Linux does it")
@pytest.mark.parametrize("size", [100_001, 3 * MEGABYTE], ids=["at its end", "in the middle"])
def test_a_full_disk_leaves_nothing_behind(
    recording: RecordingServer, tmp_path: Path, size: int
) -> None:
    recording.answer(200, bytes([7]) * size, MP3)
    assert child(FULL, recording.host, str(tmp_path)) == ["EFBIG", []]


@pytest.mark.parametrize("place", ["missing/speech.mp3", "file/speech.mp3", "locked/speech.mp3"])
def test_where_no_file_can_be_made_the_stream_is_still_to_be_read(
    api: AudioApi, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "locked").mkdir(mode=0o500)
    if place.startswith("locked") and os.access(tmp_path / "locked", os.W_OK):
        pytest.skip("this user may write everywhere")
    with spoken(api) as stream:
        with pytest.raises(OSError, match=re.escape(f"{tmp_path / place}'")):
            stream.save(tmp_path / place)
        assert stream.read() == FIRST
    assert {path.name for path in tmp_path.rglob("*")} == {"file", "locked"}


@pytest.mark.parametrize("place", [".", "/dev/null"])
def test_what_is_not_a_file_is_not_replaced_by_one(
    api: AudioApi, tmp_path: Path, place: str
) -> None:
    with spoken(api) as stream:
        with pytest.raises(ApiValueError, match="is not a file"):
            stream.save(tmp_path / place)
        assert stream.read() == FIRST


def test_a_stream_that_was_read_gives_its_connection_back(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    recording.answer(200, FIRST, MP3)
    recording.answer(200, iter([FIRST, SECOND]), MP3)
    recording.answer(200, iter([delta(FIRST), event("speech.audio.done")]), EVENTS)
    for _ in range(3):
        with spoken(api) as stream:
            stream.read()
    spoken(api).save(tmp_path / "speech.mp3")
    assert (recording.connections, len(recording.requests)) == (1, 4)


# -- memory -------------------------------------------------------------------------------------

PEAK = """
import json, sys
from pathlib import Path
from openapiopenai import ApiClient, AudioApi, Configuration

def memory(line):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(l.split()[1]) for l in lines if l.startswith(line)) * 1024

host, target = sys.argv[1:]
speech = {"model": "tts-1", "voice": "alloy", "input": "hello"}
grown = []
with ApiClient(Configuration(host, access_token="sk-test")) as api_client:
    api = AudioApi(api_client)
    for _ in range(4):
        with api.create_speech_streaming(speech) as stream:
            before = memory("VmRSS")
            Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
            stream.save(target)
            grown.append([Path(target).stat().st_size, memory("VmHWM") - before])
print(json.dumps(grown[1:]))
"""


@pytest.mark.skipif(not IS_LINUX, reason="the peak of memory is read from /proc")
def test_memory_does_not_grow_with_the_speech(recording: RecordingServer, tmp_path: Path) -> None:
    block = bytes(range(256)) * 4096
    size = 64 * MEGABYTE
    recording.answer(200, FIRST, MP3)
    recording.answer(200, (block for _ in range(64)), {**MP3, "Content-Length": str(size)})
    recording.answer(200, (block for _ in range(64)), MP3)
    events = (delta(block) for _ in range(8))
    recording.answer(
        200, (piece for part in (events, [event("speech.audio.done")]) for piece in part), EVENTS
    )
    (known, grown), (chunked, grown_chunked), (decoded, grown_decoded) = child(
        PEAK, recording.host, str(tmp_path / "speech.mp3")
    )
    assert (known, chunked, decoded) == (size, size, 8 * MEGABYTE)
    assert max(grown, grown_chunked) <= 2 * MEGABYTE
    assert grown_decoded <= 16 * MEGABYTE  # an event, its text, and what they decode to
