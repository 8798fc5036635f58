"""An upload is a stream: read as the socket takes it, of known length, and nothing is copied."""

from __future__ import annotations

import gc
import hashlib
import io
import json
import mmap
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from calls import WAV, client, piped, transcribe
from tqdm import tqdm
from wire import OK, RawServer, RecordingServer

from openapiopenai import ApiValueError
from openapiopenai._files.reading import BLOCK_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from wire import Connection, Recorded

    from openapiopenai import AudioApi

MEGABYTE = 1024 * 1024
SOUND = WAV + bytes(range(256)) * 4096  # several blocks, and a rest
BEFORE = b"what the caller has read already"
IS_LINUX = Path("/proc/self/clear_refs").exists()


def audio_of(request: Recorded) -> bytes:
    """Return the bytes of the recording in a request."""
    return next(part.content for part in request.form if part.name == "file")


# -- what is sent -------------------------------------------------------------------------------


def path(folder: Path) -> Path:
    made = folder / "speech.wav"
    made.write_bytes(SOUND)
    return made


def started(file: Any) -> Any:
    """Return a file of which the caller has read the beginning."""
    file.write(BEFORE + SOUND)
    file.seek(len(BEFORE))
    return file


def mapped(folder: Path) -> mmap.mmap:
    with path(folder).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


KINDS: dict[str, Callable[[Path], Any]] = {
    "path": path,
    "path as text": lambda folder: str(path(folder)),
    "open file": lambda folder: started((folder / "speech.wav").open("w+b")),
    "raw file": lambda folder: started((folder / "speech.wav").open("w+b", buffering=0)),
    "BytesIO": lambda _: started(io.BytesIO()),
    "bytes": lambda _: SOUND,
    "bytearray": lambda _: bytearray(SOUND),
    "memoryview": lambda _: memoryview(SOUND),
    "wide memoryview": lambda _: memoryview(SOUND).cast("H"),
    "mmap": mapped,
    "(name, path)": lambda folder: ("speech.wav", path(folder)),
    "(name, BytesIO, type)": lambda _: ("speech.wav", started(io.BytesIO()), "audio/wav"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_length_is_exact_and_a_retry_begins_where_the_first_began(
    recording: RecordingServer, api: AudioApi, tmp_path: Path, kind: str
) -> None:
    recording.answer(503, headers={"Retry-After": "0"})
    file = KINDS[kind](tmp_path)
    transcribe(api, file)
    assert [request.chunked for request in recording.requests] == [False, False]
    for request in recording.requests:
        assert int(request.headers["content-length"]) == request.size
        assert hashlib.sha256(audio_of(request)).digest() == hashlib.sha256(SOUND).digest()
    content = file[1] if isinstance(file, tuple) else file
    if hasattr(content, "close"):
        content.close()


@pytest.mark.parametrize("kind", ["open file", "raw file", "BytesIO", "mmap"])
def test_a_callers_file_stays_open_and_stands_at_its_end(
    api: AudioApi, tmp_path: Path, kind: str
) -> None:
    file = KINDS[kind](tmp_path)
    transcribe(api, file)
    assert not file.closed
    assert file.tell() == file.seek(0, io.SEEK_END) or file.tell() == len(SOUND)
    assert file.read() == b""
    file.close()


def test_a_pipe_is_sent_in_chunks_and_only_once(recording: RecordingServer, api: AudioApi) -> None:
    recording.answers_always(503, headers={"Retry-After": "0"})
    with piped(SOUND, buffering=0) as file, pytest.raises(Exception, match="503"):
        transcribe(api, file)
    (request,) = recording.requests
    assert request.chunked
    assert "content-length" not in request.headers
    assert audio_of(request) == SOUND


# -- as the socket takes it ---------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A file of any size that takes no room; ``given`` counts what was read of it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.given = 0
        self.largest = 0
        self._at = 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (self.size if whence == io.SEEK_END else 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        self.largest = max(self.largest, size)
        block = bytes(min(size, self.size - self._at))
        self._at += len(block)
        self.given += len(block)
        return block


def test_a_file_is_read_in_blocks_as_the_socket_takes_them() -> None:
    file = Endless(64 * MEGABYTE)
    given_before_any_was_taken = []

    def takes_none_at_first(connection: Connection) -> None:
        connection.read_head()
        given_before_any_was_taken.append(file.given)
        connection.read(file.size)
        connection.send(OK)

    with RawServer(takes_none_at_first) as server, client(server.host) as api:
        transcribe(api, file)
    assert given_before_any_was_taken[0] < file.size / 2  # what fits into buffers of the system
    assert file.given == file.size
    assert 0 < file.largest <= BLOCK_SIZE


# -- a file that changes ------------------------------------------------------------------------


def shrink(file: Path) -> None:
    os.truncate(file, len(SOUND) - 1)


def grow(file: Path) -> None:
    with file.open("ab") as end:
        end.write(b"!")


@pytest.mark.parametrize("change", [shrink, grow])
@pytest.mark.parametrize("opened", [False, True], ids=["path", "open file"])
def test_a_file_that_changes_its_size_is_an_error_and_no_request(
    recording: RecordingServer,
    tmp_path: Path,
    change: Callable[[Path], None],
    opened: bool,  # noqa: FBT001
) -> None:
    file = path(tmp_path)

    def token() -> str:  # asked for after the file was measured, and before it is sent
        change(file)
        return "sk-test"

    with client(recording.host, access_token=token) as api, file.open("rb") as source:
        with pytest.raises(ApiValueError, match=r"speech\.wav.* changed its size") as told:
            transcribe(api, source if opened else file)
        assert str(len(SOUND)) in str(told.value)
        assert recording.wait_for(lambda: len(recording.unfinished) == 1)
        assert not recording.requests
        api.api_client.configuration.access_token = "sk-test"
        assert transcribe(api) == "hello"


def test_a_file_that_ends_too_early_in_the_middle_is_no_request(
    recording: RecordingServer, api: AudioApi
) -> None:
    class Cut(Endless):
        def read(self, size: int = -1) -> bytes:
            return super().read(size) if self.given < 4 * MEGABYTE else b""

    with pytest.raises(ApiValueError, match="changed its size"):
        transcribe(api, Cut(8 * MEGABYTE))
    assert recording.wait_for(lambda: len(recording.unfinished) == 1)
    assert not recording.requests


def test_a_stream_that_has_nothing_to_give_just_now_is_an_error_and_no_request(
    recording: RecordingServer, api: AudioApi
) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.write(writing, SOUND[:1000])
    with (
        os.fdopen(reading, "rb", buffering=0) as file,
        pytest.raises(ApiValueError, match="blocking"),
    ):
        transcribe(api, file)
    os.close(writing)
    assert not recording.requests


# -- progress -----------------------------------------------------------------------------------


class Bar(tqdm):  # type: ignore[type-arg]
    """A progress bar that draws nowhere, and can be looked at."""

    monitor_interval = 0  # no thread that watches over it
    latest: Bar

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, file=io.StringIO())
        Bar.latest = self


@pytest.mark.parametrize("kind", ["open file", "BytesIO"])
def test_a_progress_bar_is_true(
    recording: RecordingServer, api: AudioApi, tmp_path: Path, kind: str
) -> None:
    with (
        KINDS[kind](tmp_path) as file,
        Bar.wrapattr(file, "read", total=len(SOUND)) as wrapped,
    ):
        transcribe(api, wrapped)
    assert (Bar.latest.n, Bar.latest.total) == (len(SOUND), len(SOUND))
    assert audio_of(recording.last) == SOUND


# -- nothing is copied, nothing is kept ---------------------------------------------------------


def test_what_the_caller_holds_is_free_again_as_soon_as_the_call_ends(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    gc.disable()
    try:
        data = bytearray(SOUND)
        transcribe(api, data)
        data.clear()  # a BufferError while anything looks into it
        pages = mapped(tmp_path)
        recording.answer(500, headers={"x-should-retry": "false"})
        with memoryview(pages) as view, pytest.raises(Exception, match="500"):
            transcribe(api, view)
        pages.close()
    finally:
        gc.enable()


def test_a_stream_does_not_keep_the_recording(recording: RecordingServer, api: AudioApi) -> None:
    recording.answer(200, b"data: [DONE]\n\n", {"Content-Type": "text/event-stream"})
    data = bytearray(SOUND)
    with api.create_transcription_streaming(data, "whisper-1") as stream:
        data.clear()
        assert list(stream) == []


CHILD = """
import io, json, mmap, sys
from pathlib import Path
from openapiopenai import ApiClient, AudioApi, Configuration

def memory(line):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(l.split()[1]) for l in lines if l.startswith(line)) * 1024

host, path = sys.argv[1:]
data = Path(path).read_bytes()
file = open(path, "rb")
pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
sum(memoryview(pages)[::4096])  # all of it is in memory before
sources = {
    "path": path, "open file": file, "memoryview of mmap": memoryview(pages),
    "bytes": data, "bytearray": bytearray(data), "BytesIO": io.BytesIO(data),
    "(name, path)": ("a.wav", path), "raw file": open(path, "rb", buffering=0),
}
api = AudioApi(ApiClient(Configuration(host, access_token="sk-test")))
api.create_transcription(b"RIFF....WAVE", "whisper-1")
grown = {}
for name, source in sources.items():
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = memory("VmRSS")
    assert api.create_transcription(source, "whisper-1").text == "hello"
    grown[name] = memory("VmHWM") - before
print(json.dumps(grown))
"""


@pytest.mark.skipif(not IS_LINUX, reason="the peak of memory is read from /proc")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    large = tmp_path / "large.wav"
    with large.open("wb") as file:
        file.writelines([WAV, *[bytes(MEGABYTE)] * 64])
    with RecordingServer(keep_bodies=False) as server:
        command = [sys.executable, "-c", CHILD, server.host, str(large)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    assert len({request.size for request in server.requests[1:]}) <= 4  # but for the names
    grown = json.loads(told.stdout)
    assert len(grown) == 8
    assert {kind: size for kind, size in grown.items() if size > 2 * MEGABYTE} == {}
