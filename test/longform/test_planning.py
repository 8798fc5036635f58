"""Where recordings are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapiopenai import ApiValueError
from openapiopenai._files.limits import limits_of, needs_chunking
from openapiopenai.longform.planning import Sizes, Span, plan


def planned(duration: float, silences: list[Span], limit: float) -> list[float]:
    """Return where it is cut, when the quietest place is always at the beginning."""
    spans = plan(duration, silences, lambda start: start + limit, lambda span: span.start)
    assert spans[0].start == 0
    assert spans[-1].end == duration
    assert all(a.end == b.start for a, b in pairwise(spans))
    return [span.end for span in spans[:-1]]


def test_a_recording_within_the_limit_is_not_cut() -> None:
    assert planned(10, [Span(4, 5)], 10) == []


def test_the_longest_silence_in_the_last_quarter_is_chosen() -> None:
    silences = [Span(10, 12), Span(76, 76.5), Span(80, 81), Span(95, 95.5)]
    assert planned(150, silences, 100) == [80.5]


def test_the_later_of_two_equal_silences_is_chosen() -> None:
    assert planned(150, [Span(80, 81), Span(90, 91)], 100) == [90.5]


def test_an_earlier_silence_is_better_than_none() -> None:
    assert planned(150, [Span(20, 21)], 100)[0] == 20.5


def test_without_a_silence_the_quietest_place_of_the_last_seconds_is_chosen() -> None:
    assert planned(150, [], 100) == [80.0]


def test_a_long_silence_is_searched_for_its_quietest_place() -> None:
    assert planned(150, [Span(0, 150)], 100) == [80.0]


def test_the_last_part_is_never_too_short_to_be_sent() -> None:
    (cut,) = planned(100.01, [Span(99.9, 100.01)], 100)
    assert 100.01 - cut >= 0.25


@given(
    st.floats(1, 5000),
    st.lists(st.tuples(st.floats(0, 5000), st.floats(0.3, 20)), max_size=50),
    st.floats(5, 500),
)
def test_parts_cover_the_recording_and_are_within_the_limit(
    duration: float, silences: list[tuple[float, float]], limit: float
) -> None:
    ordered, end = [], 0.0
    for start, length in sorted(silences):
        if start >= end and start + length < duration:
            end = start + length
            ordered.append(Span(start, end))
    cuts = [0, *planned(duration, ordered, limit), duration]
    assert all(0 < b - a <= limit + 1e-6 for a, b in pairwise(cuts))


def test_bytes_are_a_limit_too() -> None:
    sizes = Sizes([(0, 0), (1, 1000), (2, 9000), (3, 10_000)], fixed=100)
    assert sizes.furthest(0, 5000) == 1
    assert sizes.furthest(1, 5000) == 1
    assert sizes.furthest(1, 9000) == 2
    assert sizes.furthest(2, 5000) == float("inf")


def test_a_limit_that_leaves_no_room_for_a_part_is_an_error() -> None:
    with pytest.raises(ApiValueError, match=r"no room for the sound at 0.0 s"):
        plan(10, [], lambda start: start + 0.1, lambda span: span.start)


@pytest.mark.parametrize(
    ("model", "seconds"),
    [
        ("whisper-1", None),
        ("gpt-4o-transcribe", 1400),
        ("gpt-4o-mini-transcribe-2025-12-15", 1400),
        ("gpt-4o-transcribe-diarize", 1400),
    ],
)
def test_limits_are_those_of_the_model(model: str, seconds: float | None) -> None:
    limits = limits_of(model, None, None)
    assert limits.seconds == seconds
    assert limits.seconds_of_part == (1390 if seconds else float("inf"))
    assert limits_of(model, 1_000_000, 60) == (1_000_000, 60)


def test_one_model_requires_its_recordings_to_be_chunked() -> None:
    assert needs_chunking("gpt-4o-transcribe-diarize", 31)
    assert not needs_chunking("gpt-4o-transcribe-diarize", 29)
    assert not needs_chunking("gpt-4o-transcribe", 3100)
