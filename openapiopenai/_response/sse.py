"""Server-sent events: bytes in, events out. No socket, no JSON.

The rules are those of the WHATWG HTML standard, section "Server-sent events" (9.2.6): lines end
with CR, LF or CRLF; an empty line ends an event; a line that begins with a colon is a comment; a
byte order mark may stand at the start; what follows the last empty line is no event. Lines are
split as bytes, so a character that is cut in two between reads is whole again before it is
decoded, and U+2028 is a character like any other. What serves to take up a stream again, ``id`` and
``retry``, is passed over: no answer to a POST can be taken up.
"""

from __future__ import annotations

from itertools import repeat
from typing import TypeAlias

from openapiopenai.exceptions import OpenApiException

#: One event: its name, ``message`` where it has none; and its data in UTF-8, the lines joined with
#: LF. A plain pair, since there are so many of them.
ServerSentEvent: TypeAlias = "tuple[str, bytes]"

#: How large one event may become, in bytes: far more than a minute of speech in base64.
LARGEST_EVENT = 64 * 1024 * 1024

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventTooLargeError(OpenApiException):
    """An event has no end within the size that one may have."""


class EventParser:
    """Makes events of a stream of bytes, however it is cut.

    :param largest: how large one event may become, in bytes.
    """

    def __init__(self, largest: int = LARGEST_EVENT) -> None:
        self._largest = largest
        self._pieces: list[bytes] = []  # of an event whose end has not come yet
        self._size = 0
        self._is_first = True
        self._after_cr = False

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """Take the next bytes.

        :param data: any number of them.
        :return: the events that they complete, in order.
        :raises EventTooLargeError: when an event grows past its limit.
        """
        data = self._with_plain_line_ends(data)
        if not data:
            return []
        # the two line ends of an empty line may have come apart
        seam = self._pieces[-1][-1:] + data[:1] if self._pieces else b""
        self._pieces.append(data)
        self._size += len(data)
        if b"\n\n" not in data and seam != b"\n\n":
            self._refuse_beyond_limit(self._size)
            return []
        whole, _, rest = self._joined().rpartition(b"\n\n")
        if self._size > self._largest:
            self._refuse_beyond_limit(max(map(len, (rest, *whole.split(b"\n\n")))))
        self._pieces, self._size = ([rest] if rest else []), len(rest)
        return _events(whole)

    def _with_plain_line_ends(self, data: bytes) -> bytes:
        if self._after_cr and data:
            data = data.removeprefix(b"\n")  # the other half of a CRLF
            self._after_cr = False
        if b"\r" in data:
            self._after_cr = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data

    def _refuse_beyond_limit(self, size: int) -> None:
        if size > self._largest:
            raise EventTooLargeError(
                f"an event has more than {self._largest} bytes; the server may not be sending "
                "events at all"
            )

    def _joined(self) -> bytes:
        whole = b"".join(self._pieces)
        if self._is_first:
            self._is_first = False
            whole = whole.removeprefix(_BYTE_ORDER_MARK)
        return whole


def _events(whole: bytes) -> list[ServerSentEvent]:
    # nearly every stream is nothing but lines "data: ...", which are parted all at once
    lines = whole.removeprefix(b"data: ").split(b"\n\ndata: ")
    if whole.startswith(b"data: ") and whole.count(b"\n") == 2 * (len(lines) - 1):
        return list(zip(repeat("message"), lines))
    events = [_event(block.split(b"\n")) for block in whole.split(b"\n\n")]
    return [event for event in events if event]


def _event(lines: list[bytes]) -> ServerSentEvent | None:
    name = b""
    data: list[bytes] = []
    for line in lines:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            data.append(value)
        elif field == b"event":
            name = value
    return (name.decode("utf-8", "replace") or "message", b"\n".join(data)) if data else None
