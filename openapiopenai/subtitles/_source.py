"""What subtitles are made from, whatever a server calls it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.subtitles import _parsing
from openapiopenai.subtitles._text import clean, is_unspaced, key, units
from openapiopenai.subtitles._timing import seconds
from openapiopenai.subtitles._tokens import Token, spread

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_TIMES = (
    "the transcript has no times: request response_format='verbose_json' (with "
    "timestamp_granularities=['word', 'segment']), 'diarized_json', 'srt' or 'vtt'"
)

#: Punctuation that belongs to the word before it, where a server makes a word of it.
_ATTACHED = frozenset(",.;:!?…%)]}»”’、。，！？：；）」』】،؟؛۔।")  # noqa: RUF001 - many scripts


class Source(NamedTuple):
    """A transcript with times.

    :param words: its words; empty where it has none with times.
    :param segments: its segments, with or without times.
    :param duration: the duration of the recording in seconds; None where nobody knows.
    """

    words: list[Token]
    segments: list[Token]
    duration: float | None


def read(source: object) -> Source:
    """Read a transcript.

    :param source: a result, segments or words, or the text of a subtitle file.
    :return: its words and segments; neither where nobody speaks.
    :raises ApiTypeError: when it is none of these.
    :raises ApiValueError: when it has no times.
    """
    found = _read_any(source)
    if found.words or any(map(_has_times, found.segments)):
        return found
    if found.segments or not _is_silent(source):
        raise ApiValueError(_NO_TIMES)
    return found


def subtitle_file(source: object) -> str | None:
    """Return the subtitle file that a source is already, or that is the text of a result."""
    text = source if isinstance(source, str) else _value(source, "text")
    is_result = not _list(source, "words") and not _list(source, "segments")
    return text if is_result and isinstance(text, str) and _parsing.has_times(text) else None


def _is_silent(source: object) -> bool:
    """Whether a result has no text, and so lacks no times."""
    text = _value(source, "text")
    return isinstance(text, str) and not clean(text) and not _list(source, "words")


def _read_any(source: object) -> Source:
    file = subtitle_file(source)
    if file is not None:
        return Source([], _segments(_parsing.parse(file)), None)
    if isinstance(source, (str, bytes)):
        raise ApiValueError(_NO_TIMES)
    words, segments = _list(source, "words"), _list(source, "segments")
    text, duration = _value(source, "text"), seconds(_value(source, "duration"))
    if not words and not segments and text is None:
        words, segments = _sort(source)
    if not segments and isinstance(text, str):  # OpenAI, if only words were requested
        segments = [{"text": text}]
    words = words or [word for segment in segments for word in _list(segment, "words")]
    return Source(_words(words), _segments(segments), duration)


def _sort(source: object) -> tuple[list[object], list[object]]:
    """Return a list of words, or of segments, as both."""
    if not isinstance(source, Iterable):
        raise ApiTypeError(
            f"subtitles cannot be made from {type(source).__name__}: pass a result, its words or "
            "segments, or the text of a subtitle file"
        )
    items = list(cast("Iterable[object]", source))
    has_words = any(_value(item, "word") is not None for item in items)
    return (items, []) if has_words else ([], items)


def _words(items: list[object]) -> list[Token]:
    """Return the words that have something to show; [] where none of them has times."""
    tokens: list[Token] = []
    values = [_values(item) for item in items]
    texts = [_raw_text(value) for value in values]
    has_blanks = any(text[:1].isspace() for text in texts)
    follows_blank = True
    for value, text in zip(values, texts, strict=True):
        shown = clean(text)
        is_apart = follows_blank or not has_blanks or text[:1].isspace()
        if shown and (not tokens or _begins_word(shown, is_apart=is_apart)):
            tokens.append(_token(value, shown))
        elif shown:
            _append(tokens[-1], _token(value, shown))
        follows_blank = text[-1:].isspace()
    return tokens if any(map(_has_times, tokens)) else []


def _begins_word(text: str, *, is_apart: bool) -> bool:
    """Whether a token is no continuation of the one before it."""
    if text[0] in _ATTACHED and not key(text):
        return False
    return is_apart or is_unspaced(text)


def _append(word: Token, rest: Token) -> None:
    """Add a token without a leading blank to the word that it continues (whisper.cpp)."""
    word.text += rest.text
    word.end = word.end if rest.end is None else rest.end


def _segments(items: Iterable[object]) -> list[Token]:
    tokens = [_token(value, clean(_raw_text(value))) for value in map(_values, items)]
    return [token for token in tokens if token.text]


def _token(value: Callable[[str], Any], text: str) -> Token:
    speaker = value("speaker")
    return Token(
        text,
        seconds(value("start")),
        seconds(value("end")),
        None if speaker is None else clean(str(speaker)) or None,
    )


def split(token: Token, *, after: str = "", is_word: bool = False) -> list[Token]:
    """Divide a word or a segment into units of text, its time in proportion to their columns.

    :param token: the word or segment.
    :param after: the text before it, which decides whether a space stands between the two.
    :param is_word: whether it is a word, which is better not divided.
    :return: its units.
    """
    found = units(token.text)
    texts = [unit.text for unit in found]
    joined = bool(after) and is_unspaced(after[-1:]) and is_unspaced(texts[0])
    if len(texts) == 1 and not joined:
        return [token]  # as most words are: there is nothing to divide
    times = _times(token, texts)
    return [
        Token(
            unit.text,
            start,
            end,
            token.speaker,
            space=unit.space if number else not joined,
            inner=is_word and number > 0,
        )
        for number, (unit, (start, end)) in enumerate(zip(found, times, strict=True))
    ]


def _times(token: Token, texts: list[str]) -> Iterable[tuple[float | None, float | None]]:
    if token.start is None or token.end is None:
        return [(token.start, token.end), *[(None, None)] * (len(texts) - 1)]
    return spread(texts, *sorted((token.start, token.end)))


def _has_times(token: Token) -> bool:
    return token.start is not None or token.end is not None


def _raw_text(value: Callable[[str], Any]) -> str:
    text = value("word")
    text = value("text") if text is None else text
    return text if isinstance(text, str) else ""


def _value(item: object, name: str) -> Any:
    return _values(item)(name)


def _values(item: object) -> Callable[[str], Any]:
    """Return a function that looks up a value of an item by its name; None where it has none."""
    if isinstance(item, (dict, Mapping)):  # dict is the one that is recognised at once
        return cast("Mapping[str, Any]", item).get
    return lambda name: getattr(item, name, None)


def _list(item: object, name: str) -> list[object]:
    value = _value(item, name)
    is_list = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))
    return list(cast("Iterable[object]", value)) if is_list else []
