"""Facts from the head of a response: its status and its headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The content type of a stream of events.
EVENT_STREAM = "text/event-stream"

#: Successful statuses that have no body.
NO_CONTENT = (204, 205)

#: Headers that identify a call; Azure's gateway has its own.
_REQUEST_ID = ("x-request-id", "apim-request-id", "request-id")

#: A delay, in seconds or milliseconds. RFC 9110 allows only whole seconds; some servers send
#: fractions.
_DELAY = re.compile(r"[0-9]+(\.[0-9]+)?")

#: Longer delays are cut to this, in seconds: a year, which every clock and sleep can hold.
_MAX_DELAY = 365 * 86_400.0


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return the server's identifier of the call, if it sent one."""
    found = (headers.get(name) for name in _REQUEST_ID)
    return next((value for value in found if value), None)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how long the server asks to wait, in seconds from now, if it does.

    OpenAI sends ``retry-after-ms`` beside the standard ``Retry-After`` (seconds, or a date).
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    value = headers.get("retry-after", "")
    seconds = _number(value) if milliseconds is None else milliseconds / 1000
    if seconds is None and value:
        seconds = _seconds_until(value)
    return None if seconds is None else min(seconds, _MAX_DELAY)


def media_type(headers: Mapping[str, str]) -> str:
    """Return the content type in lower case, without parameters; empty if there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def charset(headers: Mapping[str, str]) -> str | None:
    """Return the charset parameter of the content type, if there is one."""
    _, _, rest = headers.get("content-type", "").lower().partition("charset=")
    return rest.partition(";")[0].strip(" \"'") or None


def _number(value: str | None) -> float | None:
    # not left to float(), which takes "1_0" for ten
    found = _DELAY.fullmatch(value.strip()) if value else None
    return float(found[0]) if found else None


def _seconds_until(date: str) -> float | None:
    import time
    from email.utils import parsedate_to_datetime

    try:
        then = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):  # not a date, or beyond what this machine holds
        return None
    return max(0.0, then - time.time())
