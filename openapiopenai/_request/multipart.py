"""A form as ``multipart/form-data``: streamed, of known length if possible, and repeatable then."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from openapiopenai._files.upload import Upload
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from openapiopenai._files.reading import WaitLimit

    #: What a body consists of: bytes, recordings, and functions that return bytes when it is sent.
    _Piece: TypeAlias = bytes | Upload | Callable[[], bytes]

#: Smaller pieces are joined before they are sent: a system call costs more than the copy.
_MIN_WRITE = 64 * 1024

#: What must not stand in a header line as it is. The HTML standard percent-escapes quotes and line
#: ends in names; so are the other control characters here, which some servers refuse, and the
#: backslash, which some take for an escape of the quote behind it.
_ESCAPES = {code: f"%{code:02X}" for code in (*range(0x20), 0x22, 0x5C, 0x7F)}


class MultipartBody:
    """The body of a form.

    :param fields: names and values in order; a value is a text or a recording.
    """

    def __init__(self, fields: Iterable[tuple[str, str | Upload]]) -> None:
        self._boundary = os.urandom(16).hex()
        self._pieces = self._laid_out(fields)
        self.content_type = f"multipart/form-data; boundary={self._boundary}"
        #: The number of bytes; None if only the end reveals it.
        self.length = _total(self._pieces)

    @property
    def rewindable(self) -> bool:
        """Whether the body can be sent a second time."""
        return self.length is not None

    def prepare(self, limit: WaitLimit | None = None) -> None:
        """Read the beginning of its streams, so that one without data is refused before sending.

        :param limit: bounds each wait for a pipe's data.
        :raises ApiValueError: when a stream is empty or cannot be read.
        """
        for piece in self._pieces:
            if isinstance(piece, Upload):
                piece.prepare(limit)

    def to_bytes_if_small(self) -> bytes | None:
        """Return the entire body if it is so small that one write sends it; else None."""
        is_small = self.length is not None and self.length < _MIN_WRITE
        return b"".join(self._blocks(None)) if is_small else None

    def blocks(self, limit: WaitLimit | None = None) -> Iterator[bytes | memoryview]:
        """Yield the body from its start, in blocks that are worth a write each.

        :param limit: bounds each wait for a pipe's data.
        """
        small = bytearray()
        for block in self._blocks(limit):
            if len(block) < _MIN_WRITE and len(small) < _MIN_WRITE:
                small += block
                continue
            yield bytes(small)
            yield block
            small = bytearray()
        yield bytes(small)

    def __iter__(self) -> Iterator[bytes | memoryview]:
        return self.blocks()

    def _blocks(self, limit: WaitLimit | None) -> Iterator[bytes | memoryview]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
            elif isinstance(piece, Upload):
                yield from piece.blocks(limit)
            else:
                yield piece()

    def _laid_out(self, fields: Iterable[tuple[str, str | Upload]]) -> list[_Piece]:
        """Return the recordings in order, and the bytes before, between and after them.

        The name of a stream is known when it was read: the line that has it is a function.
        """
        pieces: list[_Piece] = []
        text = bytearray()
        for name, value in fields:
            head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_escaped(name)}"'
            if isinstance(value, str):
                text += _encoded(name, f"{head}\r\n\r\n{value}\r\n")
                continue
            if value.rewindable:
                pieces += (bytes(text + _labelled(head, value)), value)
            else:
                pieces += (bytes(text), partial(_labelled, head, value), value)
            text = bytearray(b"\r\n")
        pieces.append(bytes(text + f"--{self._boundary}--\r\n".encode()))
        return pieces


def _total(pieces: Iterable[_Piece]) -> int | None:
    """Return the number of bytes; None if that of a stream is not known."""
    total = 0
    for piece in pieces:
        if isinstance(piece, bytes):
            total += len(piece)
        elif isinstance(piece, Upload) and piece.size is not None:
            total += piece.size
        else:
            return None
    return total


def _labelled(head: str, upload: Upload) -> bytes:
    """Return the head of a part with a file."""
    name, content_type = _escaped(upload.name), _escaped(upload.content_type)
    label = f'{head}; filename="{name}"\r\nContent-Type: {content_type}\r\n\r\n'
    # a file's name may hold bytes that are not UTF-8; it is only a label
    return label.encode("utf-8", "replace")


def _encoded(name: str, field: str) -> bytes:
    try:
        return field.encode()
    except UnicodeEncodeError as error:
        raise ApiValueError(f"the field {name!r} cannot be written as UTF-8: {error}") from error


def _escaped(text: str) -> str:
    harmless = text.isprintable() and '"' not in text and "\\" not in text
    return text if harmless else text.translate(_ESCAPES)
