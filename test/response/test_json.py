"""JSON of unknown shape is parsed tolerantly, and long before Python's limits."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from openapiopenai._response.json import UnreadableError, parse_json

#: Above what is dropped, below what is refused.
DEEP = 400
ENDLESS = 100_000


def depth_of(value: Any) -> int:
    depth = 0
    while value:
        value = value[0] if isinstance(value, list) else value["a"]
        depth += 1
    return depth


def test_what_nests_too_deeply_is_dropped() -> None:
    text = '[{"a":' * (DEEP // 2) + "1" + "}]" * (DEEP // 2)
    assert depth_of(parse_json(text)) == 100


@pytest.mark.parametrize("text", ["[" * ENDLESS, '{"a":' * ENDLESS, '["\\"",' * ENDLESS])
def test_what_nests_without_end_is_refused_before_it_is_parsed(text: str) -> None:
    with pytest.raises(UnreadableError, match="nests more than 500 levels deep") as failure:
        parse_json(text)
    assert not isinstance(failure.value.__cause__, RecursionError)
    assert len(failure.traceback) < sys.getrecursionlimit() / 2


@pytest.mark.parametrize("text", ["[" * ENDLESS, '\\"[{' * ENDLESS, "\\\\"])
def test_brackets_inside_a_string_do_not_count(text: str) -> None:
    value = [{"text": text}] * 2
    assert parse_json(json.dumps(value)) == value


def test_a_long_list_is_not_deep() -> None:
    value = [{"words": []}] * 10_000
    assert parse_json(json.dumps(value)) == value
