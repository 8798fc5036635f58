"""What a caller may pass as ``file``, and what of it is sent: name, content type, size, bytes."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, Union, cast

from pydantic import PlainSerializer, PlainValidator
from typing_extensions import TypeAliasType

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How much is read and sent at a time, in bytes. Large enough that the cost of a block does not
#: count, small enough that a hundred uploads at once stay small.
BLOCK_SIZE = 256 * 1024

#: How many of the first bytes are enough to recognise a container.
_HEAD_SIZE = 16


class BinaryReadable(Protocol):
    """Anything that gives bytes when read: a file opened with ``"rb"``, a socket's file, ..."""

    def read(self, size: int = ..., /) -> bytes:
        """Give at most ``size`` bytes; none at the end."""
        ...


AudioContent = TypeAliasType(
    "AudioContent",
    Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, BinaryReadable],
)
AudioFile = TypeAliasType(
    "AudioFile",
    Union[
        AudioContent,
        tuple[Union[str, None], AudioContent],
        tuple[Union[str, None], AudioContent, Union[str, None]],
    ],
)

_ACCEPTED = (
    "a path, bytes, a file opened with 'rb', or a tuple (name, any of these) "
    "or (name, any of these, content type)"
)

#: File extension -> content type. Our own table: the machine's differs from one to the next.
CONTENT_TYPES = {
    "aac": "audio/aac",
    "aif": "audio/aiff",
    "aiff": "audio/aiff",
    "amr": "audio/amr",
    "caf": "audio/x-caf",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mka": "audio/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",  # a container for video too, and here it is its sound that counts
    "mpeg": "audio/mpeg",
    "mpga": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",  # Opus travels in an Ogg container
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "audio/webm",
}

_UNKNOWN_TYPE = "application/octet-stream"

#: (offset, first bytes) -> extension, in the order in which they are tried.
_MAGIC = (
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (8, b"WAVE", "wav"),
    (4, b"ftypM4A", "m4a"),
    (4, b"ftypqt", "mov"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "webm"),  # EBML, the frame of WebM and Matroska
)

_FRAME_SYNC = 0xFFE0  # eleven bits set: the start of an MPEG audio frame
_LAYER = 0x0006  # two bits that name the layer; none set means AAC in ADTS


class Upload:
    """A recording that is ready to be sent.

    :param name: the name of the part, without a directory.
    :param content_type: the content type of the part.
    :param source: where the bytes come from.
    """

    __slots__ = ("_source", "content_type", "name")

    def __init__(self, name: str, content_type: str, source: _Source) -> None:
        self.name = name
        self.content_type = content_type
        self._source = source

    @classmethod
    def of(cls, file: AudioFile | Upload) -> Upload:
        """Take what a caller passes as ``file``.

        :param file: see :data:`AudioFile`. A file object is read from where it stands and is
            not closed.
        :return: the upload.
        :raises ApiTypeError: when it is of no such type.
        :raises ApiValueError: when it is empty, missing, or cannot be read.
        """
        if isinstance(file, Upload):
            return file
        name, content, content_type = _parts_of(file)
        source = _source_of(content)
        if source.size == 0:
            raise ApiValueError(
                f"the audio is empty: {source.label} has no bytes to send from where it stands; "
                "rewind it with seek(0) if it was just written"
            )
        extension = _recognise(source.head()) if not (name or source.name) else ""
        name = _base_name(name or source.name or f"audio.{extension or 'bin'}")
        return cls(name, content_type or _content_type_of(name, source), source)

    @property
    def size(self) -> int | None:
        """How many bytes there are; None where that shows only at the end."""
        return self._source.size

    @property
    def rewindable(self) -> bool:
        """Whether the bytes can be sent a second time."""
        return self._source.size is not None

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Give the bytes from the first to the last, again at each call where they rewind."""
        return self._source.blocks()

    def __repr__(self) -> str:
        return f"Upload({self.name!r}, {self.content_type!r}, size={self.size})"


def _upload_or_none(file: AudioFile | Upload | None) -> Upload | None:
    return file if file is None or isinstance(file, Upload) else Upload.of(file)


#: The type of a model's ``file``: anything that a caller may pass, kept as an :class:`Upload`.
UploadField = Annotated[
    Any,
    PlainValidator(_upload_or_none),
    PlainSerializer(lambda upload: upload and upload.name, return_type=str),
]


class _Source:
    """Where the bytes come from; the base is what its three kinds share."""

    size: int | None
    name: str = ""
    label: str

    def head(self) -> bytes:
        """Give the first bytes, without using them up."""
        raise NotImplementedError

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Give all bytes."""
        raise NotImplementedError


class _Memory(_Source):
    """Bytes that the caller holds, sent as slices of what is there."""

    label = "the object"

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._bytes = data if isinstance(data, bytes) else _flat(data)
        self.size = len(self._bytes)

    def head(self) -> bytes:
        return bytes(self._bytes[:_HEAD_SIZE])

    def blocks(self) -> Iterator[bytes | memoryview]:
        if len(self._bytes) <= BLOCK_SIZE:
            yield self._bytes
            return
        view = memoryview(self._bytes)
        for start in range(0, len(view), BLOCK_SIZE):
            yield view[start : start + BLOCK_SIZE]


def _flat(data: bytearray | memoryview) -> memoryview:
    try:
        return memoryview(data).cast("B")
    except TypeError as error:
        raise ApiTypeError(f"file is a memoryview with gaps ({error}); pass bytes(it)") from error


class _Path(_Source):
    """A file on disk, opened when it is sent."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self.name = self.label = path
        self.size = self._size()

    def _size(self) -> int | None:
        if not self.label:
            raise ApiValueError("file is an empty text; pass the path of a recording")
        try:
            status = self._path.stat()
        except (OSError, ValueError) as error:
            fetched = "; no URL is fetched" if "://" in self.label else ""
            raise ApiValueError(
                f"the audio file {self.label!r} cannot be read ({error}){fetched}; pass the path "
                "of a file that exists, or the audio itself as bytes"
            ) from error
        if stat.S_ISDIR(status.st_mode):
            raise ApiValueError(f"{self.label!r} is a directory; pass the path of one recording")
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def head(self) -> bytes:
        return b""  # a path has a name, so nobody needs to recognise it

    def blocks(self) -> Iterator[bytes]:
        with _Reading(self.label), self._path.open("rb", buffering=0) as file:
            yield from _all_blocks(file, self.size, self.label)


class _File(_Source):
    """An open file, read from where it stands; sent a second time only where it can be sought."""

    def __init__(self, file: BinaryReadable) -> None:
        self._file = file
        self.name = _name_of(file)
        self.label = self.name or f"the {type(file).__name__}"
        self._head = b""
        with _Reading(self.label, "; pass a file that is open, and opened with 'rb'"):
            self._refuse_text()
            self._start, self.size = _extent(file)
        if self.size is None and not self.head():
            self.size = 0

    def _refuse_text(self) -> None:
        if isinstance(self._file, io.TextIOBase) or isinstance(self._file.read(0), str):
            raise ApiTypeError(f"{self.label} is opened in text mode; open it with 'rb'")

    def head(self) -> bytes:
        # read once and kept, not sought back: a progress bar around the file stays true
        if not self._head:
            with _Reading(self.label):
                self._head = self._file.read(_HEAD_SIZE)
        return self._head

    def blocks(self) -> Iterator[bytes]:
        with _Reading(self.label):
            head = self._rewound()
            yield head
            left = None if self.size is None else self.size - len(head)
            yield from _all_blocks(self._file, left, self.label)

    def _rewound(self) -> bytes:
        """Go back to the start where that is possible; give what was already read of it."""
        head, self._head = self._head, b""
        if self.size is not None and not head:
            self._file.seek(self._start)  # type: ignore[attr-defined]
        return head


class _Reading:
    """Turns what reading a file may raise into an error over the argument.

    Were it left an ``OSError``, it would look like a failure of the connection and be retried.
    """

    def __init__(self, label: str, advice: str = "") -> None:
        self._label = label
        self._advice = advice

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (OSError, ValueError)) and not isinstance(error, ApiValueError):
            raise ApiValueError(f"reading {self._label} failed: {error}{self._advice}") from error


def _parts_of(file: Any) -> tuple[str | None, Any, str | None]:
    if not isinstance(file, tuple):
        return None, file, None
    given = cast("tuple[Any, ...]", file)
    name, content, content_type = (*given, None, None, None)[:3]
    named = isinstance(name, (str, type(None))) and isinstance(content_type, (str, type(None)))
    if len(given) not in (2, 3) or not named:
        kinds = ", ".join(type(item).__name__ for item in given)
        raise ApiTypeError(f"file is a tuple ({kinds}); pass {_ACCEPTED}")
    return name, content, content_type


def _source_of(content: Any) -> _Source:
    if isinstance(content, (bytes, bytearray, memoryview)):
        return _Memory(cast("bytes | bytearray | memoryview", content))
    if isinstance(content, (str, os.PathLike)):
        return _Path(os.fsdecode(cast("str | os.PathLike[str]", content)))
    if callable(getattr(content, "read", None)):
        return _File(cast("BinaryReadable", content))
    raise ApiTypeError(f"file is {type(content).__name__}; pass {_ACCEPTED}")


def _extent(file: Any) -> tuple[int, int | None]:
    """Tell where a file stands and how many bytes follow; None where it cannot be sought."""
    try:
        start = file.tell()
        file.seek(0, io.SEEK_END)  # asked below where that is: some wrappers' seek does not say
        end = file.tell()
        file.seek(start)
    except (AttributeError, OSError):
        return 0, None
    return start, max(0, end - start)


def _all_blocks(file: BinaryReadable, size: int | None, label: str) -> Iterator[bytes]:
    left = size
    while block := file.read(BLOCK_SIZE if left is None else min(BLOCK_SIZE, left)):
        yield block
        left = None if left is None else left - len(block)
    if block is None:  # pyright: ignore[reportUnnecessaryComparison] # what is non-blocking gives
        raise ApiValueError(f"{label} is non-blocking and has no more just now; make it blocking")
    if left or (left == 0 and file.read(1)):
        raise ApiValueError(
            f"{label} changed its size while it was sent: it had {size} bytes at first; "
            "send it once nothing writes to it any more"
        )


def _name_of(file: object) -> str:
    name = getattr(file, "name", "")
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    # a file made from a descriptor has a number, a pipe has "<stdin>"
    return name if isinstance(name, str) and not name.startswith("<") else ""


def _base_name(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1] or "audio"


def _content_type_of(name: str, source: _Source) -> str:
    extension = name.rpartition(".")[2].lower()
    if extension in CONTENT_TYPES:
        return CONTENT_TYPES[extension]
    return CONTENT_TYPES.get(_recognise(source.head()), _UNKNOWN_TYPE)


def _recognise(head: bytes) -> str:
    """Tell the extension that fits the first bytes of a recording; empty where none does."""
    for offset, magic, extension in _MAGIC:
        if head.startswith(magic, offset):
            return extension
    first = int.from_bytes(head[:2], "big")
    if len(head) > 1 and first & _FRAME_SYNC == _FRAME_SYNC:
        return "mp3" if first & _LAYER else "aac"
    return ""
