"""JSON of unknown shape: parsed tolerantly, and looked into without surprises."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any, cast

#: How deep JSON may nest; what lies deeper is dropped. No response needs more than six levels, and
#: printing, copying and pickling a value recurse into it.
_MAX_DEPTH = 100

#: How deep the JSON that is parsed may nest. Python's parser recurses, and at Python's limit on
#: recursion the finalizers of other objects would fail.
_MAX_PARSED_DEPTH = 500

#: A string, in which brackets mean nothing, or a bracket, as a regular expression.
_STRING_OR_BRACKET = r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]'
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


class UnreadableError(ValueError):
    """A response cannot be parsed.

    :param message: why.
    :param data: the part that cannot be parsed, if known.
    """

    def __init__(self, message: str, data: bytes | None = None) -> None:
        super().__init__(message)
        self.data = data


def as_object(value: Any) -> dict[str, Any]:
    """Return a JSON object, or an empty one in place of anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a JSON array, or an empty one in place of anything else."""
    items: list[Any] = value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]
    return items


def parse_json(text: str | bytes) -> Any:
    """Parse JSON.

    :param text: the JSON; bytes are UTF-8.
    :return: the value. What nests too deeply is dropped, half a surrogate pair is replaced, and
        an integer of thousands of digits is infinite.
    :raises UnreadableError: when it is not JSON.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if not text.strip():
        raise UnreadableError("the response is empty")
    try:
        check_depth(text)
        value = json.loads(text, parse_int=_parse_int)
    except ValueError as error:
        raise UnreadableError(f"the response is not JSON: {error}") from error
    _drop_below(value, _MAX_DEPTH)
    return _replace_half_pairs(value) if "\\ud" in text.lower() else value


def check_depth(text: str) -> None:
    """Check that JSON does not nest too deep to be parsed.

    :param text: the JSON.
    :raises ValueError: when it does.
    """
    if text.count("[") + text.count("{") <= _MAX_PARSED_DEPTH:
        return
    steps = (_STEPS.get(found[0], 0) for found in re.finditer(_STRING_OR_BRACKET, text))
    if any(depth > _MAX_PARSED_DEPTH for depth in accumulate(steps)):
        raise ValueError(f"it nests more than {_MAX_PARSED_DEPTH} levels deep")


def _parse_int(digits: str) -> float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python converts
        return float(digits)


def _drop_below(value: Any, depth: int) -> None:
    level = [value]
    for _ in range(depth):
        level = [inner for outer in level for inner in _containers_in(outer)]
    for container in level:
        as_object(container).clear()
        as_list(container).clear()


def _containers_in(value: Any) -> list[Any]:
    items = [*as_object(value).values(), *as_list(value)]
    return [item for item in items if isinstance(item, (dict, list))]


def _replace_half_pairs(value: Any) -> Any:
    """Replace halves of surrogate pairs, which JSON can write and no encoding can."""
    encoded = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(encoded.decode("utf-16", "replace"))
