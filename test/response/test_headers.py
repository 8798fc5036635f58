"""Facts from the headers of a response."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapiopenai._response.headers import charset, media_type, retry_after

YEAR = 365 * 86_400


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": " 2 "}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "100000000000"}, YEAR),
        ({"retry-after": "9" * 5000}, YEAR),
        ({"retry-after-ms": "9" * 400}, YEAR),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, YEAR),
        ({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
    ],
)
def test_a_delay_is_read_and_bounded(headers: dict[str, str], seconds: float) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    "value", ["", "soon", "1_0", "+1", "-1", "1e300", "inf", "nan", "0x10", "1.", ".5", "\u0661"]
)
@pytest.mark.parametrize("name", ["retry-after", "retry-after-ms"])
def test_what_is_not_a_number_is_not_a_delay(name: str, value: str) -> None:
    assert retry_after({name: value}) is None


def test_a_date_is_a_delay_from_now() -> None:
    then = datetime.now(timezone.utc) + timedelta(minutes=5)
    seconds = retry_after({"retry-after": format_datetime(then, usegmt=True)})
    assert seconds is not None
    assert 280 < seconds <= 300


@given(st.text(max_size=40))
def test_any_content_type_has_a_media_type(value: str) -> None:
    headers = {"content-type": value}
    assert media_type(headers) == media_type(headers).strip().lower()
    assert charset(headers) != ""


@pytest.mark.parametrize(
    ("value", "kind", "encoding"),
    [
        ("Text/Plain; Charset=UTF-8", "text/plain", "utf-8"),
        ("text/plain;charset='latin-1' ; x=y", "text/plain", "latin-1"),
        ("text/plain; charset=", "text/plain", None),
        ("", "", None),
    ],
)
def test_a_content_type_is_divided(value: str, kind: str, encoding: str | None) -> None:
    assert (media_type({"content-type": value}), charset({"content-type": value})) == (
        kind,
        encoding,
    )
