"""The values that subtitles are divided as: units of text with their times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openapiopenai.subtitles._text import columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True)
class Token:
    """A text with its times.

    :param text: what is shown.
    :param start: when it begins, in seconds; None where nobody knows.
    :param end: when it ends, in seconds; None where nobody knows.
    :param speaker: who said it; None where nobody knows.
    :param space: whether a space precedes it inside a line.
    :param inner: whether it continues a word of the transcript.
    """

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    space: bool = True
    inner: bool = False


@dataclass(slots=True)
class Timed:
    """A token whose times are known.

    :param text: what is shown.
    :param start: when it begins, in seconds.
    :param end: when it ends, in seconds; never before ``start``.
    :param speaker: who said it; None where nobody knows.
    :param space: whether a space precedes it inside a line.
    :param inner: whether it continues a word of the transcript.
    :param width: its columns.
    :param tied: whether it is in the cue of the token before it, whatever the limits.
    """

    text: str
    start: float
    end: float
    speaker: str | None
    space: bool
    inner: bool
    width: int
    tied: bool = False


def spread(texts: Sequence[str], start: float, end: float) -> Iterator[tuple[float, float]]:
    """Divide a stretch of time among texts, in proportion to their columns.

    :param texts: the texts, in order.
    :param start: when the first begins, in seconds.
    :param end: when the last ends, in seconds.
    :return: start and end of each.
    """
    if len(texts) == 1:  # by far the most frequent, and exact
        yield start, end
        return
    widths = [columns(text) or 1 for text in texts]
    rate = (end - start) / sum(widths)
    done = 0
    for width in widths:
        yield start + done * rate, start + (done + width) * rate
        done += width
