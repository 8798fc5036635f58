"""The transcripts of the parts, joined as one call would have returned them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from openapiopenai.longform.joining_subtitles import join_srt, join_vtt, text_of_subtitles
from openapiopenai.models.base import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: What ``actual_instance`` of a transcript or translation may be.
Variant: TypeAlias = Model | str

#: Seek positions are in hundredths of a second (whisper's frames).
_SEEKS_PER_SECOND = 100

#: Scripts that put no space between words or sentences: Thai, Lao, Burmese, Khmer, Chinese,
#: Japanese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
)

#: An identifier such as ``seg_001``: the text before its number, and the number.
_NUMBERED = re.compile(r"(.*?)(\d+)")


class Piece(NamedTuple):
    """The transcript of a part.

    :param value: what the call returned.
    :param start: where the part begins in the recording, in seconds.
    :param end: where it ends; infinity for the last, whose times are not limited.
    """

    value: Variant
    start: float
    end: float


def join_results(pieces: list[Piece], response_format: str | None) -> Variant:
    """Join the transcripts of the parts of a recording.

    :param pieces: the transcripts, in order.
    :param response_format: the format that was requested.
    :return: the transcript of the recording: a text if they are texts, else a model of the same
        class as the first.
    """
    first = pieces[0].value
    if isinstance(first, str):
        texts = [(piece.start, str(piece.value)) for piece in pieces]
        join = _SUBTITLES.get(response_format or "")
        return join(texts) if join else join_texts(text for _, text in texts)
    objects = [_Object(_as_dict(piece.value), piece.start, piece.end) for piece in pieces]
    return type(first).from_dict(_join_objects(objects))


def join_texts(texts: Iterable[str]) -> str:
    """Join texts with spaces, except in scripts that have none.

    :param texts: the texts.
    :return: the text; white space at its end is that of the last.
    """
    joined, last = "", ""
    for last in texts:
        joined += _space_between(joined, last.strip()) + last.strip()
    return joined + last[len(last.rstrip()) :]


def plain_text(value: Variant, response_format: str | None) -> str:
    """Return the text of a transcript, without the times of subtitles."""
    if not isinstance(value, str):
        return str(getattr(value, "text", ""))
    return text_of_subtitles(value) if response_format in _SUBTITLES else value


_SUBTITLES: dict[str, Callable[[list[tuple[float, str]]], str]] = {"srt": join_srt, "vtt": join_vtt}


class _Object(NamedTuple):
    fields: dict[str, Any]
    start: float
    end: float

    def shift(self, seconds: Any) -> Any:
        """Return the time in the recording for one in the part, not beyond the end of the part."""
        if not isinstance(seconds, (int, float)):
            return seconds
        return round(min(max(seconds + self.start, 0.0), self.end), 3)


def _as_dict(value: Variant) -> dict[str, Any]:
    return {"text": value} if isinstance(value, str) else value.to_dict()


def _join_objects(objects: list[_Object]) -> dict[str, Any]:
    names = dict.fromkeys(name for part in objects for name in part.fields)
    return {name: _JOINS.get(name, _first)(name, _having(name, objects)) for name in names}


def _having(name: str, objects: list[_Object]) -> list[_Object]:
    return [part for part in objects if part.fields.get(name) is not None] or objects[:1]


def _first(name: str, objects: list[_Object]) -> Any:
    return objects[0].fields.get(name)


def _join_text(name: str, objects: list[_Object]) -> Any:
    return join_texts(str(part.fields.get(name) or "") for part in objects)


def _join_segments(name: str, objects: list[_Object]) -> Any:
    segments = _join_timed(name, objects)
    for number, segment in enumerate(segments or ()):
        if "id" in segment:
            segment["id"] = _renumber(segments[0]["id"] if number else segment["id"], number)
    return segments


def _renumber(first: Any, number: int) -> Any:
    """Return the identifier ``number`` places after the first, in the same style."""
    if isinstance(first, int):
        return first + number
    found = _NUMBERED.fullmatch(str(first))
    if not found:
        return f"{first}_{number}" if number else first
    return f"{found[1]}{int(found[2]) + number:0{len(found[2])}}"


def _join_timed(name: str, objects: list[_Object]) -> Any:
    if objects[0].fields.get(name) is None:
        return None
    return [_shift(item, part) for part in objects for item in part.fields[name]]


def _shift(item: dict[str, Any], part: _Object) -> dict[str, Any]:
    shifted = item | {name: part.shift(item[name]) for name in ("start", "end") if name in item}
    if isinstance(item.get("seek"), int):
        shifted["seek"] = item["seek"] + round(part.start * _SEEKS_PER_SECOND)
    if isinstance(item.get("words"), list):
        shifted["words"] = [_shift(word, part) for word in item["words"]]
    return shifted


def _join_logprobs(name: str, objects: list[_Object]) -> Any:
    joined: list[Any] = []
    text = ""
    for part in objects:
        tokens: list[dict[str, Any]] = part.fields.get(name) or []
        if joined and tokens:
            following = str(tokens[0].get("token") or "")
            tokens = [_spaced(tokens[0], _space_between(text, following)), *tokens[1:]]
        joined += tokens
        text = str(part.fields.get("text") or "")
    return joined


def _spaced(token: dict[str, Any], space: str) -> dict[str, Any]:
    """Return a token with the space before it that separates the texts of two parts."""
    spaced = token | {"token": space + str(token.get("token") or "")}
    if isinstance(token.get("bytes"), list):
        spaced["bytes"] = [*space.encode(), *token["bytes"]]
    return spaced


def _space_between(before: str, after: str) -> str:
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    return "" if _UNSPACED.match(before[-1]) and _UNSPACED.match(after[0]) else " "


def _sum_usage(name: str, objects: list[_Object]) -> Any:
    return _sum([part.fields.get(name) for part in objects])


def _sum(values: list[Any]) -> Any:
    """Return the sum of numbers, also within objects; of anything else the first."""
    values = [value for value in values if value is not None]
    if values and all(isinstance(value, dict) for value in values):
        names = dict.fromkeys(name for value in values for name in value)
        return {name: _sum([value.get(name) for value in values]) for name in names}
    numbers = [value for value in values if isinstance(value, (int, float))]
    return sum(numbers) if numbers else next(iter(values), None)


def _last_end(name: str, objects: list[_Object]) -> Any:
    duration = objects[-1].fields.get(name)
    return None if duration is None else round(objects[-1].start + duration, 3)


def _most_frequent(name: str, objects: list[_Object]) -> Any:
    return Counter(part.fields.get(name) for part in objects).most_common(1)[0][0]


def _union(name: str, objects: list[_Object]) -> Any:
    joined: list[Any] = []
    for part in objects:
        joined += [item for item in part.fields.get(name) or () if item not in joined]
    return joined


_JOINS: dict[str, Callable[[str, list[_Object]], Any]] = {
    "duration": _last_end,
    "language": _most_frequent,
    "languages": _union,
    "logprobs": _join_logprobs,
    "segments": _join_segments,
    "text": _join_text,
    "usage": _sum_usage,
    "words": _join_timed,
}
