"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

#: The mode of a new file, before the umask.
_NEW_MODE = 0o666


def save(blocks: Iterable[bytes], path: str | os.PathLike[str]) -> None:
    """Write blocks of bytes to a file.

    The file is replaced at once, when all has been written to the disk; it keeps its mode.

    :param blocks: the bytes; if iterating over them fails, the file stays as it was.
    :param path: the path of the file; a link is followed.
    :raises ApiValueError: when it is not the path of a file.
    :raises OSError: when the file cannot be written.
    """
    try:
        target = Path(os.fsdecode(path)).resolve()
        mode = _mode_of(target)
    except (ValueError, RuntimeError) as error:  # a NUL; links that lead to one another
        raise ApiValueError(f"{path!r:.200} cannot be the path of a file: {error}") from error
    if mode is not None and not stat.S_ISREG(mode):
        raise ApiValueError(f"{str(path)!r} is not a file; open it, and pass what is open")
    with _replacing(target, mode and stat.S_IMODE(mode)) as file:
        file.writelines(blocks)


def _mode_of(target: Path) -> int | None:
    """Return the mode of a file; None if there is none.

    It is asked for once, since another process may write the file at the same time.
    """
    try:
        return target.stat().st_mode
    except OSError as error:
        if error.errno == errno.ELOOP:  # Python 3.13 resolves links that lead to one another
            raise ValueError(error.strerror) from error
        return None  # there is none, or opening it tells what is wrong


@contextmanager
def _replacing(target: Path, mode: int | None) -> Generator[BinaryIO, None, None]:
    """Open a file that replaces another at the end of the block, unless the block fails."""
    part = target.with_name(f".{os.urandom(8).hex()}.part")
    try:
        # opened in here, since an interrupt may come before the next line
        with _open_part(part, target, _NEW_MODE if mode is None else mode) as file:
            if mode is not None:
                part.chmod(mode)  # also what the umask took away
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    _sync_directory(target.parent)


def _open_part(part: Path, target: Path, mode: int) -> BinaryIO:
    try:
        return open(part, "xb", opener=partial(os.open, mode=mode))
    except OSError as error:
        error.filename = str(target)  # the name that the caller knows
        raise


def _sync_directory(directory: Path) -> None:
    """Make a renaming outlast a power cut, on systems that open directories."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):  # the file is complete; some file systems cannot do this
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
