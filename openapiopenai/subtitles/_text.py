"""Text as it is laid out: grapheme clusters, columns, and the units a line may break between."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: White space that a line may break at: all but the no-break spaces.
_SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")

#: Control characters and byte order marks, which no subtitle can show.
_CONTROLS = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff]")

#: Halves of surrogate pairs, which no encoding can write.
_SURROGATES = re.compile("[\ud800-\udfff]")

#: Thai, Lao, Tibetan, Myanmar and Khmer: narrow scripts that put no spaces between words.
_NARROW_UNSPACED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff"

#: Those, and everything in which a character may be wide: East Asian scripts and emoji.
_UNSPACED = re.compile(
    f"[{_NARROW_UNSPACED}\u2600-\ua4cf\uf900-\ufaff\ufe30-\uffef\U0001f000-\U0003ffff]"
)
_NARROW = re.compile(f"[{_NARROW_UNSPACED}]")

#: Vowels that are written before their consonant (Thai, Lao), and signs that only follow one.
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")
_FOLLOWING_SIGNS = frozenset("ะาำๅๆฯະາຳໆຯ")

#: What no line begins with: besides those, small kana, which stay with the kana before them.
_NEVER_FIRST = _FOLLOWING_SIGNS | frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")

_MARKS = frozenset({"Mn", "Me", "Mc", "Cf"})
#: Letters that UAX #29 counts among the marks: vowels of Thai and Lao, voicing of half-width kana.
_MARKS_BY_RULE = frozenset("\u0e33\u0eb3\uff9e\uff9f")
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
_OPENING = frozenset({"Ps", "Pi"})
_CLOSING = frozenset({"Pe", "Pf", "Po", "Pd", "Lm"})
_JOINER = "\u200d"

#: Hangul: initial consonants; vowels and final consonants; whole syllables.
_INITIALS = "\u1100-\u115f\ua960-\ua97c"
_FOLLOWING = "\u1160-\u11ff\ud7b0-\ud7fb"
_SYLLABLES = "\uac00-\ud7a3"
_INITIAL_JAMO = re.compile(f"[{_INITIALS}]")
_FOLLOWING_JAMO = re.compile(f"[{_FOLLOWING}]")
_INITIAL_OR_SYLLABLE = re.compile(f"[{_INITIALS}{_SYLLABLES}]")
_HANGUL = re.compile(f"[{_INITIALS}{_FOLLOWING}{_SYLLABLES}]")

_NOT_LETTERS = re.compile(r"[\W_]+")


class Unit(NamedTuple):
    """A text that no line breaks inside of.

    :param text: a word, or a character of a script without spaces.
    :param space: whether a space precedes it.
    """

    text: str
    space: bool


def clean(text: str) -> str:
    """Return a text without control characters, its white space reduced to single spaces.

    :param text: any text.
    :return: one line; empty where nothing can be shown.
    """
    if text.isprintable() and " " not in text:  # most words: neither of the two has anything to do
        return text
    shown = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return " ".join(chunk for chunk in _SPACES.split(shown) if chunk)


def units(text: str) -> list[Unit]:
    """Split a text into the units that lines may break between.

    :param text: a text as :func:`clean` returns it.
    :return: its units in order; the first has no space before it.
    """
    chunks = text.split(" ") if text else []
    if text.isascii() or not _UNSPACED.search(text):  # most texts: asked once for all their words
        return [Unit(chunk, number > 0) for number, chunk in enumerate(chunks)]
    return [
        Unit(piece, number > 0 and not inner)
        for number, chunk in enumerate(chunks)
        for inner, piece in enumerate(_pieces(chunk))
    ]


def is_unspaced(text: str) -> bool:
    """Whether a text has characters of a script that puts no spaces between words."""
    return not text.isascii() and any(map(_stands_alone, graphemes(text)))


def key(text: str) -> str:
    """Return what identifies a word whatever its capitals, marks and punctuation."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    elif text.isalnum():  # most words: nothing to remove
        return text.lower()
    return _NOT_LETTERS.sub("", text.casefold())


def columns(text: str) -> int:
    """Return the width of a text; a wide East Asian character or an emoji has two columns."""
    if text.isascii() or max(text) < "\u0300":  # neither marks nor wide characters
        return len(text)
    if len(text) == 1:
        return _width(text)
    return sum(map(_width, graphemes(text)))


def graphemes(text: str) -> Iterator[str]:
    """Split a text into grapheme clusters, as UAX #29 defines them but for rare scripts.

    :param text: any text.
    :return: an iterator over the clusters.
    """
    start = 0
    for index in range(1, len(text)):
        if not _continues(text, start, index):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _continues(text: str, start: int, index: int) -> bool:
    """Whether the character at an index belongs to the cluster that starts before it."""
    char, previous = text[index], text[index - 1]
    return (
        unicodedata.category(char) in _MARKS
        or char in _MARKS_BY_RULE
        or (previous == "\r" and char == "\n")
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # the skin of the emoji before it
        or (previous == _JOINER and unicodedata.category(char) == "So")
        or (_is_regional(char) and _is_regional(previous) and index - start == 1)
        or _is_jamo_syllable(previous, char)
    )


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_jamo_syllable(previous: str, char: str) -> bool:
    """Whether two characters of Hangul belong to one syllable."""
    if _FOLLOWING_JAMO.match(char):
        return bool(_HANGUL.match(previous))
    return bool(_INITIAL_JAMO.match(previous) and _INITIAL_OR_SYLLABLE.match(char))


def _width(cluster: str) -> int:
    if "\ufe0f" in cluster or _is_regional(cluster[-1]):
        return 2
    return max(map(_char_width, cluster))


def _char_width(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return int(unicodedata.category(char) not in _INVISIBLE)


def _pieces(chunk: str) -> list[str]:
    if not _UNSPACED.search(chunk):
        return [chunk]
    clusters = list(graphemes(chunk))
    pieces = [[clusters[0]]]
    for before, after in pairwise(clusters):
        if _may_break(before, after):
            pieces.append([])
        pieces[-1].append(after)
    return ["".join(piece) for piece in pieces]


def _may_break(before: str, after: str) -> bool:
    """Whether a line may break between two clusters: kinsoku shori, and its like in Thai."""
    if unicodedata.category(after[0]) in _CLOSING or after[0] in _NEVER_FIRST:
        return False
    if unicodedata.category(before[0]) in _OPENING or before[0] in _LEADING_VOWELS:
        return False
    return _stands_alone(before) or _stands_alone(after)


def _stands_alone(cluster: str) -> bool:
    """Whether a cluster is a word to the line breaker; Hangul is wide, but has spaces."""
    if _NARROW.match(cluster):
        return True
    return _width(cluster) == 2 and "HANGUL" not in unicodedata.name(cluster[0], "")  # noqa: PLR2004 - columns
