"""Subtitles: SubRip (srt) and WebVTT (vtt)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Cue(NamedTuple):
    """A text and when it is shown, in seconds from the start of the recording."""

    start: float
    end: float
    text: str


def srt(cues: Iterable[Cue]) -> str:
    """Write SubRip: numbered cues, and a comma before the milliseconds.

    :param cues: in the order in which they are shown.
    :return: the file's text; empty when there is no cue.
    """
    return "".join(
        f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n{cue.text}\n\n"
        for number, cue in enumerate(cues, start=1)
    )


def vtt(cues: Iterable[Cue]) -> str:
    """Write WebVTT: a header, and a point before the milliseconds.

    :param cues: in the order in which they are shown.
    :return: the file's text; the header alone when there is no cue.
    """
    return "WEBVTT\n\n" + "".join(
        f"{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{cue.text}\n\n" for cue in cues
    )


def _time(seconds: float, point: str) -> str:
    # Rounded once, to whole milliseconds, so that 59.9996 carries over into the minute.
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"
