"""File objects: what they know of themselves, and what of them can be read."""

from __future__ import annotations

import io
import os
from typing import Any, cast

from openapiopenai._files.formats import UNKNOWN_TYPE
from openapiopenai._files.reading import BinaryReadable, guarded, reading_error
from openapiopenai.exceptions import ApiTypeError

_OPEN_IT = "; pass a file that is open, and opened with 'rb'"


def readable(file: Any, label: str) -> BinaryReadable:
    """Return the object to read: the file itself, or its ``.file`` if its ``read`` is async.

    Starlette's and FastAPI's ``UploadFile`` wraps a file so.
    """
    if isinstance(file, io.TextIOBase):
        raise _text_mode(label)
    try:
        nothing = file.read(0)
    except TypeError as error:
        raise ApiTypeError(
            f"the read of {label} takes no size ({error}); pass its bytes instead"
        ) from error
    except Exception as error:
        raise reading_error(label, error, _OPEN_IT) from error
    if isinstance(nothing, str):
        raise _text_mode(label)
    if not hasattr(nothing, "__await__"):
        return cast("BinaryReadable", file)
    nothing.close()  # a coroutine that nobody awaits warns
    inner = getattr(file, "file", None)
    if not hasattr(inner, "read"):
        raise ApiTypeError(f"the read of {label} is a coroutine; await it, and pass the bytes")
    return readable(inner, label)


def _text_mode(label: str) -> ApiTypeError:
    return ApiTypeError(f"{label} is opened in text mode; open it with 'rb'")


def extent_of(file: Any, label: str) -> tuple[int, int] | None:
    """Return a file's position and how many bytes follow it; None if it cannot be sought."""
    try:
        start = file.tell()
        file.seek(0, io.SEEK_END)  # the position is asked for: some wrappers' seek returns None
        end = file.tell()
    except (AttributeError, NotImplementedError, OSError):
        return None
    except Exception as error:
        raise reading_error(label, error) from error
    guarded(label, file.seek, start)
    return start, max(0, end - start)


def name_of(file: object) -> str:
    """Return the file name that an object knows; empty if none."""
    # a web framework's file has its name in filename; its name is that of the form field
    # (GzipFile has a deprecated property of that name, up to Python 3.11)
    is_upload = not isinstance(file, io.IOBase) and hasattr(file, "filename")
    name = getattr(file, "filename" if is_upload else "name", "")
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    # a file made from a descriptor has a number, a standard stream "<stdin>"
    return name if isinstance(name, str) and not name.startswith("<") else ""


def content_type_of(file: object) -> str:
    """Return the content type that an object knows; empty if none."""
    kind = getattr(file, "content_type", "")
    return kind if isinstance(kind, str) and kind != UNKNOWN_TYPE else ""
