"""Numeric settings are checked against one table of ranges."""

from __future__ import annotations

from typing import Any

import pytest

from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.local.limits import Limits, check_number, parse_number


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 0),
        ("port", 65_535),
        ("workers", 1),
        ("max_queue", 0),
        ("max_seconds", 1),
        ("max_seconds", 0.5),
        ("max_body", 10**12),
    ],
)
def test_numbers_within_the_range_are_accepted(name: str, value: float) -> None:
    check_number(name, value)
    assert parse_number(name, str(value)) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", -1), ("port", 65_536), ("workers", 0), ("max_seconds", 0), ("max_seconds", 1e999)],
)
def test_numbers_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(ApiValueError, match=f"^{name} must be an? "):
        check_number(name, value)
    with pytest.raises(ApiValueError, match=f"^{name} must be an? "):
        parse_number(name, str(value))


@pytest.mark.parametrize(("name", "value"), [("port", "80"), ("port", 8.0), ("max_seconds", None)])
def test_other_types_are_refused(name: str, value: Any) -> None:
    with pytest.raises(ApiTypeError, match=f"^{name} must be an? .*, not "):
        check_number(name, value)


@pytest.mark.parametrize(("name", "text"), [("port", "http"), ("port", "8.5"), ("max_seconds", "")])
def test_text_that_is_no_number_is_refused(name: str, text: str) -> None:
    with pytest.raises(ApiTypeError, match=f"^{name} must be an? .*, not "):
        parse_number(name, text)


def test_a_message_quotes_no_more_than_a_line() -> None:
    with pytest.raises(ApiTypeError) as refused:
        check_number("port", "x" * 10_000)
    assert len(str(refused.value)) < 120


def test_the_defaults_are_openai_s_limits() -> None:
    assert (Limits.max_body, Limits.max_characters) == (25 * 1024 * 1024, 4096)
