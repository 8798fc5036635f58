"""File objects that users have in hand: web frameworks', downloads, archives, temporary files."""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import lzma
import tempfile
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import requests
from botocore.response import StreamingBody
from calls import WAV, client
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from flask import Flask, request
from starlette.datastructures import Headers, UploadFile
from werkzeug.datastructures import FileStorage
from wire import RawServer

from openapiopenai import ApiTypeError, ApiValueError
from openapiopenai._files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wire import Connection, Part, RecordingServer

    from openapiopenai import AudioApi


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    with client(recording.host) as api:
        yield api


@pytest.fixture
def sent(recording: RecordingServer, api: AudioApi) -> Any:
    """Return what sends a recording and returns the part that arrived."""

    def send(file: Any) -> Part:
        api.create_transcription(file, "whisper-1")
        part = recording.last.form[0]
        assert part.content == WAV
        return part

    return send


def named(part: Part) -> tuple[str | None, str | None]:
    return part.filename, part.content_type


# -- web frameworks ---------------------------------------------------------------------------


def test_a_file_of_flask_has_the_name_and_the_type_of_its_upload(sent: Any) -> None:
    parts = []
    app = Flask(__name__)

    @app.post("/")
    def take() -> str:
        parts.append(sent(request.files["audio"]))
        return ""

    for name, kind, expected in (
        ("talk.mp3", "audio/x-mine", ("talk.mp3", "audio/x-mine")),
        ("talk.mp3", "application/octet-stream", ("talk.mp3", "audio/mpeg")),
        ("voice.opus", "audio/opus", ("voice.ogg", "audio/opus")),
        ("blob", "audio/webm;codecs=opus", ("blob.wav", "audio/webm;codecs=opus")),
    ):
        app.test_client().post("/", data={"audio": (io.BytesIO(WAV), name, kind)})
        assert named(parts.pop()) == expected


def test_a_file_of_a_form_that_has_no_name_is_not_called_after_its_field(sent: Any) -> None:
    storage = FileStorage(io.BytesIO(WAV), name="audio")
    assert named(sent(storage)) == ("audio.wav", "audio/wav")


def test_a_name_in_a_tuple_wins_over_the_uploads_name_and_type(sent: Any) -> None:
    storage = FileStorage(io.BytesIO(WAV), "talk.mp3", content_type="audio/mpeg")
    assert named(sent(("mine.ogg", storage))) == ("mine.ogg", "audio/ogg")


@pytest.mark.parametrize("kind", [io.BytesIO, tempfile.SpooledTemporaryFile])
def test_a_file_of_starlette_is_read_though_its_read_is_a_coroutine(sent: Any, kind: Any) -> None:
    with kind() as inner:
        inner.write(WAV)
        inner.seek(0)
        upload = UploadFile(inner, filename="talk.mp3", headers=Headers({"content-type": "a/b"}))
        assert named(sent(upload)) == ("talk.mp3", "a/b")
        assert not inner.closed
        inner.seek(0)
        assert named(sent(UploadFile(inner))) == ("audio.wav", "audio/wav")
    gc.collect()  # a coroutine that was left unawaited warns now


def test_a_read_that_is_a_coroutine_of_nothing_else_is_refused() -> None:
    class Asynchronous:
        async def read(self, size: int = -1) -> bytes:
            return WAV[:size]

    with pytest.raises(ApiTypeError, match=r"the read of the Asynchronous is a coroutine; await"):
        Upload.of(Asynchronous())  # type: ignore[arg-type] # which is the point
    gc.collect()


def test_files_of_django_have_their_own_names_and_types(sent: Any) -> None:
    assert named(sent(SimpleUploadedFile("talk.mp3", WAV, "audio/x-mine"))) == (
        "talk.mp3",
        "audio/x-mine",
    )
    uploaded = InMemoryUploadedFile(io.BytesIO(WAV), "audio", "blob", None, len(WAV), None)
    assert named(sent(uploaded)) == ("blob.wav", "audio/wav")
    assert named(sent(ContentFile(WAV, "a/talk.flac"))) == ("talk.flac", "audio/flac")
    assert named(sent(ContentFile(WAV))) == ("audio.wav", "audio/wav")


# -- downloads --------------------------------------------------------------------------------


def test_a_body_of_botocore_is_streamed(sent: Any, recording: RecordingServer) -> None:
    body = StreamingBody(io.BytesIO(WAV), len(WAV))
    assert named(sent(body)) == ("audio.wav", "audio/wav")
    assert recording.last.chunked


def test_a_body_of_botocore_that_is_cut_is_an_error_over_the_file(api: AudioApi) -> None:
    body = StreamingBody(io.BytesIO(WAV), len(WAV) + 1)
    with pytest.raises(ApiValueError, match=r"^reading the StreamingBody failed: ") as caught:
        api.create_transcription(body, "whisper-1")
    assert type(caught.value.__cause__).__module__.startswith("botocore")


def test_a_download_of_requests_is_streamed(sent: Any, recording: RecordingServer) -> None:
    recording.answer(200, WAV, {"Content-Type": "audio/wav"})
    with requests.get(f"{recording.origin}/a.wav", stream=True, timeout=5) as response:
        assert named(sent(response.raw)) == ("audio.wav", "audio/wav")


@pytest.mark.parametrize("arrives", [b"", WAV[:20]])
def test_a_download_that_stalls_is_an_error_over_the_file(
    recording: RecordingServer, api: AudioApi, arrives: bytes
) -> None:
    def stall(connection: Connection) -> None:
        connection.read_head()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n" + arrives)
        connection.drain()

    with RawServer(stall) as server:
        raw: Any = requests.get(server.host, stream=True, timeout=(5, 0.2))
        with raw, pytest.raises(ApiValueError, match=r"^reading the HTTPResponse failed: .*timed"):
            api.create_transcription(raw.raw, "whisper-1")
    assert recording.requests == []


# -- archives and temporary files -------------------------------------------------------------


@pytest.mark.parametrize(("module", "suffix"), [(gzip, "gz"), (bz2, "bz2"), (lzma, "xz")])
def test_a_file_that_is_decompressed_loses_the_suffix(
    sent: Any, tmp_path: Path, module: Any, suffix: str
) -> None:
    path = tmp_path / f"talk.wav.{suffix}"
    with module.open(path, "wb") as file:
        file.write(WAV)
    with module.open(path, "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("error")
        part = sent(file)
        has_name = hasattr(file, "name")  # bz2's and lzma's have one since Python 3.13
    assert part.filename == ("talk.wav" if has_name else "audio.wav")


def test_a_file_that_is_sent_compressed_keeps_the_suffix(
    recording: RecordingServer, api: AudioApi, tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav.gz"
    path.write_bytes(gzip.compress(WAV))
    api.create_transcription(path, "whisper-1")
    assert recording.last.form[0].filename == "talk.wav.gz"


@pytest.mark.parametrize("spoil", [lambda data: data[:-12], lambda data: data[:12] + b"\xff" * 40])
def test_a_gzip_file_that_is_cut_or_corrupt_is_an_error_over_the_file(
    recording: RecordingServer, api: AudioApi, tmp_path: Path, spoil: Any
) -> None:
    path = tmp_path / "talk.wav.gz"
    path.write_bytes(spoil(gzip.compress(bytes(range(256)) * 4096)))
    with (
        gzip.open(path) as file,
        pytest.raises(ApiValueError, match=r"^reading .*talk\.wav\.gz failed: "),
    ):
        api.create_transcription(file, "whisper-1")
    assert recording.requests == []


def test_a_member_of_a_zip_file_is_named_by_itself(sent: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("folder/talk.wav", WAV)
        with archive.open("folder/talk.wav") as member:
            assert named(sent(member)) == ("talk.wav", "audio/wav")


def test_a_temporary_file_gets_the_extension_of_its_content(sent: Any) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(WAV)
        file.seek(0)
        assert sent(file).filename.endswith(".wav")


# -- what is no file --------------------------------------------------------------------------


class Returns:
    """A file whose ``read`` returns what it is told to, after an honest beginning."""

    def __init__(self, later: object) -> None:
        self._blocks = [WAV, later]

    def read(self, size: int = -1) -> Any:
        return self._blocks.pop(0) if size and self._blocks else b""


@pytest.mark.parametrize("later", ["text", 5, [1], object()])
def test_a_read_that_returns_no_bytes_later_on_is_refused_by_type(
    recording: RecordingServer, api: AudioApi, later: object
) -> None:
    message = f"the read of the Returns returned {type(later).__name__}; it must return bytes"
    with pytest.raises(ApiTypeError, match=message):
        api.create_transcription(Returns(later), "whisper-1")
    assert recording.requests == []


def test_a_read_without_a_size_is_refused() -> None:
    class Whole:
        def read(self) -> bytes:
            return WAV

    with pytest.raises(ApiTypeError, match=r"the read of the Whole takes no size \(.*; pass its"):
        Upload.of(Whole())  # type: ignore[arg-type] # which is the point


def test_what_looks_like_the_audio_itself_as_text_is_refused_in_a_short_message() -> None:
    for text, told in (
        ("UklGR" * 200_000, "it looks like base64"),
        ("UklGR" * 100, "it looks like base64"),
        ("data:audio/wav;base64," + "UklGR" * 200_000, "it looks like a data URL"),
        ("x" * 100 + "." * 5000, "no path is that long"),
    ):
        with pytest.raises(ApiValueError, match=told) as caught:
            Upload.of(text)
        assert len(str(caught.value)) < 400
        assert str(len(text)) in str(caught.value)
    with pytest.raises(ApiValueError, match="; decode it and pass the bytes"):
        Upload.of("UklGR" * 100)
