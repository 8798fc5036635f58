"""Where a person would end a sentence or break a line."""

# ruff: noqa: RUF001 - the punctuation of many scripts

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What a break costs, from the best place to the worst.
SENTENCE, CLAUSE, CONJUNCTION, PREPOSITION, PLAIN, INNER, TIED = 0.0, 0.2, 0.4, 0.6, 0.8, 1.2, 2.0

_SENTENCE_MARKS = frozenset(".!?…。！？｡؟۔।॥")
_CLAUSE_MARKS = frozenset(",;:،؛、，；：､–—")
_QUOTES_AND_BRACKETS = "\"'”’»›)]}」』）】"
_OPENERS = "\"'“‘«‹([{「『（【¿¡"

#: A number of so many digits with a point is more often an ordinal ("am 3. Mai") than an end.
_ORDINAL_DIGITS = 2

# The words are those of English, and of the languages around it that Whisper hears best: German,
# French, Spanish, Italian, Portuguese, Dutch. A word that means something else in another language
# moves a break by a word at worst.
_CONJUNCTIONS = _words(
    "and but or nor so yet because although though while when whenever where if unless until since "
    "that which who whom whose than as "
    "und oder aber denn weil dass obwohl wenn während et ou mais donc car parce puisque que qui "
    "quand lorsque si y e o u pero sino porque cuando aunque ma perché mentre quando mas pois "
    "embora en maar want omdat terwijl"
)
_PREPOSITIONS = _words(
    "of in on at to for with from by about into over under after before between through during "
    "without against within across "
    "von zu mit bei nach aus für auf über unter vor de à dans pour avec sur sous par sans en con "
    "para por sin sobre hasta desde di da per tra fra com sem até van met voor naar"
)
_TIED_TO_NEXT = _words(
    "a an the this that these those my your his her its our their no every "
    "der die das den dem des ein eine einen einem einer le la les l' un une du des ce cette mon ma "
    "mes el los las una mi tu su il lo gli i uno o os as um uma het een "
    "mr mrs ms dr prof st mme"
)
_ABBREVIATIONS = _words(
    "mr mrs ms dr prof st jr sr vs etc no fig approx dept inc ltd co mme mlle bzw usw ca nr sra "
    "srta ud uds"
)


def ends_sentence(before: str, after: str | None) -> bool:
    """Whether a sentence ends between two words.

    :param before: a word with its punctuation.
    :param after: the next word; None at the end of the text.
    :return: False for abbreviations, initials, ordinals, and before a lower-case letter.
    """
    bare = before.rstrip(_QUOTES_AND_BRACKETS)
    if not bare or bare[-1] not in _SENTENCE_MARKS:
        return False
    if after is None:
        return True
    opening = after.lstrip(_OPENERS)[:1]
    return not opening.islower() and not (bare[-1] == "." and _is_abbreviation(bare[:-1]))


def break_cost(before: str, after: str) -> float:
    """Return how bad a break between two words is, from :data:`SENTENCE` to :data:`TIED`."""
    mark = before.rstrip(_QUOTES_AND_BRACKETS)[-1:]
    if mark in _SENTENCE_MARKS and ends_sentence(before, after):
        return SENTENCE
    if mark in _CLAUSE_MARKS:
        return CLAUSE
    last = before.lstrip(_OPENERS).rstrip(".").lower()
    if last in _TIED_TO_NEXT or last in _PREPOSITIONS or not _has_letters(after):
        return TIED
    following = after.lstrip(_OPENERS).lower()
    if following.rstrip(",") in _CONJUNCTIONS:
        return CONJUNCTION
    return PREPOSITION if following in _PREPOSITIONS else PLAIN


def _has_letters(word: str) -> bool:
    """Whether a word is more than punctuation, which is mostly seen from its first character."""
    return word[:1].isalnum() or any(map(str.isalnum, word))


def _is_abbreviation(word: str) -> bool:
    """Whether a point after a word belongs to the word."""
    bare = word.lstrip(_OPENERS).lower()
    if bare.isdigit():
        return len(bare) <= _ORDINAL_DIGITS
    return bare in _ABBREVIATIONS or "." in bare.strip(".") or (len(bare) == 1 and bare.isalpha())
