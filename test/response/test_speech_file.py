"""Streamed speech as a readable file, and as a file that is saved."""

from __future__ import annotations

import io
import os
import shutil
import stat
import tarfile
import wave
from typing import TYPE_CHECKING, Any

import pytest
from calls import client, spoken
from wire import Answer, RecordingServer

from openapiopenai import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openapiopenai import AudioApi

BLOCKS = [b"first" * 2000, b"second" * 3000, b"third"]
AUDIO = b"".join(BLOCKS)
MP3 = {"Content-Type": "audio/mpeg"}


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    """Return a client of a server that speaks in three chunks."""
    recording.answer_with(lambda _: answer())
    with client(recording.host) as api:
        yield api


def answer(blocks: list[bytes] | None = None) -> Answer:
    return Answer(200, iter(blocks or BLOCKS), MP3)


# -- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 4096, len(AUDIO), len(AUDIO) + 1, 10**9])
def test_a_read_returns_as_many_bytes_as_it_asks_for(api: AudioApi, size: int) -> None:
    with spoken(api) as stream:
        blocks = list(iter(lambda: stream.read(size), b""))
        assert stream.read(size) == stream.read() == b""
    assert b"".join(blocks) == AUDIO
    assert {len(block) for block in blocks[:-1]} <= {size}


@pytest.mark.parametrize("size", [-1, None])
def test_a_read_without_a_size_returns_all_that_is_left(api: AudioApi, size: int | None) -> None:
    with spoken(api) as stream:
        assert stream.read(3) + stream.read(size) == AUDIO


def test_what_a_read_leaves_of_a_block_is_iterated_over(api: AudioApi) -> None:
    with spoken(api) as stream:
        assert stream.read(0) == b""
        assert stream.read(3) + next(stream) + b"".join(stream) == AUDIO


def test_read1_returns_what_has_arrived(api: AudioApi) -> None:
    with spoken(api) as stream:
        assert stream.read1(4) == AUDIO[:4]
        rest = stream.read1()
        assert rest
        assert AUDIO[4:].startswith(rest)


def test_iter_bytes_divides_evenly(api: AudioApi) -> None:
    with spoken(api) as stream:
        sizes = [len(block) for block in stream.iter_bytes(10_000)]
    assert sizes == [10_000, 10_000, 8_005]
    with spoken(api) as stream:
        assert b"".join(stream.iter_bytes()) == AUDIO
    with spoken(api) as stream, pytest.raises(ApiValueError, match="chunk_size is 0"):
        stream.iter_bytes(0)


def test_a_closed_stream_is_not_read_on(api: AudioApi) -> None:
    with spoken(api) as stream:
        stream.read(3)
        blocks = stream.iter_bytes(3)
        assert not stream.closed
    assert stream.closed
    for read in (stream.read, lambda: stream.read(1), stream.read1, lambda: next(blocks)):
        with pytest.raises(ApiValueError, match="closed before its end"):
            read()


# -- what takes files ---------------------------------------------------------------------------


def test_copyfileobj_copies_it(api: AudioApi) -> None:
    target = io.BytesIO()
    with spoken(api) as stream:
        shutil.copyfileobj(stream, target, 1000)
    assert target.getvalue() == AUDIO


def test_io_wraps_it(api: AudioApi) -> None:
    with spoken(api) as stream, io.BufferedReader(stream) as buffered:  # type: ignore[arg-type]
        assert buffered.peek(5)[:5] == AUDIO[:5]
        assert buffered.read(10) + buffered.read() + buffered.read() == AUDIO
    with spoken(api) as stream, io.TextIOWrapper(stream, "ascii") as text:
        assert text.read() == AUDIO.decode()
    assert stream.closed


def test_tarfile_archives_it(api: AudioApi, tmp_path: Path) -> None:
    entry = tarfile.TarInfo("speech.mp3")
    entry.size = len(AUDIO)
    with tarfile.open(tmp_path / "a.tar", "w") as archive, spoken(api) as stream:
        archive.addfile(entry, stream)
    with tarfile.open(tmp_path / "a.tar") as archive:
        member = archive.extractfile("speech.mp3")
        assert member is not None
        assert member.read() == AUDIO


def test_wave_reads_it(recording: RecordingServer, api: AudioApi) -> None:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 24_000, 0, "NONE", ""))
        file.writeframes(bytes(4800))
    recording.answer_with(lambda _: answer([made.getvalue()[:50], made.getvalue()[50:]]))
    with spoken(api) as stream, wave.open(stream, "rb") as file:  # type: ignore[arg-type]
        assert (file.getframerate(), file.getnframes()) == (24_000, 2400)
        assert file.readframes(2400) == bytes(4800)


def test_it_can_be_sent_as_a_recording(recording: RecordingServer, api: AudioApi) -> None:
    with spoken(api) as stream:
        recording.answer_with(lambda _: Answer(200, {"text": "heard"}))
        assert api.create_transcription(("a.mp3", stream), "whisper-1").text == "heard"
    sent = next(part for part in recording.last.form if part.name == "file")
    assert sent.content == AUDIO


# -- saving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("buffering", [-1, 0])
def test_it_is_saved_to_an_open_file(api: AudioApi, tmp_path: Path, buffering: int) -> None:
    with (tmp_path / "a.mp3").open("wb", buffering) as file, spoken(api) as stream:
        file.write(b"before")
        stream.save(file)  # type: ignore[arg-type]
    assert (tmp_path / "a.mp3").read_bytes() == b"before" + AUDIO


@pytest.mark.parametrize("target", [io.StringIO(), 1, None, b"a.mp3"])
def test_it_is_not_saved_to_anything_else(api: AudioApi, target: Any) -> None:
    with spoken(api) as stream:
        with pytest.raises(ApiTypeError, match="opened with 'wb'"):
            stream.save(target)
        assert stream.read() == AUDIO


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666, 0o400])
@pytest.mark.parametrize("is_link", [False, True])
def test_a_file_that_replaces_another_keeps_its_mode(
    api: AudioApi, tmp_path: Path, mode: int, *, is_link: bool
) -> None:
    target = tmp_path / "speech.mp3"
    target.write_bytes(b"old")
    target.chmod(mode)
    path = tmp_path / "link.mp3" if is_link else target
    if is_link:
        path.symlink_to(target)
    with spoken(api) as stream:
        stream.save(path)
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert target.read_bytes() == AUDIO


def test_the_file_and_its_directory_are_synchronized_around_the_renaming(
    api: AudioApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "speech.mp3"
    synchronized: list[tuple[bool, int, bool]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        status = os.fstat(descriptor)
        is_directory = stat.S_ISDIR(status.st_mode)
        synchronized.append((is_directory, 0 if is_directory else status.st_size, target.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    with spoken(api) as stream:
        stream.save(target)
    assert synchronized == [(False, len(AUDIO), False), (True, 0, True)]


def test_a_name_that_no_file_can_have_is_an_error_of_ours(api: AudioApi, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    for path in (tmp_path / "a\0b.mp3", tmp_path / "one"):
        with spoken(api) as stream:
            with pytest.raises(ApiValueError, match=r"mp3|one"):
                stream.save(path)
            assert stream.read() == AUDIO


# -- what it says of itself ---------------------------------------------------------------------


def test_a_stream_says_what_it_is_and_no_more(api: AudioApi) -> None:
    with spoken(api) as stream:
        assert repr(stream) == "<SpeechStream: open, status 200, 'audio/mpeg', 0 bytes so far>"
        stream.read(3)
        assert "open, status 200" in repr(stream)
        stream.read()
        assert repr(stream).startswith("<SpeechStream: complete, ")
        assert repr(stream).endswith(f", {len(AUDIO)} bytes so far>")
    closed = spoken(api)
    closed.close()
    assert repr(closed).startswith("<SpeechStream: closed, ")
