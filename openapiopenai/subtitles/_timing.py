"""Times made usable: known, in order, without overlap, inside the recording."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from openapiopenai.subtitles._text import columns
from openapiopenai.subtitles._tokens import Timed, Token, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Columns that are spoken in a second, where the end of a text is unknown: the reading speed of
#: 15 characters per second that subtitles for adults are commonly written for.
_COLUMNS_PER_SECOND = 15.0

#: The latest time that is believed, in seconds: about three years.
_LATEST = 1e8


def seconds(value: Any) -> float | None:
    """Return a time in seconds, as servers write it.

    :param value: a number, a string of digits, or anything else.
    :return: the time; None for what cannot be one. Negative times become 0.
    """
    number = value if type(value) is float else _number(value)
    if 0.0 <= number < _LATEST:
        return number
    return 0.0 if -_LATEST < number < 0.0 else None


def repair(tokens: Sequence[Token], duration: float | None) -> list[Timed]:
    """Return tokens with times that never run backwards or overlap; their order is kept.

    :param tokens: the tokens in reading order. One that is told to begin after its successors is
        placed between its neighbours, as one without times is.
    :param duration: the duration of the recording in seconds, which no time exceeds.
    :return: as many tokens.
    """
    limit = duration or math.inf
    known = [_interval(token.start, token.end, limit) for token in tokens]
    _drop_outliers(known)
    if None in known:
        _fill_gaps(tokens, known, limit)
    return _in_order(tokens, known)


def _number(value: Any) -> float:
    """Return what a value is as a number; NaN where it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def _interval(start: float | None, end: float | None, limit: float) -> tuple[float, float] | None:
    first = end if start is None else start
    last = start if end is None else end
    if first is None or last is None:
        return None
    if first <= last <= limit:  # as most are
        return first, last
    return min(first, last, limit), min(max(first, last), limit)


def _drop_outliers(known: list[tuple[float, float] | None]) -> None:
    """Forget a time that its successor contradicts, and its predecessor does not confirm."""
    for index in range(1, len(known) - 1):
        before, here, after = known[index - 1 : index + 2]
        if before and here and after and before[0] <= after[0] < here[0]:
            known[index] = None


def _fill_gaps(
    tokens: Sequence[Token], known: list[tuple[float, float] | None], limit: float
) -> None:
    """Spread what has no times over the gap between its neighbours."""
    index, previous_end = 0, 0.0
    while index < len(known):
        times = known[index]
        if times is not None:
            previous_end = max(previous_end, times[1])
            index += 1
            continue
        after = index
        while after < len(known) and known[after] is None:
            after += 1
        texts = [token.text for token in tokens[index:after]]
        following = known[after] if after < len(known) else None
        end = following[0] if following else min(_spoken_until(texts, previous_end), limit)
        known[index:after] = spread(texts, previous_end, max(previous_end, end))
        index = after


def _spoken_until(texts: Sequence[str], start: float) -> float:
    return start + sum(map(columns, texts)) / _COLUMNS_PER_SECOND


def _in_order(tokens: Sequence[Token], known: Sequence[tuple[float, float] | None]) -> list[Timed]:
    """Let each begin no earlier than the one before, and end when the next begins."""
    ordered: list[Timed] = []
    floor = 0.0
    for token, times in zip(tokens, known, strict=True):
        start, end = times or (floor, floor)
        start = max(start, floor)
        if ordered and ordered[-1].end > start:
            ordered[-1].end = start
        end = max(start, end)
        width = columns(token.text) or 1
        ordered.append(
            Timed(token.text, start, end, token.speaker, token.space, token.inner, width)
        )
        floor = start
    return ordered
