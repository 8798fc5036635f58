"""Where a recording is divided: at silences, within the limits. Pure; times are in seconds."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: How far before the limit a cut may be, as fractions of it. A longer window is searched only when
#: the one before it contains no silence.
_REACHES = (0.25, 0.5, 0.9)

#: Seconds; a silence longer than this may be speech that was recorded very quietly, so it is cut
#: at its quietest place.
_LONGEST_PAUSE = 2.0

#: Seconds at the end of a window that are searched for the quietest place.
_SEARCHED = 20.0

#: Seconds; OpenAI refuses recordings shorter than 0.1 s.
_SHORTEST_PART = 0.5


class Span(NamedTuple):
    """A period of a recording, in seconds.

    :param start: where it begins.
    :param end: where it ends.
    """

    start: float
    end: float

    @property
    def length(self) -> float:
        """The time from start to end."""
        return self.end - self.start


class Sizes:
    """The bytes of packets that a recording has up to a time.

    :param points: times and the bytes before them, in order.
    :param fixed: bytes that each part has besides its packets.
    """

    def __init__(self, points: Sequence[tuple[float, int]], fixed: int = 0) -> None:
        self._times = [time for time, _ in points]
        self._bytes = [size for _, size in points]
        self._fixed = fixed

    def furthest(self, start: float, max_bytes: int) -> float:
        """Return where a part of at most ``max_bytes`` that begins at ``start`` must end."""
        before = self._bytes[max(bisect_right(self._times, start) - 1, 0)]
        last = bisect_right(self._bytes, before + max_bytes - self._fixed) - 1
        return float("inf") if last == len(self._bytes) - 1 else self._times[last]


def plan(
    duration: float,
    silences: Sequence[Span],
    furthest: Callable[[float], float],
    quietest: Callable[[Span], float],
) -> list[Span]:
    """Divide a recording into parts.

    :param duration: the length of the recording.
    :param silences: the silences in it, in order.
    :param furthest: returns the latest end that the limits allow for a part that begins at a time.
    :param quietest: returns the quietest time in a span, for use where there is no silence.
    :return: the parts, in order and without gaps.
    :raises ApiValueError: when a limit leaves no room for a part.
    """
    spans: list[Span] = []
    start = 0.0
    while (latest := furthest(start)) < duration:
        latest = min(latest, duration - _SHORTEST_PART)
        if latest - start < _SHORTEST_PART:
            raise ApiValueError(
                f"max_bytes or max_seconds leaves no room for the sound at {start:.1f} s; raise it"
            )
        cut = _cut(Span(start, latest), silences, quietest)
        spans.append(Span(start, cut))
        start = cut
    return [*spans, Span(start, duration)]


def _cut(part: Span, silences: Sequence[Span], quietest: Callable[[Span], float]) -> float:
    windows = [Span(part.end - part.length * reach, part.end) for reach in _REACHES]
    found = (_longest(window, silences) for window in windows)
    chosen = next(filter(None, found), windows[0])
    if chosen in windows or chosen.length > _LONGEST_PAUSE:
        return quietest(Span(max(chosen.start, chosen.end - _SEARCHED), chosen.end))
    return (chosen.start + chosen.end) / 2


def _longest(window: Span, silences: Sequence[Span]) -> Span | None:
    """Return the longest silence in a window, clipped to it; of two that are equal, the later."""
    first = bisect_right(silences, window.start, key=lambda silence: silence.end)
    within = _clip(silences[first:], window)
    return max(within, key=lambda silence: (round(silence.length, 2), silence.end), default=None)


def _clip(silences: Iterable[Span], window: Span) -> list[Span]:
    clipped: list[Span] = []
    for silence in silences:
        if silence.start >= window.end:
            break
        clipped.append(Span(max(silence.start, window.start), min(silence.end, window.end)))
    return clipped
