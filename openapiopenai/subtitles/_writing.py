"""SubRip and WebVTT, written from blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapiopenai.subtitles._division import join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openapiopenai.subtitles._blocks import Block

#: WebVTT, 6.4: the characters that begin markup, and what "-->" cannot be written without.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def srt(blocks: Iterable[Block]) -> str:
    """Write SubRip: numbered cues, and a comma before the milliseconds.

    :param blocks: in the order in which they are shown.
    :return: the file's text; empty where there is no block.
    """
    return "".join(
        f"{number}\n{_timing(block, ',')}\n{text(block).replace('-->', '→')}\n\n"
        for number, block in enumerate(blocks, start=1)
    )


def vtt(blocks: Iterable[Block], *, highlight_words: bool) -> str:
    """Write WebVTT: a header, and a point before the milliseconds.

    :param blocks: in the order in which they are shown.
    :param highlight_words: whether each word has the time at which it is said.
    :return: the file's text; only the header if there is no block.
    """
    write = _karaoke if highlight_words else _escaped
    cues = "".join(f"{_timing(block, '.')}\n{_voice(block)}{write(block)}\n\n" for block in blocks)
    return f"WEBVTT\n\n{cues}" if cues else "WEBVTT\n"


def text(block: Block) -> str:
    """Return the lines of a block as plain text."""
    return "\n".join(map(join, block.lines))


def _escaped(block: Block) -> str:
    return text(block).translate(_ESCAPES)


def _voice(block: Block) -> str:
    """Return the span of a voice; it needs no end where it is all of the cue (WebVTT, 4.2.2)."""
    return f"<v {block.speaker.translate(_ESCAPES)}>" if block.speaker else ""


def _karaoke(block: Block) -> str:
    """Return the words in spans, which ``::cue(:past)`` can style, and their times between them."""
    last = block.start
    lines: list[str] = []
    for line in block.lines:
        words = ""
        for token in line:
            moment = round(token.start * 1000)
            stamp = f"<{_time(moment, '.')}>" if last < moment < block.end else ""
            last = moment if stamp else last
            space = " " if token.space and words else ""
            words += f"{space}{stamp}<c>{token.text.translate(_ESCAPES)}</c>"
        lines.append(words)
    return "\n".join(lines)


def _timing(block: Block, point: str) -> str:
    return f"{_time(block.start, point)} --> {_time(block.end, point)}"


def _time(milliseconds: int, point: str) -> str:
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"
