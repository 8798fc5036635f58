"""Blocks of a subtitle file: laid out in lines, timed in milliseconds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from openapiopenai.subtitles import _division, _source
from openapiopenai.subtitles._alignment import align
from openapiopenai.subtitles._text import columns
from openapiopenai.subtitles._timing import repair
from openapiopenai.subtitles._tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openapiopenai.subtitles._division import Layout, Run
    from openapiopenai.subtitles._source import Source
    from openapiopenai.subtitles._tokens import Timed

#: The slowest speech that a long segment is believed to be, in columns per second. Whisper writes
#: "Thank you." over a minute of silence; such a segment is shown at its start, not in parts.
_SLOWEST = 3.0


class Block(NamedTuple):
    """A cue that is ready to be written.

    :param start: when it appears, in milliseconds.
    :param end: when it disappears, in milliseconds; after ``start``.
    :param lines: its tokens, line by line.
    :param speaker: who says it; None where nobody knows, or where it is not to be shown.
    """

    start: int
    end: int
    lines: Sequence[Sequence[Timed]]
    speaker: str | None


def blocks(
    source: object, layout: Layout, *, speakers: bool | None, labels: bool = False
) -> list[Block]:
    """Divide a transcript into the blocks of a subtitle file.

    :param source: the transcript.
    :param layout: the limits of a cue.
    :param speakers: whether to name the speakers; None where there is more than one.
    :param labels: whether a name is part of the text, where the speaker changes.
    :return: the blocks in the order of the text; no two overlap.
    :raises ApiTypeError: when it is no transcript.
    :raises ApiValueError: when it has no times.
    """
    runs = _named(list(_runs(_source.read(source), layout)), speakers)
    labelled = _labelled(runs, layout) if labels else runs
    return _in_milliseconds(
        [
            (tokens, list(_division.lines(tokens, layout)), run.speaker)
            for run in labelled
            for tokens in _division.divide(run.tokens, layout)
        ],
        layout,
    )


def _runs(source: Source, layout: Layout) -> Iterator[Run]:
    if source.words:
        return _division.runs(repair(_punctuated(source), source.duration))
    segments = repair(source.segments, source.duration)
    return (_division.Run(_units(segment, layout), segment.speaker) for segment in segments)


def _punctuated(source: Source) -> list[Token]:
    """Return the words as the segments write them; as they are where there are no segments."""
    text = _split(source.segments)
    return align(source.words, text) if text else _split(source.words, are_words=True)


def _split(tokens: Sequence[Token], *, are_words: bool = False) -> list[Token]:
    previous = ["", *(token.text for token in tokens)]
    return [
        unit
        for token, before in zip(tokens, previous, strict=False)
        for unit in _source.split(token, after=before, is_word=are_words)
    ]


def _units(segment: Timed, layout: Layout) -> list[Timed]:
    longest = max(layout.max_seconds, segment.width / _SLOWEST)
    end = min(segment.end, segment.start + longest)
    whole = Token(segment.text, segment.start, end, segment.speaker)
    return repair(_source.split(whole), None)


def _named(runs: Sequence[Run], speakers: bool | None) -> Sequence[Run]:  # noqa: FBT001 - an option
    """Return the runs, without their speakers where these are not to be shown."""
    if speakers is None:
        speakers = len({run.speaker for run in runs if run.speaker}) > 1
    return runs if speakers else [run._replace(speaker=None) for run in runs]


def _labelled(runs: Sequence[Run], layout: Layout) -> Iterator[Run]:
    """Put a name before the first word wherever the speaker changes."""
    yield from runs[:1] and [_with_label(runs[0], layout)]
    for before, run in pairwise(runs):
        yield run if run.speaker == before.speaker else _with_label(run, layout)


def _with_label(run: Run, layout: Layout) -> Run:
    """Put a name on the line of the first word, or on one of its own where they need two."""
    if run.speaker is None:
        return run
    first, label = run.tokens[0], f"{run.speaker}:"
    text = f"{label} {first.text}"
    width = columns(text)
    tokens = [replace(first, text=text, width=width)]
    if width > layout.max_line_length and layout.max_lines > 1:
        name = replace(first, text=label, width=columns(label))
        tokens = [name, replace(first, space=True, inner=True, tied=True)]
    return run._replace(tokens=[*tokens, *run.tokens[1:]])


def _in_milliseconds(
    cues: Iterable[tuple[Sequence[Timed], Sequence[Sequence[Timed]], str | None]], layout: Layout
) -> list[Block]:
    """Round once, so that 59.9996 carries over, and let each end before the next begins."""
    longest = max(layout.max_seconds * 1000, 1)
    found: list[Block] = []
    floor = 0
    for tokens, lines, speaker in cues:
        start = max(round(tokens[0].start * 1000), floor)
        end = max(round(tokens[-1].end * 1000), start + 1)
        floor = int(min(end, start + longest))
        found.append(Block(start, floor, lines, speaker))
    return found
