"""The subtitles of the parts of a recording, joined, in SubRip or WebVTT. Pure."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARROW = "-->"
_TIME = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)([.,])(\d{3})")
_TIME_IN_TEXT = re.compile(rf"(?<=<){_TIME.pattern}(?=>)")
_TAG = re.compile(r"<[^>]*>")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def join_srt(parts: list[tuple[float, str]]) -> str:
    """Join subtitles in SubRip.

    :param parts: the start of each part in the recording, in seconds, and its subtitles.
    :return: the subtitles of the recording, numbered from 1.
    """
    numbers = count(1)
    cues = (cue for start, text in parts for cue in _cues(text, start))
    return "".join(f"{next(numbers)}\n{cue}\n\n" for _, cue in cues)


def join_vtt(parts: list[tuple[float, str]]) -> str:
    """Join subtitles in WebVTT.

    :param parts: the start of each part in the recording, in seconds, and its subtitles.
    :return: the subtitles of the recording, with the header and styles of the first.
    """
    numbers = count(1)
    head = [block for block in _blocks(parts[0][1]) if _ARROW not in block] or ["WEBVTT"]
    cues = [
        f"{_next_name(name, numbers)}{cue}"
        for start, text in parts
        for name, cue in _cues(text, start)
    ]
    return "".join(f"{block}\n\n" for block in [*head, *cues])


def text_of_subtitles(text: str) -> str:
    """Return the text of subtitles, without times and tags.

    :param text: SubRip or WebVTT.
    :return: the text, on one line.
    """
    lines = [line for _, cue in _cues(text, 0) for line in cue.split("\n")[1:]]
    return " ".join(_TAG.sub("", line).strip() for line in lines)


def _blocks(text: str) -> list[str]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return [block for block in _BLANK_LINES.split(lines.strip()) if block]


def _cues(text: str, start: float) -> Iterator[tuple[str, str]]:
    """Yield the identifier of each cue, and its times and text, moved to the start of its part."""
    for block in _blocks(text):
        lines = block.split("\n")
        timed = next((number for number, line in enumerate(lines) if _ARROW in line), None)
        if timed is not None:
            times = _TIME.sub(lambda found: _move(found, start), lines[timed])
            rest = [
                _TIME_IN_TEXT.sub(lambda found: _move(found, start), line)
                for line in lines[timed + 1 :]
            ]
            yield "\n".join(lines[:timed]), "\n".join([times, *rest])


def _next_name(name: str, numbers: Iterator[int]) -> str:
    """Return the identifier line of a cue: numbers are counted on, others are kept."""
    if not name:
        return ""
    return f"{next(numbers)}\n" if name.isdigit() else f"{name}\n"


def _move(found: re.Match[str], start: float) -> str:
    hours, minutes, seconds, point, milliseconds = found.groups()
    total = 60 * (60 * int(hours or 0) + int(minutes)) + int(seconds)
    moved = max(0, 1000 * total + int(milliseconds) + round(1000 * start))
    minutes, moved = divmod(moved, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{moved // 1000:02}{point}{moved % 1000:03}"
