"""SubRip and WebVTT, as servers write them, read into cues."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_TIME = r"(?:\d+:)?\d+:\d+(?:[.,]\d*)?"
_TIMING = re.compile(rf"^[ \t]*({_TIME})[ \t]*-->[ \t]*({_TIME})[^\n]*$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")

#: The number of the next cue, which stands before its times in SubRip.
_NUMBER = re.compile(r"(?:\A|\n)[ \t]*\d+[ \t]*\n*\Z")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?(?:[bcisuv]|ruby|rt|lang|font)(?:[. \t][^>]*)?>|<[\d:.]+>|\{\\[^}]*\}")
_NEWLINE = re.compile(r"\r\n?")

#: Minutes and seconds in an hour or minute.
_SIXTY = 60


class Cue(NamedTuple):
    """A text and when it is shown.

    :param start: when it appears, in seconds from the start of the recording.
    :param end: when it disappears, in seconds.
    :param text: its lines, separated by newlines.
    :param speaker: who says it; None where nobody knows.
    """

    start: float
    end: float
    text: str
    speaker: str | None = None


def is_vtt(text: str) -> bool:
    """Whether a text is WebVTT by its first line."""
    return text.lstrip("\ufeff \t\r\n").startswith("WEBVTT")


def has_times(text: str) -> bool:
    """Whether a text has the times of SubRip or WebVTT."""
    return _TIMING.search(_NEWLINE.sub("\n", text)) is not None


def is_well_formed(text: str) -> bool:
    """Whether no time of a subtitle file has 60 minutes or seconds (LocalAI's have)."""
    return all(
        int(part) < _SIXTY
        for timing in _TIMING.finditer(text)
        for time in timing.groups()
        for part in re.split("[.,]", time)[0].split(":")[-2:]
    )


def parse(text: str) -> list[Cue]:
    """Parse SubRip or WebVTT.

    :param text: the file, in either format; times without hours, a missing last newline and blank
        lines around the cues are accepted.
    :return: the cues in their order, without markup; empty where there are no times.
    """
    text = _NEWLINE.sub("\n", text)
    timings = list(_TIMING.finditer(text))
    ends = [*(timing.start() for timing in timings[1:]), len(text)]
    payload = _vtt_payload if is_vtt(text) else _srt_payload
    return [
        _cue(timing, payload(text[timing.end() : end]))
        for timing, end in zip(timings, ends, strict=True)
    ]


def _cue(timing: re.Match[str], payload: str) -> Cue:
    voice = _VOICE.search(payload)
    speaker = html.unescape(voice[1]).strip() if voice else None
    text = _TAG.sub("", payload)
    return Cue(_seconds(timing[1]), _seconds(timing[2]), html.unescape(text), speaker)


def _vtt_payload(block: str) -> str:
    """Return what stands before a blank line; then come identifiers, notes and styles."""
    return _BLANK_LINE.split(block, maxsplit=1)[0].strip()


def _srt_payload(block: str) -> str:
    """Return all but the number of the next cue; careless servers leave blank lines in texts."""
    return _NUMBER.sub("", block).strip() if _BLANK_LINE.search(block) else block.strip()


def _seconds(time: str) -> float:
    clock, _, fraction = time.replace(",", ".").partition(".")
    *hours, minutes, seconds = map(int, clock.split(":"))
    if minutes >= _SIXTY:  # LocalAI counts the hours in the minutes, and writes them before, too
        hours = []
    return sum(hours) * 3600 + minutes * 60 + seconds + float(f"0.{fraction or 0}")
