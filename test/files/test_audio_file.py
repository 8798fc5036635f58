"""What may be passed as ``file``, and what arrives: every kind, its name and its content type."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import threading
from typing import TYPE_CHECKING, Any

import pytest
from calls import WAV, piped

from openapiopenai import ApiTypeError, ApiValueError, AudioApi
from openapiopenai._files.formats import CONTENT_TYPES
from openapiopenai._files.reading import BLOCK_SIZE
from openapiopenai._files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wire import Part, RecordingServer

UNKNOWN = b"no container that anybody knows"
MAGIC = {
    "wav": b"RIFF\0\0\0\0WAVEfmt ",
    "flac": b"fLaC\0\0\0\x22",
    "ogg": b"OggS\0\x02\0\0",
    "mp3": b"ID3\x04\0\0\0\0",
    "m4a": b"\0\0\0\x20ftypM4A \0\0\0\0",
    "mp4": b"\0\0\0\x20ftypisom\0\0\0\0",
    "mov": b"\0\0\0\x14ftypqt  \0\0\0\0",
    "webm": b"\x1aE\xdf\xa3\x9fB\x86\x81",
    "aac": b"\xff\xf1\x50\x80\0\0",
    "aiff": b"FORM\0\0\1\0AIFFCOMM",
    "wma": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9",
    "amr": b"#!AMR\n",
    "caf": b"caff\0\1\0\0desc",
    "wv": b"wvpk\xb2\0\0\0",
    "ape": b"MAC \x96\x0f\0\0",
}
TAG = b"ID3\x04\0\0\0\0\x02\x01" + bytes(257)  # 2 * 128 + 1 bytes follow its header
MPEG_FRAMES = [b"\xff\xfb\x90\x64", b"\xff\xf3\x14\xc4", b"\xff\xe3\x18\xc4", b"\xff\xfa\x90\x04"]
ADTS_FRAMES = [b"\xff\xf1\x50\x80", b"\xff\xf9\x50\x80", b"\xff\xf0\x50\x80"]


def sent(recording: RecordingServer, api: AudioApi, file: Any) -> Part:
    """Send a recording and give the part that arrived."""
    api.create_transcription(file, "whisper-1")
    assert not any(part.filename for part in recording.last.form[1:])
    return recording.last.form[0]


class Readable:
    """A file of somebody's own: it can be read, and nothing else."""

    def __init__(self, data: bytes, **attributes: object) -> None:
        self._file = io.BytesIO(data)
        self.__dict__.update(attributes)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


# -- names ----------------------------------------------------------------------------------


def test_the_callers_name_comes_first(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "on_disk.wav"
    path.write_bytes(WAV)
    for content in (WAV, path, str(path), io.BytesIO(WAV), Readable(WAV, name="other.wav")):
        part = sent(recording, api, ("mine.ogg", content))
        assert (part.filename, part.content_type) == ("mine.ogg", "audio/ogg")
        assert part.content == WAV
    with path.open("rb") as file:
        assert sent(recording, api, ("mine.ogg", file)).filename == "mine.ogg"


def test_a_path_names_itself_without_its_directory(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "a b" / "talk.MP3"
    path.parent.mkdir()
    path.write_bytes(UNKNOWN)
    for file in (path, str(path), os.fspath(path)):
        part = sent(recording, api, file)
        assert (part.filename, part.content_type) == ("talk.MP3", "audio/mpeg")


def test_an_open_file_is_named_by_its_path(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "talk.flac"
    path.write_bytes(UNKNOWN)
    with path.open("rb") as file:
        assert sent(recording, api, file).filename == "talk.flac"
    with open(os.fsencode(path), "rb") as file:  # noqa: PTH123 - a name in bytes is the point
        assert sent(recording, api, file).filename == "talk.flac"


@pytest.mark.parametrize("name", [3, None, "<stdin>", "", ["x"]])
def test_a_name_that_is_none_is_not_used(
    recording: RecordingServer, api: AudioApi, name: object
) -> None:
    assert sent(recording, api, Readable(WAV, name=name)).filename == "audio.wav"


def test_a_file_of_a_descriptor_is_recognised(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(MAGIC["flac"])
    with os.fdopen(os.open(path, os.O_RDONLY), "rb") as file:
        part = sent(recording, api, file)
    assert (part.filename, part.content) == ("audio.flac", MAGIC["flac"])


@pytest.mark.parametrize("name", [None, ""])
def test_a_tuple_without_a_name_is_as_its_content(
    recording: RecordingServer, api: AudioApi, tmp_path: Path, name: str | None
) -> None:
    path = tmp_path / "talk.ogg"
    path.write_bytes(WAV)
    assert sent(recording, api, (name, path)).filename == "talk.ogg"
    assert sent(recording, api, (name, WAV)).filename == "audio.wav"
    part = sent(recording, api, (name, WAV, None))
    assert (part.filename, part.content_type) == ("audio.wav", "audio/wav")


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("/etc/talk.wav", "talk.wav"),
        ("..\\..\\talk.wav", "talk.wav"),
        ("C:\\music/talk.wav", "talk.wav"),
        ("folder/", "audio"),
        ("a;b=c.wav", "a;b=c.wav"),
    ],
)
def test_names_lose_their_directory(
    recording: RecordingServer, api: AudioApi, name: str, base: str
) -> None:
    assert sent(recording, api, (name, WAV)).filename == base


# -- recognition ----------------------------------------------------------------------------


@pytest.mark.parametrize("extension", list(MAGIC))
def test_a_container_is_recognised_by_its_first_bytes(
    recording: RecordingServer, api: AudioApi, extension: str
) -> None:
    data = MAGIC[extension]
    for file in (data, bytearray(data), memoryview(data), io.BytesIO(data), Readable(data)):
        part = sent(recording, api, file)
        assert part.filename == f"audio.{extension}"
        assert part.content_type == CONTENT_TYPES[extension]
        assert part.content == data


@pytest.mark.parametrize("frame", MPEG_FRAMES)
def test_an_mpeg_frame_is_mp3(frame: bytes) -> None:
    assert Upload.of(frame).name == "audio.mp3"


@pytest.mark.parametrize("frame", ADTS_FRAMES)
def test_an_adts_frame_is_aac(frame: bytes) -> None:
    assert Upload.of(frame).name == "audio.aac"


def test_aifc_and_an_audio_book_are_known_by_their_second_names() -> None:
    assert Upload.of(b"FORM\0\0\1\0AIFCFVER").name == "audio.aiff"
    assert Upload.of(b"\0\0\0\x20ftypM4B \0\0").name == "audio.m4a"


@pytest.mark.parametrize(
    ("behind", "extension"),
    [
        (MAGIC["flac"], "flac"),
        (MAGIC["aac"], "aac"),
        (MAGIC["wv"], "wv"),
        (MPEG_FRAMES[0], "mp3"),
        (UNKNOWN, "mp3"),
        (b"", "mp3"),
        (TAG + MAGIC["flac"], "flac"),
    ],
)
def test_what_stands_behind_an_id3_tag_decides(
    recording: RecordingServer, api: AudioApi, tmp_path: Path, behind: bytes, extension: str
) -> None:
    data = TAG + behind
    path = tmp_path / "take"
    path.write_bytes(data)
    for file in (data, memoryview(data), io.BytesIO(data), Readable(data), path):
        part = sent(recording, api, file)
        assert part.filename.endswith(f".{extension}")
        assert part.content == data


def test_a_tag_with_a_footer_is_longer_by_that() -> None:
    tag = b"ID3\x04\0\x10\0\0\0\0" + b"3DI\x04\0\x10\0\0\0\0"
    assert Upload.of(tag + MAGIC["flac"]).name == "audio.flac"


def test_a_tag_that_is_longer_than_a_block_is_not_read_off_a_stream() -> None:
    tag = b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(2 * BLOCK_SIZE)
    upload = Upload.of(Readable(tag))
    assert upload.name == "audio.mp3"
    assert b"".join(upload.blocks()) == tag


@pytest.mark.parametrize("data", [UNKNOWN, b"\xff", b"\xff\x1f\0", b"RIFF\0\0\0\0AVI ", b"\0"])
def test_what_is_not_recognised_has_a_name_all_the_same(
    recording: RecordingServer, api: AudioApi, data: bytes
) -> None:
    part = sent(recording, api, data)
    assert (part.filename, part.content_type) == ("audio.bin", "application/octet-stream")
    assert part.content == data


# -- content types --------------------------------------------------------------------------


def test_the_content_type_comes_from_our_own_table(
    recording: RecordingServer, api: AudioApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mimetypes

    monkeypatch.setattr(mimetypes, "guess_type", lambda *_, **__: ("x/y", None))
    for extension, content_type in CONTENT_TYPES.items():
        part = sent(recording, api, (f"talk.{extension.upper()}", UNKNOWN))
        assert part.content_type == content_type


def test_every_format_of_the_api_is_in_the_table() -> None:
    documented = {"flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"}
    assert documented <= CONTENT_TYPES.keys()
    assert all(kind.startswith(("audio/", "video/")) for kind in CONTENT_TYPES.values())


def test_a_callers_content_type_wins(recording: RecordingServer, api: AudioApi) -> None:
    part = sent(recording, api, ("talk.wav", WAV, "audio/x-mine; rate=8000"))
    assert part.content_type == "audio/x-mine; rate=8000"


def test_a_name_without_a_known_ending_is_typed_by_the_first_bytes(
    recording: RecordingServer, api: AudioApi
) -> None:
    assert sent(recording, api, ("recording", WAV)).content_type == "audio/wav"
    assert sent(recording, api, ("x.dat", io.BytesIO(WAV))).content_type == "audio/wav"
    assert sent(recording, api, ("x.dat", UNKNOWN)).content_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "sent_as"),
    [
        ("take", "take.wav"),
        ("take.", "take.wav"),
        (".take", ".take.wav"),
        ("take.dat", "take.dat"),
        ("voice.opus", "voice.ogg"),
        ("voice.OPUS", "voice.ogg"),
        ("voice.oga", "voice.ogg"),
        ("book.m4b", "book.m4a"),
        ("clip.weba", "clip.webm"),
        ("opus", "opus.wav"),
    ],
)
def test_a_path_gets_an_extension_that_servers_accept(
    recording: RecordingServer, api: AudioApi, tmp_path: Path, name: str, sent_as: str
) -> None:
    path = tmp_path / name
    path.write_bytes(WAV)
    with path.open("rb") as file:
        for given in (path, file):
            part = sent(recording, api, given)
            assert (part.filename, part.content) == (sent_as, WAV)
            assert part.content_type == CONTENT_TYPES.get(sent_as.rpartition(".")[2], "audio/wav")
    assert sent(recording, api, (name, path)).filename == name


def test_a_path_of_unknown_content_keeps_its_name(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "recording"
    path.write_bytes(UNKNOWN)
    part = sent(recording, api, path)
    assert (part.filename, part.content_type) == ("recording", "application/octet-stream")


# -- escaping -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "on_the_wire"),
    [
        ('say "hi".wav', "say %22hi%22.wav"),
        ("a\r\nX-Evil: 1.wav", "a%0D%0AX-Evil: 1.wav"),
        ("a\nb.wav", "a%0Ab.wav"),
        ("a\0b\x7f.wav", "a%00b%7F.wav"),
        ("\u043f\u0440\u0438\u0432\u0435\u0442 \u4f60\u597d.wav",) * 2,
        ("\U0001f3a4.wav",) * 2,
        ("50%.wav",) * 2,
        ("\udcff.wav", "?.wav"),  # a name on disk that is not UTF-8
    ],
)
def test_names_are_escaped_and_inject_nothing(
    recording: RecordingServer, api: AudioApi, name: str, on_the_wire: str
) -> None:
    part = sent(recording, api, (name, WAV))
    assert part.filename == on_the_wire
    assert set(part.headers) == {"content-disposition", "content-type"}


def test_a_content_type_injects_nothing(recording: RecordingServer, api: AudioApi) -> None:
    part = sent(recording, api, ("a.wav", WAV, "audio/wav\r\nX-Evil: 1\r\n\r\nx"))
    assert part.content_type == "audio/wav%0D%0AX-Evil: 1%0D%0A%0D%0Ax"
    assert part.content == WAV


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_not_utf_8_can_be_sent(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xff.wav")  # noqa: PTH118 - bytes
    with open(path, "wb") as file:  # noqa: PTH123 - bytes
        file.write(WAV)
    assert sent(recording, api, os.fsdecode(path)).filename == "?.wav"


# -- reading --------------------------------------------------------------------------------


def test_a_file_is_read_from_where_it_stands_and_stays_open(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(b"skipped" + WAV)
    with path.open("rb") as file:
        file.seek(len(b"skipped"))
        assert sent(recording, api, file).content == WAV
        assert not file.closed
    memory = io.BytesIO(b"skipped" + WAV)
    memory.seek(len(b"skipped"))
    part = sent(recording, api, memory)
    assert (part.filename, part.content) == ("audio.wav", WAV)
    assert not memory.closed


def test_a_stream_that_cannot_be_sought_is_sent_whole(
    recording: RecordingServer, api: AudioApi
) -> None:
    data = WAV + bytes(range(256)) * (3 * BLOCK_SIZE // 256)
    with piped(data) as pipe:
        part = sent(recording, api, pipe)
    assert part.filename == "audio.wav"
    assert part.content == data
    assert recording.last.chunked


def test_anything_that_gives_bytes_when_read_will_do(
    recording: RecordingServer, api: AudioApi
) -> None:
    assert sent(recording, api, Readable(WAV)).content == WAV


def test_a_file_whose_seek_gives_nothing_back_will_do(
    recording: RecordingServer, api: AudioApi
) -> None:
    class Quiet(io.BytesIO):
        def seek(self, *args: int) -> int:
            super().seek(*args)
            return None  # type: ignore[return-value] # as some wrappers do

    assert sent(recording, api, Quiet(WAV)).content == WAV
    assert recording.last.headers["content-length"] == str(recording.last.size)


def test_a_file_that_is_still_in_memory_will_do(recording: RecordingServer, api: AudioApi) -> None:
    with tempfile.SpooledTemporaryFile() as file:
        shutil.copyfileobj(io.BytesIO(WAV), file)
        file.seek(0)
        part = sent(recording, api, file)
    assert (part.filename, part.content) == ("audio.wav", WAV)


def test_a_memoryview_of_any_shape_is_sent_as_its_bytes(
    recording: RecordingServer, api: AudioApi
) -> None:
    samples = memoryview(WAV).cast("H")
    assert sent(recording, api, samples).content == WAV


def test_bytes_are_sent_as_views_of_what_the_caller_holds() -> None:
    data = bytearray(3 * BLOCK_SIZE)
    blocks = list(Upload.of(data).blocks())
    assert [len(block) for block in blocks] == [BLOCK_SIZE] * 3
    assert all(isinstance(block, memoryview) and block.obj is data for block in blocks)


def test_an_upload_can_be_made_once_and_sent_twice(
    recording: RecordingServer, api: AudioApi
) -> None:
    upload = Upload.of(("talk.wav", io.BytesIO(WAV)))
    assert (upload.size, upload.rewindable) == (len(WAV), True)
    assert repr(upload) == f"Upload('talk.wav', 'audio/wav', size={len(WAV)})"
    for _ in range(2):
        assert sent(recording, api, upload).content == WAV
    assert not Upload.of(Readable(WAV)).rewindable


def test_a_path_is_opened_when_it_is_sent_and_closed_after(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(WAV)
    assert sent(recording, api, path).content == WAV  # a file left open is a warning, and an error
    assert recording.last.headers["content-length"] == str(recording.last.size)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_sent_in_chunks(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[WAV])
    writer.start()
    part = sent(recording, api, path)
    writer.join()
    assert (part.filename, part.content) == ("talk.wav", WAV)
    assert recording.last.chunked


# -- refusals -------------------------------------------------------------------------------


@pytest.fixture
def refused(recording: RecordingServer, api: AudioApi) -> Iterator[Any]:
    """Return a function that passes a file and returns the error; nothing may be sent."""

    def refuse(file: Any) -> str:
        with pytest.raises((ApiTypeError, ApiValueError)) as caught:
            api.create_transcription(file, "whisper-1")
        return str(caught.value)

    yield refuse
    assert recording.requests == []


@pytest.mark.parametrize("empty", [b"", bytearray(), memoryview(b""), io.BytesIO(), Readable(b"")])
def test_empty_audio_is_refused(refused: Any, empty: Any) -> None:
    assert "the audio is empty" in refused(empty)
    assert "seek(0)" in refused(("talk.wav", empty))


def test_an_empty_file_and_a_file_at_its_end_are_refused_by_name(
    refused: Any, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    path.touch()
    assert f"the audio is empty: {path} has no bytes" in refused(path)
    path.write_bytes(WAV)
    with path.open("rb") as file:
        file.seek(0, io.SEEK_END)
        assert f"the audio is empty: {path} has no bytes" in refused(file)
        file.seek(10, io.SEEK_END)
        assert "the audio is empty" in refused(file)


def test_a_missing_file_and_a_directory_are_refused_by_name(refused: Any, tmp_path: Path) -> None:
    missing = tmp_path / "no_such.wav"
    assert f"'{missing}' cannot be read" in refused(missing)
    assert "pass the path of a file that exists" in refused(str(missing))
    assert f"'{tmp_path}' is a directory" in refused(tmp_path)
    assert "cannot be read" in refused("a\0b.wav")


def test_files_in_text_mode_are_refused(refused: Any, tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    path.write_text("text", encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        assert f"{path} is opened in text mode; open it with 'rb'" in refused(file)
    assert "text mode" in refused(io.StringIO("text"))


def test_files_that_cannot_be_read_are_refused(refused: Any, tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    with path.open("wb") as writing:
        assert f"reading {path} failed" in refused(writing)
        assert "opened with 'rb'" in refused(writing)
    with path.open("rb") as file:
        pass
    assert "closed file; pass a file that is open" in refused(file)


@pytest.mark.parametrize("wrong", [None, 5, 1.5, [WAV], {"file": WAV}, object()])
def test_other_types_are_refused_by_name(refused: Any, wrong: Any) -> None:
    for file in (wrong, ("talk.wav", wrong)):
        message = refused(file)
        assert message.startswith(f"file is {type(wrong).__name__}; pass a path, bytes, a file")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ((), "()"),
        ((WAV,), "(bytes)"),
        ((5, WAV), "(int, bytes)"),
        (("a", WAV, 5), "(str, bytes, int)"),
        (("a", WAV, "b", "c"), "(str, bytes, str, str)"),
    ],
)
def test_other_tuples_are_refused_with_what_they_hold(refused: Any, wrong: Any, told: str) -> None:
    assert f"file is a tuple {told}; pass a path" in refused(wrong)


def test_a_memoryview_with_gaps_is_refused(refused: Any) -> None:
    assert "memoryview with gaps" in refused(memoryview(WAV)[::2])


def test_a_file_that_changes_while_it_is_sent_is_an_error_over_the_file(
    recording: RecordingServer, api: AudioApi
) -> None:
    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size)[:3] if self.tell() < 20 else b""

    class Growing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size) or (b"more" if size else b"")

    for file in (Shrinking(WAV * 9), Growing(WAV)):
        with pytest.raises(ApiValueError, match="changed its size while it was sent"):
            api.create_transcription(("talk.wav", file, "audio/wav"), "whisper-1")
    assert recording.requests == []
    assert len(recording.unfinished) <= 2


def test_a_file_that_fails_while_it_is_sent_is_no_failure_of_the_connection(
    recording: RecordingServer, api: AudioApi
) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if size and size > 100:
                raise OSError("the disk is gone")
            return super().read(size)

    with pytest.raises(ApiValueError, match="the disk is gone"):
        api.create_transcription(("a.wav", Failing(WAV * 100), "audio/wav"), "whisper-1")
    assert recording.requests == []
