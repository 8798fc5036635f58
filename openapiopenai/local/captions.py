"""Captions in SubRip (srt) and WebVTT (vtt)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Cue(NamedTuple):
    """A line of text, shown from ``start`` to ``end`` seconds."""

    start: float
    end: float
    text: str


def srt(cues: Iterable[Cue]) -> str:
    """Format cues as SubRip: numbered, with a comma before the milliseconds.

    :param cues: in order.
    :return: the content of the file; empty without cues.
    """
    return "".join(
        f"{number}\n{_timestamp(cue.start, ',')} --> {_timestamp(cue.end, ',')}\n{cue.text}\n\n"
        for number, cue in enumerate(cues, start=1)
    )


def vtt(cues: Iterable[Cue]) -> str:
    """Format cues as WebVTT: a header, and a point before the milliseconds.

    :param cues: in order.
    :return: the content of the file; only the header without cues.
    """
    return "WEBVTT\n\n" + "".join(
        f"{_timestamp(cue.start, '.')} --> {_timestamp(cue.end, '.')}\n{cue.text}\n\n"
        for cue in cues
    )


def _timestamp(seconds: float, separator: str) -> str:
    # Rounding once, to milliseconds, lets 59.9996 carry over into the minutes.
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{separator}{milliseconds % 1000:03}"
