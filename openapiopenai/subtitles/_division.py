"""The division of timed text into cues, and of cues into lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.subtitles import _language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openapiopenai.subtitles._tokens import Timed

#: A pause after which a new cue begins, in seconds.
_PAUSE = 0.5

#: How much evenness counts against a good place: at half the wanted length as much as the whole
#: distance between a break after a clause and one between any two words.
_EVENNESS = 4.0


@dataclass(frozen=True)
class Layout:
    """The limits of a cue.

    :param max_line_length: the columns of a line.
    :param max_lines: the lines of a cue.
    :param max_seconds: how long a cue is shown.
    :param max_words: the words of a cue; None for any number.
    :raises ApiTypeError: for what is no number.
    :raises ApiValueError: for a number that leaves no room.
    """

    max_line_length: int = 42
    max_lines: int = 2
    max_seconds: float = 7.0
    max_words: int | None = None

    def __post_init__(self) -> None:
        _require_count("max_line_length", self.max_line_length)
        _require_count("max_lines", self.max_lines)
        if self.max_words is not None:
            _require_count("max_words", self.max_words)
        _require_seconds(self.max_seconds)


class Run(NamedTuple):
    """Tokens that are one cue where the limits allow it."""

    tokens: Sequence[Timed]
    speaker: str | None


def runs(tokens: Sequence[Timed]) -> Iterator[Run]:
    """Divide the words of a transcript where every cue ends.

    :param tokens: the words.
    :return: an iterator over runs that end with a sentence, before a pause, or with a speaker.
    """
    first = 0
    for index, (before, after) in enumerate(pairwise(tokens), start=1):
        if _ends_run(before, after):
            yield Run(tokens[first:index], tokens[first].speaker)
            first = index
    if tokens:
        yield Run(tokens[first:], tokens[first].speaker)


def divide(tokens: Sequence[Timed], layout: Layout) -> Iterator[Sequence[Timed]]:
    """Divide a run into cues within the limits, about equal, at the best places.

    :param tokens: the tokens of a run.
    :param layout: the limits; a word beyond them all is a cue of its own.
    :return: an iterator over the tokens of each cue.
    """
    edges = _edges(tokens)
    words = [0, *accumulate(not token.inner for token in tokens)]
    first = 0
    while (furthest := _furthest(tokens, first, layout)) < len(tokens):
        columns = edges[-1] - edges[first]
        duration = tokens[-1].end - tokens[first].start
        wanted = columns / _parts(columns, duration, words[-1] - words[first], layout)
        nearest = first + (2 if tokens[first + 1].tied else 1)
        places = range(nearest, furthest + 1)
        last = _best_break(tokens, edges, places, edges[first], wanted)
        yield tokens[first:last]
        first = last
    yield tokens[first:]


def lines(tokens: Sequence[Timed], layout: Layout) -> Iterator[Sequence[Timed]]:
    """Divide a cue into as few lines as its text needs, about equal, at the best places.

    :param tokens: the tokens of a cue.
    :param layout: the limits; a word longer than a line has one of its own.
    :return: an iterator over the tokens of each line.
    """
    edges = _edges(tokens)
    needed = _lines_needed(tokens, layout.max_line_length)
    first = 0
    while needed[first] > 1:
        within = [
            last
            for last in _line_ends(tokens, edges, first, layout.max_line_length)
            if needed[last] < needed[first]
        ]
        wanted = (edges[-1] - edges[first]) / needed[first]
        last = _best_break(tokens, edges, within, edges[first], wanted)
        yield tokens[first:last]
        first = last
    yield tokens[first:]


def join(tokens: Iterable[Timed]) -> str:
    """Return the text of a line."""
    return "".join(f" {token.text}" if token.space else token.text for token in tokens).lstrip(" ")


def _require_count(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ApiTypeError(f"{name} is {value!r}: pass a whole number, 1 or more")
    if value < 1:
        raise ApiValueError(f"{name} is {value}: pass a whole number, 1 or more")


def _require_seconds(value: object) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ApiTypeError(f"max_seconds is {value!r}: pass a number of seconds above 0")
    if not value > 0:
        raise ApiValueError(f"max_seconds is {value}: pass a number of seconds above 0")


def _ends_run(before: Timed, after: Timed) -> bool:
    return (
        before.speaker != after.speaker
        or after.start - before.end > _PAUSE
        or _language.ends_sentence(before.text, after.text)
    )


def _edges(tokens: Sequence[Timed]) -> list[int]:
    """Return the columns before each token, as if all were on one line, and those of all."""
    return [0, *accumulate([token.width + token.space for token in tokens])]


def _furthest(tokens: Sequence[Timed], first: int, layout: Layout) -> int:
    """Return how far a cue may reach that begins with a token: at least to the next, untied."""
    until = tokens[first].start + layout.max_seconds
    used, column, words = 1, 0, 0
    for index in range(first, len(tokens)):
        token = tokens[index]
        added = token.width + token.space if column else token.width
        column += added
        if column > layout.max_line_length and column > added:
            used, column = used + 1, token.width
        words += not token.inner
        is_full = used > layout.max_lines or token.end > until
        if not token.tied and index > first and (is_full or words > (layout.max_words or words)):
            return index
    return len(tokens)


def _parts(columns: int, duration: float, words: int, layout: Layout) -> int:
    """Return how many cues a text needs at least that is more than one."""
    capacity = layout.max_line_length * layout.max_lines
    shares = (
        columns / capacity,
        duration / layout.max_seconds,
        words / (layout.max_words or max(words, 1)),
    )
    return max(2, math.ceil(max(shares)))


def _best_break(
    tokens: Sequence[Timed], edges: Sequence[int], places: Iterable[int], origin: int, wanted: float
) -> int:
    """Return the place that reads best: a good break, near the wanted number of columns."""
    best, lowest = 0, math.inf
    for place in places:
        cost = _EVENNESS * ((edges[place] - origin) / wanted - 1) ** 2
        if cost >= lowest:  # the words cannot make up for it, and need not be looked at
            continue
        cost += _break_cost(tokens[place - 1], tokens[place])
        if cost < lowest:
            best, lowest = place, cost
    return best


def _break_cost(before: Timed, after: Timed) -> float:
    return _language.INNER if after.inner else _language.break_cost(before.text, after.text)


def _line_ends(
    tokens: Sequence[Timed], edges: Sequence[int], first: int, length: int
) -> Iterator[int]:
    """Return an iterator over where a line may end that begins with a token."""
    origin = edges[first] + tokens[first].space
    for last in range(first + 1, len(tokens)):
        if edges[last] - origin > length and last > first + 1:
            return
        yield last


def _lines_needed(tokens: Sequence[Timed], length: int) -> list[int]:
    """Return how many lines the rest of a cue needs at least, from each of its tokens on."""
    needed = [0] * (len(tokens) + 1)
    end, column = len(tokens), 0
    for index in range(len(tokens) - 1, -1, -1):
        column += tokens[index].width + (tokens[index + 1].space if index + 1 < end else 0)
        if column > length and index + 1 < end:
            end, column = index + 1, tokens[index].width
        needed[index] = needed[end] + 1
    return needed
