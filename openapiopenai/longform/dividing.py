"""A text, divided at paragraphs, sentences, clauses, words or characters. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sentencex  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_CLAUSE = re.compile(
    r"""[,;:)\]]["'\u201d\u2019]*\s+ | \s[-\u2013\u2014]\s  # the last with spaces around it
    | [\u2014\u3001\uff0c\uff1b\uff1a\u060c\u061b]\s*  # a dash, and Chinese and Arabic punctuation
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"\s+")

#: Each has abbreviations of its own; a sentence ends only where it does in all of them. Other
#: languages have the same punctuation, and most of their abbreviations are among these.
_LANGUAGES = ("de", "en", "es", "fr", "pl", "ru")

_JOINER = "\u200d"
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_LEADING_JAMO = range(0x1100, 0x1160)
_FOLLOWING_JAMO = range(0x1160, 0x1200)
_HANGUL = range(0xAC00, 0xD7A4)
_VIRAMA = 9  # the combining class of what joins two consonants of Indic scripts


def divide(text: str, limit: int) -> list[str]:
    """Divide a text.

    :param text: the text.
    :param limit: the maximum length of a part, in characters.
    :return: the parts; joined, they are the text except for white space between them.
    """
    parts = (part.strip() for part in _divide(text, limit, _LEVELS))
    return [part for part in parts if part]


def _divide(text: str, limit: int, levels: Sequence[Callable[[str], list[int]]]) -> list[str]:
    """Divide a text at the highest level possible, and join pieces as far as the limit allows."""
    if len(text) <= limit or not levels:
        return [text]
    parts = [""]
    for start, end in pairwise([0, *levels[0](text), len(text)]):
        for piece in _divide(text[start:end], limit, levels[1:]):
            if len(parts[-1]) + len(piece) <= limit:
                parts[-1] += piece
            else:
                parts.append(piece)
    return parts


def _ends_of(pattern: re.Pattern[str]) -> Callable[[str], list[int]]:
    return lambda text: [found.end() for found in pattern.finditer(text)]


def _ends_of_sentences(text: str) -> list[int]:
    ends = [_ends_in(language, text) for language in _LANGUAGES]
    return sorted(ends[0].intersection(*ends[1:]))


def _ends_in(language: str, text: str) -> set[int]:
    library: Any = sentencex
    boundaries: list[dict[str, Any]] = library.get_sentence_boundaries(language, text)
    return {boundary["end_index"] for boundary in boundaries}


def _ends_of_characters(text: str) -> list[int]:
    """Return the ends of user-perceived characters, by the main rules of Unicode's annex 29."""
    ends: list[int] = []
    flags = 0  # regional indicators in a row: two of them are a flag
    for index, (before, after) in enumerate(pairwise(text), start=1):
        flags = flags + 1 if ord(before) in _REGIONAL else 0
        is_flag = flags % 2 == 1 and ord(after) in _REGIONAL
        if not (is_flag or _belongs_to(before, after)):
            ends.append(index)
    return ends


def _belongs_to(before: str, after: str) -> bool:
    code = ord(after)
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or code in _SKIN_TONES
        or code in _TAGS
        or code in _FOLLOWING_JAMO
        or (ord(before) in _LEADING_JAMO and (code in _LEADING_JAMO or code in _HANGUL))
        or (unicodedata.combining(before) == _VIRAMA and after.isalpha())
        or before + after == "\r\n"
    )


#: From the best place to divide a text to the worst.
_LEVELS = (
    _ends_of(_PARAGRAPH),
    _ends_of_sentences,
    _ends_of(_CLAUSE),
    _ends_of(_WORD),
    _ends_of_characters,
)
