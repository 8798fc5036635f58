"""Audio into a file that appears under its name only when it is whole."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable


def save(blocks: Iterable[bytes], path: str | os.PathLike[str]) -> None:
    """Write blocks of bytes to a file.

    :param blocks: the bytes; if getting them fails, the file is left as it was.
    :param path: where to; a file that is there is replaced.
    :raises ApiValueError: when the path is not one of a file.
    :raises OSError: when it cannot be written.
    """
    target = Path(path).resolve()  # a link goes on leading to where it led
    if target.exists() and not target.is_file():
        raise ApiValueError(f"{str(path)!r} is not a file; write what the stream gives to it")
    with _appearing(target) as file:
        file.writelines(blocks)


@contextmanager
def _appearing(target: Path) -> Generator[BinaryIO, None, None]:
    """Open a file that is there, whole, when the block has ended; and never if the block fails."""
    part = target.with_name(f".{os.urandom(8).hex()}.part")
    try:
        # opened in here, since an interrupt may come before the next line
        with _opened(part, target) as file:
            yield file
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _opened(part: Path, target: Path) -> BinaryIO:
    try:
        return part.open("xb")
    except OSError as error:
        error.filename = str(target)  # the name that the caller knows
        raise
