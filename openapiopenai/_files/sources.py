"""Sources of audio: bytes in memory, a file on disk, a seekable file object, a stream."""

from __future__ import annotations

import os
import re
import stat
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from openapiopenai._files.file_objects import content_type_of, extent_of, name_of, readable
from openapiopenai._files.formats import HEAD_SIZE
from openapiopenai._files.reading import (
    BLOCK_SIZE,
    WaitLimit,
    guarded,
    quoted,
    read_block,
    read_exactly,
    wait_readable,
    waitable_descriptor,
)
from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What ``file`` accepts, for messages.
ACCEPTED = (
    "a path, bytes, a file opened with 'rb', or a tuple (name, any of these) "
    "or (name, any of these, content type)"
)

#: The longest path that is looked up, in characters: Linux allows 4096 bytes.
_MAX_PATH = 4096

#: A text of this length and alphabet is base64 rather than a path.
_BASE64 = re.compile(r"[A-Za-z0-9+/=_\s-]{120,}")


class Source:
    """Where the bytes come from."""

    #: The number of bytes; None if only the end of the source reveals it.
    size: int | None
    #: The file name that the source knows; empty if none.
    name: str = ""
    #: The content type that the source knows; empty if none.
    content_type: str = ""
    #: The name for messages.
    label: str

    def peek(self, offset: int, limit: WaitLimit | None = None) -> bytes:
        """Return up to ``HEAD_SIZE`` bytes at an offset, and leave them to be sent."""
        raise NotImplementedError

    def blocks(self, limit: WaitLimit | None = None) -> Iterator[bytes | memoryview]:
        """Yield all bytes; once more from the start at each call if ``size`` is known.

        :param limit: bounds each wait for a pipe's data. A Python ``read`` that blocks cannot be
            bounded.
        """
        raise NotImplementedError


class MemorySource(Source):
    """Bytes that the caller holds, sent as slices without a copy."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self.label = f"the {type(data).__name__} object"
        self._bytes = data if isinstance(data, bytes) else _flat(data)
        self.size = len(self._bytes)

    def peek(self, offset: int, limit: WaitLimit | None = None) -> bytes:  # noqa: ARG002
        return bytes(self._bytes[offset : offset + HEAD_SIZE])

    def blocks(self, limit: WaitLimit | None = None) -> Iterator[bytes | memoryview]:  # noqa: ARG002
        if len(self._bytes) <= BLOCK_SIZE:
            yield self._bytes
            return
        view = memoryview(self._bytes)
        for start in range(0, len(view), BLOCK_SIZE):
            yield view[start : start + BLOCK_SIZE]


class PathSource(Source):
    """A regular file on disk, opened when it is sent."""

    def __init__(self, path: str, size: int) -> None:
        self._path = Path(path)
        self.name = self.label = path
        self.size = self._size = size

    def peek(self, offset: int, limit: WaitLimit | None = None) -> bytes:  # noqa: ARG002
        with guarded(self.label, self._path.open, "rb", 0) as file:
            file.seek(offset)
            return read_block(self.label, file.read, HEAD_SIZE)

    def blocks(self, limit: WaitLimit | None = None) -> Iterator[bytes]:  # noqa: ARG002
        with guarded(self.label, self._path.open, "rb", 0) as file:
            yield from read_exactly(self.label, file.read, self._size)


class FileSource(Source):
    """A seekable file object, sent from its current position to its end.

    :param file: the file object.
    :param label: its name, for messages.
    :param start: its current position.
    :param size: the number of bytes from there to its end.
    """

    def __init__(self, file: Any, label: str, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._head = b""
        self.label = label
        self.size = self._size = size

    def peek(self, offset: int, limit: WaitLimit | None = None) -> bytes:  # noqa: ARG002
        # read once and kept, not sought back: a progress bar around the file stays true
        if not self._head:
            self._head = read_block(self.label, self._file.read, HEAD_SIZE)
        if not offset:
            return self._head
        guarded(self.label, self._file.seek, self._start + offset)
        block = read_block(self.label, self._file.read, HEAD_SIZE)
        guarded(self.label, self._file.seek, self._start + len(self._head))
        return block

    def blocks(self, limit: WaitLimit | None = None) -> Iterator[bytes]:  # noqa: ARG002
        head, self._head = self._head, b""
        if head:
            yield head
        else:
            guarded(self.label, self._file.seek, self._start)
        yield from read_exactly(self.label, self._file.read, self._size - len(head))


class StreamSource(Source):
    """A file object that cannot be sought, such as a pipe; it can be sent only once."""

    size: int | None = None

    def __init__(self, file: Any, label: str) -> None:
        self.label = label
        self._head = bytearray()
        self._file: Any = file
        self._descriptor = waitable_descriptor(file)

    def peek(self, offset: int, limit: WaitLimit | None = None) -> bytes:
        end = offset + HEAD_SIZE
        while len(self._head) < end <= BLOCK_SIZE:
            block = self._read(end - len(self._head), limit)
            if not block:
                break
            self._head += block
        return bytes(self._head[offset:end])

    def blocks(self, limit: WaitLimit | None = None) -> Iterator[bytes]:
        head, self._head = bytes(self._head), bytearray()
        if head:
            yield head
        while block := self._read(BLOCK_SIZE, limit):
            yield block

    def _read(self, size: int, limit: WaitLimit | None) -> bytes:
        if self._descriptor is None:
            return read_block(self.label, self._file.read, size)
        if limit is not None:
            wait_readable(self.label, self._descriptor, limit)
        # a buffered reader's read waits until it has all of size
        read = getattr(self._file, "read1", self._file.read)
        return read_block(self.label, read, size)


class PipeSource(StreamSource):
    """A path that is no regular file, such as a named pipe; opened when it is first read."""

    def __init__(self, path: str) -> None:
        super().__init__(None, path)
        self.name = path

    def _read(self, size: int, limit: WaitLimit | None) -> bytes:
        if self._file is None:
            self._open(limit)
        return super()._read(size, limit)

    def _open(self, limit: WaitLimit | None) -> None:
        # opening a pipe that nobody writes to blocks, unless this flag is set
        flag = 0 if limit is None else getattr(os, "O_NONBLOCK", 0)
        descriptor = guarded(self.label, os.open, self.name, os.O_RDONLY | flag)
        self._file = os.fdopen(descriptor, "rb", 0)
        weakref.finalize(self, self._file.close)
        if flag:
            os.set_blocking(descriptor, True)
        self._descriptor = waitable_descriptor(self._file)


def source_of(content: Any) -> Source:
    """Return the source for what a caller passes as content.

    :param content: a path, bytes-like, or an object with ``read``.
    :raises ApiTypeError: when it is none of these, or its ``read`` does not return bytes.
    :raises ApiValueError: when it does not exist or cannot be read.
    """
    if isinstance(content, (bytes, bytearray, memoryview)):
        return MemorySource(cast("bytes | bytearray | memoryview", content))
    if isinstance(content, (str, os.PathLike)):
        return _path_source(os.fsdecode(cast("str | os.PathLike[str]", content)))
    if callable(getattr(content, "read", None)):
        return _file_source(content)
    raise ApiTypeError(f"file is {type(content).__name__}; pass {ACCEPTED}")


def _flat(data: bytearray | memoryview) -> memoryview:
    try:
        return memoryview(data).cast("B")
    except TypeError as error:
        raise ApiTypeError(f"file is a memoryview with gaps ({error}); pass bytes(it)") from error


def _path_source(path: str) -> Source:
    if not path:
        raise ApiValueError("file is an empty text; pass the path of a recording")
    if path.startswith("data:") or len(path) > _MAX_PATH:
        raise _missing(path, None)
    try:
        status = Path(path).stat()
    except (OSError, ValueError) as error:
        raise _missing(path, error) from error
    if stat.S_ISDIR(status.st_mode):
        raise ApiValueError(f"{quoted(path)} is a directory; pass the path of one recording")
    return PathSource(path, status.st_size) if stat.S_ISREG(status.st_mode) else PipeSource(path)


def _missing(path: str, error: Exception | None) -> ApiValueError:
    reason = getattr(error, "strerror", None) or str(error or "no path is that long")
    advice = "pass the path of a file that exists, or the audio itself as bytes"
    if path.startswith("data:"):
        reason, advice = "it looks like a data URL", "decode it and pass the bytes"
    elif _BASE64.fullmatch(path):
        reason, advice = "it looks like base64", "decode it and pass the bytes"
    elif "://" in path:
        reason += "; no URL is fetched"
    return ApiValueError(f"the audio file {quoted(path)} cannot be read ({reason}); {advice}")


def _file_source(file: Any) -> Source:
    name = name_of(file)
    label = name or f"the {type(file).__name__}"
    content = readable(file, label)
    extent = extent_of(content, label)
    source = FileSource(content, label, *extent) if extent else StreamSource(content, label)
    source.name = name
    source.content_type = content_type_of(file)
    return source
