"""A text, divided at paragraphs, sentences, clauses, words or characters. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import sentencex  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs]

from openapiopenai.subtitles._text import graphemes

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
    ends = accumulate(map(len, graphemes(text)))
    return [end for end in ends if not _is_conjunct(text[end - 1 : end + 1])]


def _is_conjunct(pair: str) -> bool:
    return unicodedata.combining(pair[0]) == _VIRAMA and pair[1:].isalpha()


def _at_characters(ends_of: Callable[[str], list[int]]) -> Callable[[str], list[int]]:
    """Return a function for those ends that are ends of characters: marks may follow the others."""

    def ends_at_characters(text: str) -> list[int]:
        ends = ends_of(text)
        if text.isascii():
            return ends
        return sorted({*ends}.intersection(_ends_of_characters(text)))

    return ends_at_characters


#: From the best place to divide a text to the worst.
_LEVELS = (
    _at_characters(_ends_of(_PARAGRAPH)),
    _at_characters(_ends_of_sentences),
    _at_characters(_ends_of(_CLAUSE)),
    _at_characters(_ends_of(_WORD)),
    _ends_of_characters,
)
