"""Server-sent events: bytes in, events out. No socket, no JSON.

The rules are those of the WHATWG HTML standard, section "Server-sent events" (9.2.6): lines end
with CR, LF or CRLF; an empty line ends an event; a line that begins with a colon is a comment; a
byte order mark may stand at the start; what follows the last empty line is not an event. Lines are
split as bytes, so that a character cut in two between reads is joined before it is decoded, and
U+2028 is a character like any other. ``id`` and ``retry``, which serve to resume a stream, are
ignored: the response to a POST cannot be resumed.
"""

from __future__ import annotations

from itertools import repeat
from typing import TypeAlias

from openapiopenai._response.json import UnreadableError

#: One event: its name, ``message`` if it has none; and its data in UTF-8, lines joined with LF. A
#: plain pair, since there are so many of them.
ServerSentEvent: TypeAlias = "tuple[str, bytes]"

#: The limit for one event, in bytes: far more than a minute of speech in base64.
MAX_EVENT_SIZE = 64 * 1024 * 1024

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventTooLargeError(UnreadableError):
    """An event is larger than the limit."""


class EventParser:
    """Incremental parser of an event stream.

    :param max_size: the limit for one event, in bytes.
    """

    def __init__(self, max_size: int = MAX_EVENT_SIZE) -> None:
        self._max_size = max_size
        self._pieces: list[bytes] = []  # of an event that is not complete
        self._size = 0
        self._is_first = True
        self._after_cr = False

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """Parse the next bytes.

        :param data: any number of them.
        :return: the events that they complete, in order.
        :raises EventTooLargeError: when an event is larger than the limit.
        """
        data = self._normalize_line_ends(data)
        if not data:
            return []
        # the two line ends of an empty line may arrive apart
        seam = self._pieces[-1][-1:] + data[:1] if self._pieces else b""
        self._pieces.append(data)
        self._size += len(data)
        if b"\n\n" not in data and seam != b"\n\n":
            self._check_size(self._size)
            return []
        complete, _, rest = self._join_pieces().rpartition(b"\n\n")
        if self._size > self._max_size:
            self._check_size(max(map(len, (rest, *complete.split(b"\n\n")))))
        self._pieces, self._size = ([rest] if rest else []), len(rest)
        return _parse_events(complete)

    def _normalize_line_ends(self, data: bytes) -> bytes:
        if self._after_cr and data:
            data = data.removeprefix(b"\n")  # the other half of a CRLF
            self._after_cr = False
        if b"\r" in data:
            self._after_cr = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data

    def _check_size(self, size: int) -> None:
        if size > self._max_size:
            raise EventTooLargeError(
                f"an event has more than {self._max_size} bytes; the server may not be sending "
                "events at all"
            )

    def _join_pieces(self) -> bytes:
        joined = b"".join(self._pieces)
        if self._is_first:
            self._is_first = False
            joined = joined.removeprefix(_BYTE_ORDER_MARK)
        return joined


def _parse_events(text: bytes) -> list[ServerSentEvent]:
    # nearly every stream is nothing but lines "data: ...", which are split all at once
    lines = text.removeprefix(b"data: ").split(b"\n\ndata: ")
    if text.startswith(b"data: ") and text.count(b"\n") == 2 * (len(lines) - 1):
        return list(zip(repeat("message"), lines))
    # a server may send any number of empty lines to stay alive
    blocks = filter(None, text.strip(b"\n").split(b"\n\n"))
    events = (_parse_event(block.split(b"\n")) for block in blocks)
    return [event for event in events if event]


def _parse_event(lines: list[bytes]) -> ServerSentEvent | None:
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
