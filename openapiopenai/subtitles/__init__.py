"""Readable subtitles from transcripts with times: SubRip and WebVTT.

The functions take a result of ``create_transcription`` or ``create_translation``, its words or
segments, the same as parsed JSON, or the text of a subtitle file, and divide it anew::

    segments, words      _source.py      what a server calls them; _parsing.py reads srt and vtt
      -> words as written  _alignment.py   words have times, segments have punctuation: both
      -> times in order    _timing.py      missing, reversed, overlapping or late ones repaired
      -> runs, cues, lines _division.py    within the limits, at the places of _language.py
      -> blocks            _blocks.py      in milliseconds; _writing.py writes them

The defaults are those of Netflix's Timed Text Style Guide: 42 columns, 2 lines, 7 seconds. The
BBC's Subtitle Guidelines allow 37 columns, as teletext had: ``max_line_length=37``.

Nothing here needs the network or another package.
"""

from __future__ import annotations

from typing import TypedDict

from openapiopenai.subtitles._blocks import blocks as _blocks
from openapiopenai.subtitles._division import Layout as _Layout
from openapiopenai.subtitles._parsing import Cue, is_vtt, is_well_formed, parse
from openapiopenai.subtitles._source import subtitle_file
from openapiopenai.subtitles._writing import srt, text, vtt

__all__ = ["Cue", "Options", "VttOptions", "divide", "parse", "to_srt", "to_vtt"]


class Options(TypedDict, total=False):
    """The options of :func:`to_srt` and :func:`divide`, for type checkers."""

    max_line_length: int
    max_lines: int
    max_seconds: float
    max_words: int | None
    speakers: bool | None


class VttOptions(Options, total=False):
    """The options of :func:`to_vtt`, for type checkers."""

    highlight_words: bool


def divide(
    cues: object,
    *,
    max_line_length: int = 42,
    max_lines: int = 2,
    max_seconds: float = 7.0,
    max_words: int | None = None,
    speakers: bool | None = None,
) -> list[Cue]:
    """Divide a transcript into cues that can be read, as values.

    :param cues: a result, its words or segments (objects or mappings with ``start``, ``end`` and
        ``text`` or ``word``; times in seconds), or the text of a subtitle file. A result or
        mapping with ``words`` and ``segments`` is best: words have the exact times, segments the
        punctuation.
    :param max_line_length: columns of a line; a wide East Asian character takes two. A word longer
        than that is not divided.
    :param max_lines: lines of a cue.
    :param max_seconds: how long a cue is shown at most.
    :param max_words: words of a cue; None for any number.
    :param speakers: whether to keep the speakers; None keeps them where there is more than one.
    :return: the cues in order. None is empty, and no two overlap. A result in which nobody
        speaks has none.
    :raises ApiTypeError: when an argument has the wrong type.
    :raises ApiValueError: when there are no times, or an option is out of range.
    """
    layout = _Layout(max_line_length, max_lines, max_seconds, max_words)
    return [
        Cue(block.start / 1000, block.end / 1000, text(block), block.speaker)
        for block in _blocks(cues, layout, speakers=speakers)
    ]


def to_srt(
    cues: object,
    *,
    max_line_length: int = 42,
    max_lines: int = 2,
    max_seconds: float = 7.0,
    max_words: int | None = None,
    speakers: bool | None = None,
) -> str:
    """Write a transcript as SubRip; see :func:`divide` for the arguments.

    :param speakers: whether a name precedes the text where the speaker changes ("Anna: Hello.");
        None names them where there is more than one.
    :return: the file's text. A SubRip file is returned as it is unless an option is given.
    :raises ApiTypeError: when an argument has the wrong type.
    :raises ApiValueError: when there are no times, or an option is out of range.
    """
    layout = _Layout(max_line_length, max_lines, max_seconds, max_words)
    file = subtitle_file(cues)
    if file and not is_vtt(file) and _is_kept(file, layout, speakers):
        return file
    return srt(_blocks(cues, layout, speakers=speakers, labels=True))


def to_vtt(
    cues: object,
    *,
    max_line_length: int = 42,
    max_lines: int = 2,
    max_seconds: float = 7.0,
    max_words: int | None = None,
    speakers: bool | None = None,
    highlight_words: bool = False,
) -> str:
    """Write a transcript as WebVTT; see :func:`divide` for the arguments.

    :param speakers: whether each cue has its speaker's voice (``<v Anna>``); None where there is
        more than one speaker.
    :param highlight_words: whether each word has its time, for players to highlight it (karaoke).
    :return: the file's text. A WebVTT file is returned as it is unless an option is given.
    :raises ApiTypeError: when an argument has the wrong type.
    :raises ApiValueError: when there are no times, or an option is out of range.
    """
    layout = _Layout(max_line_length, max_lines, max_seconds, max_words)
    file = subtitle_file(cues)
    if file and is_vtt(file) and not highlight_words and _is_kept(file, layout, speakers):
        return file
    return vtt(_blocks(cues, layout, speakers=speakers), highlight_words=highlight_words)


def _is_kept(file: str, layout: _Layout, speakers: bool | None) -> bool:  # noqa: FBT001 - an option
    """Whether a file of the wanted format needs no change."""
    return layout == _Layout() and speakers is None and is_well_formed(file)
