"""Sources that fail, lie about their size, or never have data: an error over the file, once."""

from __future__ import annotations

import io
import os
import threading
import time
from typing import TYPE_CHECKING

import pytest
import urllib3
from calls import WAV, client, transcribe

from openapiopenai import ApiTimeoutException, ApiValueError
from openapiopenai._files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wire import RecordingServer

    from openapiopenai import AudioApi

has_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    with client(recording.host) as api:
        yield api


# -- failures -----------------------------------------------------------------------------------


class Failing(io.BytesIO):
    """A recording of which one method fails at some call."""

    name = "a.wav"

    def __init__(self, method: str, call: int, error: BaseException) -> None:
        super().__init__(WAV * 10_000)
        self._fails = (method, call, error)
        self.calls: list[str] = []

    def _count(self, method: str) -> None:
        self.calls.append(method)
        failing, call, error = self._fails
        if method == failing and self.calls.count(method) == call:
            raise error

    def read(self, size: int | None = -1, /) -> bytes:
        if size:
            self._count("read")
        return super().read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._count("seek")
        return super().seek(offset, whence)

    def tell(self) -> int:
        self._count("tell")
        return super().tell()


ERRORS = [
    OSError("the disk is gone"),
    TimeoutError("too late"),
    ConnectionResetError("reset"),
    EOFError(),
    RuntimeError("broken"),
    TypeError("wrong"),
    urllib3.exceptions.ProtocolError("broken", ConnectionResetError()),
    urllib3.exceptions.ReadTimeoutError(None, "/", "timed out"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(("method", "call"), [("read", 1), ("read", 2), ("seek", 3)])
def test_a_source_that_fails_is_an_error_over_the_argument_and_not_retried(
    recording: RecordingServer, api: AudioApi, error: Exception, method: str, call: int
) -> None:
    file = Failing(method, call, error)
    with pytest.raises(ApiValueError, match=r"^reading a\.wav failed: ") as caught:
        transcribe(api, file)
    assert caught.value.__cause__ is error
    assert recording.requests == []
    assert recording.wait_for(lambda: len(recording.unfinished) <= 1)
    assert file.calls.count(method) == call


@pytest.mark.parametrize(("method", "call"), [("tell", 1), ("seek", 1), ("seek", 2)])
def test_a_source_that_fails_while_it_is_measured_is_refused(method: str, call: int) -> None:
    with pytest.raises(ApiValueError, match=r"^reading a\.wav failed: broken"):
        Upload.of(Failing(method, call, RuntimeError("broken")))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
def test_an_interrupt_is_no_error_over_the_file(api: AudioApi, error: BaseException) -> None:
    with pytest.raises(type(error)):
        transcribe(api, Failing("read", 1, error))


# -- lies about the size ------------------------------------------------------------------------


class Overflowing(io.BytesIO):
    """A file whose ``read`` returns more than was requested."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size) + b"POST /smuggled HTTP/1.1\r\n\r\n" if size else b""


class NeverEnding(io.BytesIO):
    """A file that always has as much as is requested."""

    def read(self, size: int | None = -1, /) -> bytes:
        return bytes(size or 0)


@pytest.mark.parametrize(("kind", "told"), [(Overflowing, "requested"), (NeverEnding, "changed")])
def test_nothing_leaves_beyond_the_announced_length(
    recording: RecordingServer, api: AudioApi, kind: type[io.BytesIO], told: str
) -> None:
    with pytest.raises(ApiValueError, match=told):
        transcribe(api, ("a.wav", kind(WAV * 10_000)))
    assert recording.requests == []
    assert transcribe(api) == "hello"
    assert [request.path for request in recording.requests] == ["/v1/audio/transcriptions"]


def test_a_device_without_data_is_empty_audio(recording: RecordingServer, api: AudioApi) -> None:
    with pytest.raises(ApiValueError, match=f"the audio is empty: {os.devnull}"):
        transcribe(api, os.devnull)
    assert recording.requests == recording.unfinished == []


# -- pipes without data -------------------------------------------------------------------------


@has_pipes
@pytest.mark.parametrize("buffering", [0, -1])
@pytest.mark.parametrize("beginning", [b"", WAV])
@pytest.mark.parametrize("name", ["", "a.wav"])
def test_a_silent_pipe_is_waited_for_within_the_deadline(
    recording: RecordingServer, api: AudioApi, buffering: int, beginning: bytes, name: str
) -> None:
    reading, writing = os.pipe()
    os.write(writing, beginning)
    started = time.monotonic()
    with os.fdopen(reading, "rb", buffering) as file, pytest.raises(ApiTimeoutException) as caught:
        transcribe(api, (name, file), _request_timeout=0.3)
    assert time.monotonic() - started < 10
    assert caught.value.attempts == 1
    assert recording.requests == []
    os.close(writing)


@has_pipes
@pytest.mark.parametrize("has_writer", [False, True])
@pytest.mark.parametrize("name", ["talk.wav", "talk"])
def test_a_silent_named_pipe_is_waited_for_within_the_deadline(
    recording: RecordingServer,
    api: AudioApi,
    tmp_path: Path,
    has_writer: bool,  # noqa: FBT001
    name: str,
) -> None:
    path = tmp_path / name
    os.mkfifo(path)
    writing = os.open(path, os.O_RDWR) if has_writer else None
    with pytest.raises(ApiTimeoutException):
        transcribe(api, path, _request_timeout=0.3)
    assert recording.requests == []
    if writing is not None:
        os.close(writing)


@has_pipes
def test_a_pipe_that_falls_silent_is_waited_for_between_bytes() -> None:
    reading, writing = os.pipe()
    os.write(writing, WAV)
    with os.fdopen(reading, "rb") as file:
        blocks = Upload.of(file).blocks(lambda: 0.2)
        assert next(blocks) == WAV
        with pytest.raises(TimeoutError, match=r"the BufferedReader had no data within 0\.2 s"):
            next(blocks)
    os.close(writing)


@has_pipes
def test_a_pipe_is_not_read_before_the_call() -> None:
    reading, writing = os.pipe()
    os.write(writing, WAV)
    os.close(writing)
    with os.fdopen(reading, "rb", 0) as file:
        upload = Upload.of(file)
        assert file.read(4) == WAV[:4]
        assert b"".join(upload.blocks()) == WAV[4:]


@has_pipes
def test_a_named_pipe_is_sent_within_a_deadline(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "talk"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[WAV])
    writer.start()
    assert transcribe(api, path, _request_timeout=20) == "hello"
    writer.join()
    part = recording.last.form[0]
    assert (part.filename, part.content) == ("talk.wav", WAV)
