"""A form as ``multipart/form-data``: streamed, of known length, and able to begin again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from openapiopenai.audio_file import Upload
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Pieces smaller than this are joined before they are sent: a system call costs more.
_WORTH_A_WRITE = 64 * 1024

#: What may not stand in a header line as it is. The HTML standard percent-escapes quotes and line
#: ends in names; so are the other control characters here, which some servers refuse, and the
#: backslash, which some take for an escape of the quote behind it.
_ESCAPES = {code: f"%{code:02X}" for code in (*range(0x20), 0x22, 0x5C, 0x7F)}


class MultipartBody:
    """The body of a form.

    :param fields: names and values in order; a value is a text or a recording.
    """

    def __init__(self, fields: Iterable[tuple[str, str | Upload]]) -> None:
        self._fields = [(name, _content(name, value)) for name, value in fields]
        self._boundary = os.urandom(16).hex()
        self._heads = [self._head(name, value) for name, value in self._fields]
        self._end = f"--{self._boundary}--\r\n".encode()
        self.content_type = f"multipart/form-data; boundary={self._boundary}"
        self.length = self._length()

    @property
    def rewindable(self) -> bool:
        """Whether the body can be sent a second time."""
        return self.length is not None

    def at_once(self) -> bytes | None:
        """Give the whole body, where it is so small that one write sends it; else None."""
        small = self.length is not None and self.length < _WORTH_A_WRITE
        return b"".join(self._pieces()) if small else None

    def __iter__(self) -> Iterator[bytes | memoryview]:
        """Give the body in blocks that are worth a write each, from the start."""
        small = bytearray()
        for piece in self._pieces():
            if len(piece) < _WORTH_A_WRITE and len(small) < _WORTH_A_WRITE:
                small += piece
                continue
            yield bytes(small)
            yield piece
            small = bytearray()
        yield bytes(small)

    def _pieces(self) -> Iterator[bytes | memoryview]:
        for head, (_, value) in zip(self._heads, self._fields, strict=True):
            yield head
            yield from value.blocks() if isinstance(value, Upload) else (value,)
            yield b"\r\n"
        yield self._end

    def _head(self, name: str, value: bytes | Upload) -> bytes:
        lines = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_escaped(name)}"'
        if isinstance(value, Upload):
            lines += f'; filename="{_escaped(value.name)}"'
            lines += f"\r\nContent-Type: {_escaped(value.content_type)}"
        # a file's name may hold bytes that are not UTF-8; it is only a label
        return f"{lines}\r\n\r\n".encode("utf-8", "replace")

    def _length(self) -> int | None:
        sizes = [_size(value) for _, value in self._fields]
        if None in sizes:
            return None
        framing = sum(map(len, self._heads)) + len(b"\r\n") * len(sizes) + len(self._end)
        return framing + sum(filter(None, sizes))


def _content(name: str, value: str | Upload) -> bytes | Upload:
    if isinstance(value, Upload):
        return value
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise ApiValueError(f"the field {name!r} cannot be written as UTF-8: {error}") from error


def _size(value: bytes | Upload) -> int | None:
    return value.size if isinstance(value, Upload) else len(value)


def _escaped(text: str) -> str:
    harmless = text.isprintable() and '"' not in text and "\\" not in text
    return text if harmless else text.translate(_ESCAPES)
