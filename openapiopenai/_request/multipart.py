"""A form as ``multipart/form-data``: streamed, of known length, and able to begin again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from openapiopenai._files.upload import Upload
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
        self._boundary = os.urandom(16).hex()
        self._pieces = self._laid_out(fields)
        self.content_type = f"multipart/form-data; boundary={self._boundary}"
        sizes = [piece.size if isinstance(piece, Upload) else len(piece) for piece in self._pieces]
        #: How many bytes it has; None where that shows only at the end.
        self.length = None if None in sizes else sum(filter(None, sizes))

    @property
    def rewindable(self) -> bool:
        """Whether the body can be sent a second time."""
        return self.length is not None

    def at_once(self) -> bytes | None:
        """Give the whole body, where it is so small that one write sends it; else None."""
        small = self.length is not None and self.length < _WORTH_A_WRITE
        return b"".join(self._blocks()) if small else None

    def __iter__(self) -> Iterator[bytes | memoryview]:
        """Give the body in blocks that are worth a write each, from the start."""
        small = bytearray()
        for block in self._blocks():
            if len(block) < _WORTH_A_WRITE and len(small) < _WORTH_A_WRITE:
                small += block
                continue
            yield bytes(small)
            yield block
            small = bytearray()
        yield bytes(small)

    def _blocks(self) -> Iterator[bytes | memoryview]:
        for piece in self._pieces:
            if isinstance(piece, Upload):
                yield from piece.blocks()
            else:
                yield piece

    def _laid_out(self, fields: Iterable[tuple[str, str | Upload]]) -> list[bytes | Upload]:
        """Give the recordings in order, and what stands before, between and behind them."""
        pieces: list[bytes | Upload] = []
        text = bytearray()
        for name, value in fields:
            head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_escaped(name)}"'
            if isinstance(value, str):
                text += _encoded(name, f"{head}\r\n\r\n{value}\r\n")
                continue
            pieces += (bytes(text + _labelled(head, value)), value)
            text = bytearray(b"\r\n")
        pieces.append(bytes(text + f"--{self._boundary}--\r\n".encode()))
        return pieces


def _encoded(name: str, field: str) -> bytes:
    try:
        return field.encode()
    except UnicodeEncodeError as error:
        raise ApiValueError(f"the field {name!r} cannot be written as UTF-8: {error}") from error


def _labelled(head: str, upload: Upload) -> bytes:
    label = f'; filename="{_escaped(upload.name)}"\r\nContent-Type: {_escaped(upload.content_type)}'
    # a file's name may hold bytes that are not UTF-8; it is only a label
    return f"{head}{label}\r\n\r\n".encode("utf-8", "replace")


def _escaped(text: str) -> str:
    harmless = text.isprintable() and '"' not in text and "\\" not in text
    return text if harmless else text.translate(_ESCAPES)
