"""Where people pause: a recording is cut there, and recognised one utterance at a time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator

#: Samples a second of a recording: what the acoustic model of the recogniser was trained on.
RATE = 16_000

#: How finely pauses and words are timed.
FRAMES_PER_SECOND = 100

_FRAME = RATE // FRAMES_PER_SECOND

# Levels are mean magnitudes of 16-bit samples.
_SILENCE = 32768 * 10 ** (-60 / 20)  # below it there is nothing to hear: -60 dB of full scale
_ABOVE_NOISE = 2.5  # speech stands this much out of the background ...
# ... but is never taken to begin below or above these parts of the peak
_BELOW_PEAK = (0.004, 0.06)

#: Silence that parts two utterances: as long as between sentences, longer than at a comma.
PAUSE_SECONDS = 0.3

#: Silence that is kept before and after an utterance.
PADDING_SECONDS = 0.2

_SHORTEST = 6  # frames; a shorter sound is a click, no word
_LONGEST = 20 * FRAMES_PER_SECOND  # frames; without any pause it is cut where it is quietest


class Span(NamedTuple):
    """A stretch of a recording, in frames of a hundredth of a second, the end excluded."""

    start: int
    end: int


def utterances(
    samples: array[int],
    *,
    pause_seconds: float = PAUSE_SECONDS,
    padding_seconds: float = PADDING_SECONDS,
) -> list[Span]:
    """Find what is said between pauses.

    :param samples: mono, at ``RATE``.
    :param pause_seconds: silence that parts two utterances.
    :param padding_seconds: what is kept of the silence before and after each.
    :return: the utterances in order; none for a silent recording.
    """
    levels = _levels(samples)
    pause = round(pause_seconds * FRAMES_PER_SECOND)
    spans = [span for span in _joined(_loud(levels), pause) if span.end - span.start >= _SHORTEST]
    padding = round(padding_seconds * FRAMES_PER_SECOND)
    return [part for span in _padded(spans, padding, len(levels)) for part in _cut(span, levels)]


def _levels(samples: array[int]) -> list[float]:
    return [
        sum(map(abs, samples[start : start + _FRAME])) / _FRAME
        for start in range(0, len(samples), _FRAME)
    ]


def _loud(levels: list[float]) -> Iterator[Span]:
    """Each frame that is louder than the background, as a span of its own."""
    peak = max(levels, default=0)
    if peak < _SILENCE:
        return
    background = sorted(levels)[len(levels) // 10]
    least, most = (peak * part for part in _BELOW_PEAK)
    threshold = min(max(background * _ABOVE_NOISE, least), most)
    for frame, level in enumerate(levels):
        if level > threshold:
            yield Span(frame, frame + 1)


def _joined(spans: Iterable[Span], pause: int) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end < pause:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _padded(spans: list[Span], padding: int, frames: int) -> Iterator[Span]:
    """Widen each span, at most to the middle of the pause between it and the next."""
    middles = [(before.end + after.start) // 2 for before, after in pairwise(spans)]
    bounds = pairwise([0, *middles, frames])
    for span, (first, last) in zip(spans, bounds):  # noqa: B905  (without spans there is one bound)
        yield Span(max(span.start - padding, first), min(span.end + padding, last))


def _cut(span: Span, levels: list[float]) -> Iterator[Span]:
    start = span.start
    while span.end - start > _LONGEST:
        middle = range(start + _LONGEST // 2, start + _LONGEST)
        quietest = min(middle, key=levels.__getitem__)
        yield Span(start, quietest)
        start = quietest
    yield Span(start, span.end)
