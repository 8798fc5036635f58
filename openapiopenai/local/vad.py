"""Voice activity detection: splits a recording into utterances at its pauses."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator

#: Samples per second of a recording, as the acoustic model of the recognizer requires.
RATE = 16_000

#: Resolution of the times of pauses and words.
FRAMES_PER_SECOND = 100

_FRAME = RATE // FRAMES_PER_SECOND

# Levels are mean magnitudes of 16-bit samples.

#: -60 dB of full scale; a recording that is nowhere louder is silent.
_SILENCE = 32768 * 10 ** (-60 / 20)

#: Ratio of speech to background noise ...
_ABOVE_NOISE = 2.5

#: ... but the threshold stays between these fractions of the peak level.
_BELOW_PEAK = (0.004, 0.06)

#: Silence that separates two utterances: the pause between sentences, longer than at a comma.
PAUSE_SECONDS = 0.3

#: Silence kept before and after an utterance.
PADDING_SECONDS = 0.2

#: Frames of the shortest utterance; a shorter sound is a click.
_MIN_FRAMES = 6

#: Frames of the longest utterance; a longer one is split where it is quietest.
_MAX_FRAMES = 20 * FRAMES_PER_SECOND


class Span(NamedTuple):
    """Part of a recording, in frames of a hundredth of a second; the end is exclusive."""

    start: int
    end: int


def detect_speech(
    samples: array[int],
    *,
    pause_seconds: float = PAUSE_SECONDS,
    padding_seconds: float = PADDING_SECONDS,
) -> list[Span]:
    """Find the utterances of a recording.

    :param samples: mono, at ``RATE``.
    :param pause_seconds: silence that separates two utterances.
    :param padding_seconds: silence kept before and after each.
    :return: the utterances in order; none in a silent recording.
    """
    levels = _levels(samples)
    pause = round(pause_seconds * FRAMES_PER_SECOND)
    spans = _merge(_loud_frames(levels), pause)
    spans = [span for span in spans if span.end - span.start >= _MIN_FRAMES]
    padding = round(padding_seconds * FRAMES_PER_SECOND)
    return [part for span in _pad(spans, padding, len(levels)) for part in _split(span, levels)]


def _levels(samples: array[int]) -> list[float]:
    return [
        sum(map(abs, samples[start : start + _FRAME])) / _FRAME
        for start in range(0, len(samples), _FRAME)
    ]


def _loud_frames(levels: list[float]) -> Iterator[Span]:
    """Yield a span for each frame that is louder than the background."""
    peak = max(levels, default=0)
    if peak < _SILENCE:
        return
    background = sorted(levels)[len(levels) // 10]
    lowest, highest = (peak * fraction for fraction in _BELOW_PEAK)
    threshold = min(max(background * _ABOVE_NOISE, lowest), highest)
    for frame, level in enumerate(levels):
        if level > threshold:
            yield Span(frame, frame + 1)


def _merge(spans: Iterable[Span], pause: int) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and span.start - merged[-1].end < pause:
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def _pad(spans: list[Span], padding: int, frames: int) -> Iterator[Span]:
    """Widen each span, at most to the middle of the pause between two."""
    middles = [(before.end + after.start) // 2 for before, after in pairwise(spans)]
    bounds = pairwise([0, *middles, frames])
    for span, (first, last) in zip(spans, bounds):  # noqa: B905  (without spans there is still one pair of bounds)
        yield Span(max(span.start - padding, first), min(span.end + padding, last))


def _split(span: Span, levels: list[float]) -> Iterator[Span]:
    start = span.start
    while span.end - start > _MAX_FRAMES:
        middle = range(start + _MAX_FRAMES // 2, start + _MAX_FRAMES)
        quietest = min(middle, key=levels.__getitem__)
        yield Span(start, quietest)
        start = quietest
    yield Span(start, span.end)
