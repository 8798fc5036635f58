"""Words, which have times, aligned with a text, which has punctuation and capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapiopenai.subtitles._text import key
from openapiopenai.subtitles._tokens import spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openapiopenai.subtitles._tokens import Token

#: How far apart, in words, the place is looked for where words and text agree again. A wider
#: search is made only when the narrower one fails, and then skips more: the time stays linear.
_REACHES = (16, 128, 1024)


def align(words: Sequence[Token], text: Sequence[Token]) -> list[Token]:
    """Return the units of a text with the times of its words.

    What only the text has keeps the times that it came with; what only the words have is kept as
    it is; where both differ ("25", "twenty-five"), the text is kept, with the words' times.

    :param words: the words, in order.
    :param text: the units of the text, in order; their times are changed.
    :return: units of text, in order.
    """
    aligner = _Aligner(words, text)
    return [token for group in aligner.groups() for token in _merge(*group)]


class _Aligner:
    """Walks through words and text side by side; each is compared by its key alone."""

    def __init__(self, words: Sequence[Token], text: Sequence[Token]) -> None:
        self._words = words
        self._text = text
        self._word_keys = _keys(words)
        self._text_keys = _keys(text)

    def groups(self) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
        """Return an iterator over pairs of what belongs together: some words, some units."""
        words, units = len(self._words), len(self._text)
        word = unit = 0
        while word < words and unit < units:
            next_word, next_unit = self._match(word, unit) or self._resume(word, unit)
            yield self._words[word:next_word], self._text[unit:next_unit]
            word, unit = next_word, next_unit
        yield self._words[word:], ()
        yield (), self._text[unit:]

    def _match(self, word: int, unit: int) -> tuple[int, int] | None:
        """Return where the shortest run of words ends that spells the same as a run of units."""
        spoken, written = self._word_keys[word], self._text_keys[unit]
        word, unit = word + 1, unit + 1
        while spoken != written or not written:
            if written.startswith(spoken) and word < len(self._words):
                spoken, word = spoken + self._word_keys[word], word + 1
            elif spoken.startswith(written) and unit < len(self._text):
                written, unit = written + self._text_keys[unit], unit + 1
            else:
                return None
        while unit < len(self._text) and not self._text_keys[unit]:  # punctuation that stands alone
            unit += 1
        return word, unit

    def _resume(self, word: int, unit: int) -> tuple[int, int]:
        """Return the nearest place where both agree again, or the end of the search."""
        for reach in _REACHES:
            found = self._nearest(word, unit, reach)
            if found:
                return found
        farthest = _REACHES[-1]
        return min(word + farthest, len(self._words)), min(unit + farthest, len(self._text))

    def _nearest(self, word: int, unit: int, reach: int) -> tuple[int, int] | None:
        places = dict(reversed([*_pairs(self._text_keys, unit, reach)]))
        best, found = 2 * reach + 1, None
        for pair, place in _pairs(self._word_keys, word, reach):
            distance = place - word + places.get(pair, unit + best) - unit
            if distance < best:
                best, found = distance, (place, places[pair])
        return found


def _keys(tokens: Sequence[Token]) -> list[str]:
    """Return the keys of tokens; words recur, so each is reduced to its key only once."""
    texts = [token.text for token in tokens]
    known = {text: key(text) for text in set(texts)}
    return [known[text] for text in texts]


def _pairs(keys: Sequence[str], first: int, reach: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """Return pairs of neighbouring keys with their places: one alone agrees by chance too often."""
    for place in range(first, min(first + reach, len(keys))):
        if keys[place]:
            yield tuple(keys[place : place + 2]), place


def _merge(words: Sequence[Token], units: Sequence[Token]) -> Sequence[Token]:
    if not units or not words:
        return units or words
    if len(words) == len(units) == 1:
        _say(units[0], words[0])
        return units
    times = [time for word in words for time in (word.start, word.end) if time is not None]
    if not times:
        return units
    spans = spread([unit.text for unit in units], min(times), max(times))
    for number, (unit, span) in enumerate(zip(units, spans, strict=True)):
        unit.start, unit.end = span
        unit.speaker = words[0].speaker or unit.speaker
        unit.inner = len(words) == 1 and number > 0 and not unit.space
    return units


def _say(unit: Token, word: Token) -> None:
    """Set the times of a unit to those of the one word that says it, as is usual, and exact."""
    if word.start is None and word.end is None:
        return
    unit.start, unit.end = word.start, word.end
    unit.speaker = word.speaker or unit.speaker
