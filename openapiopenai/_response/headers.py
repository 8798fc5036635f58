"""What the headers of an answer say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The content type of a stream of events.
EVENT_STREAM = "text/event-stream"

#: How servers name the header that identifies a call; Azure's gateway has a name of its own.
_REQUEST_ID = ("x-request-id", "apim-request-id", "request-id")


def request_id(headers: Mapping[str, str]) -> str | None:
    """Give the server's name for the call, where it tells one."""
    found = (headers.get(name) for name in _REQUEST_ID)
    return next((value for value in found if value), None)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Give how long the server asks to wait, in seconds from now; None where it does not ask.

    OpenAI sends ``retry-after-ms`` beside the standard ``Retry-After`` (seconds, or a date).
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    asked = headers.get("retry-after")
    seconds = _number(asked)
    return _seconds_until(asked) if asked and seconds is None else seconds


def media_type(headers: Mapping[str, str]) -> str:
    """Give the content type without its parameters, in lower case; empty where there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def charset(headers: Mapping[str, str]) -> str | None:
    """Give the charset that the content type names, where it names one."""
    _, _, rest = headers.get("content-type", "").lower().partition("charset=")
    return rest.partition(";")[0].strip(" \"'") or None


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _seconds_until(date: str) -> float | None:
    import time
    from email.utils import parsedate_to_datetime

    try:
        then = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):  # no date, or one that this machine cannot hold
        return None
    return max(0.0, then - time.time())
