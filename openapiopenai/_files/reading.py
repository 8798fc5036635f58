"""Guarded reads of a caller's file object.

Whatever its ``read``, ``seek`` or ``tell`` raises becomes an ``ApiValueError``: left as it is, an
``OSError`` or an error of urllib3 would look like a failed connection and be retried.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias, cast

from openapiopenai.exceptions import ApiTypeError, ApiValueError

#: How much is read, sent or received at a time, in bytes. Large enough that the cost of a block
#: does not count, small enough that a hundred uploads at once stay small.
BLOCK_SIZE = 256 * 1024

#: Returns how long the next wait may last, in seconds; raises once the call's time is up.
WaitLimit: TypeAlias = Callable[[], float]

#: How much of a caller's text a message quotes, in characters.
_MAX_QUOTED = 100
_MAX_REASON = 300


class BinaryReadable(Protocol):
    """Any object with a ``read`` that returns bytes: a file opened with ``"rb"``, for example."""

    def read(self, size: int = ..., /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        ...


def quoted(text: str) -> str:
    """Return the beginning of a text for a message; all of it if it is short."""
    if len(text) <= _MAX_QUOTED:
        return repr(text)
    return f"{text[:_MAX_QUOTED]!r}... ({len(text)} characters)"


def reading_error(label: str, error: Exception, advice: str = "") -> ApiValueError:
    """Return the error for what a caller's file has raised.

    :param label: the name of the file.
    :param error: what was raised.
    :param advice: what to do, after a semicolon.
    """
    reason = str(error)[:_MAX_REASON] or type(error).__name__
    return ApiValueError(f"reading {label} failed: {reason}{advice}")


def guarded(label: str, method: Callable[..., Any], *args: Any) -> Any:
    """Call a method of the caller's file and return its result.

    :param label: the name of the file, for messages.
    :raises ApiValueError: when the method raises, whatever that is.
    """
    try:
        return method(*args)
    except Exception as error:
        raise reading_error(label, error) from error


def read_block(label: str, read: Callable[[int], Any], size: int) -> bytes:
    """Return the next bytes of a file, at most ``size`` if its ``read`` is honest; none at the end.

    :raises ApiValueError: when reading fails, or would have to wait on a non-blocking file.
    :raises ApiTypeError: when ``read`` returns anything but bytes.
    """
    block = guarded(label, read, size)
    if isinstance(block, bytes):
        return block
    if isinstance(block, (bytearray, memoryview)):
        return bytes(cast("bytearray | memoryview", block))
    if block is None:
        raise ApiValueError(f"{label} is non-blocking and has no data yet; make it blocking")
    raise ApiTypeError(f"the read of {label} returned {type(block).__name__}; it must return bytes")


def read_exactly(label: str, read: Callable[[int], Any], size: int) -> Iterator[bytes]:
    """Yield the bytes of a file whose size is known; never more than that.

    :raises ApiValueError: when it has fewer or more bytes, or ``read`` returns too many at once.
    """
    left = size
    while left:
        wanted = min(BLOCK_SIZE, left)
        block = read_block(label, read, wanted)
        if len(block) > wanted:
            raise ApiValueError(
                f"the read of {label} returned {len(block)} bytes when {wanted} were requested; "
                "it must return at most that many"
            )
        if not block:
            break
        left -= len(block)
        yield block
    if left or read_block(label, read, 1):
        raise ApiValueError(
            f"{label} changed its size while it was sent: it had {size} bytes at first; "
            "send it once nothing writes to it any more"
        )


def waitable_descriptor(file: Any) -> int | None:
    """Return the descriptor of a pipe or socket that can be waited for; None for other files.

    A non-blocking one is not waited for: reading it returns at once.
    """
    raw = getattr(file, "raw", file)  # below a BufferedReader
    if os.name == "nt" or not isinstance(raw, io.FileIO):
        return None  # Windows can wait for sockets only
    descriptor = raw.fileno()
    mode = os.fstat(descriptor).st_mode
    has_end = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    return descriptor if has_end and os.get_blocking(descriptor) else None


def wait_readable(label: str, descriptor: int, limit: WaitLimit) -> None:
    """Wait until a descriptor has data or ends.

    :raises TimeoutError: when neither happens within the limit.
    """
    import selectors

    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        seconds = limit()
        if selector.select(seconds):
            return
    limit()  # raises for a deadline over the call, in its own words
    raise TimeoutError(f"{label} had no data within {seconds:g} s")
