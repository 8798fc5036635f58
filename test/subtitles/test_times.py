"""Whatever times a server sends, cues have times that players accept."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from openapiopenai import ApiTypeError, ApiValueError
from openapiopenai.subtitles import divide, to_srt
from subtitles.timed import segment

NAN, INFINITE = math.nan, math.inf


@pytest.mark.parametrize(
    "times",
    [
        [(0, 1), (None, None), (2, 3)],
        [(None, None), (None, None), (2, 3)],
        [(0, 1), (None, None), (None, None)],
        [(1, 1), (1, 1), (1, 1)],
        [(3, 2), (2, 1), (1, 0)],
        [(0, 2), (1, 3), (2, 4)],
        [(0, 5), (1, 2), (3, 4)],
        [(0, 1), (9999, 9999), (2, 3)],
        [(5, 6), (0, 1), (7, 8)],
        [(-3, -1), (0, 1), (1, 2)],
        [(0, NAN), (INFINITE, 1), (1, 2)],
        [("0", "1.5"), ("x", "y"), (2, True)],
        [(0, 1), (50, 90), (100, 101)],
        [(59.9996, 59.9999), (60, 61), (359999.9999, 360001)],
    ],
)
@pytest.mark.parametrize("kind", ["word", "text"])
def test_times_never_run_backwards_or_overlap(
    times: list[tuple[object, object]], kind: str
) -> None:
    items = [{kind: f"t{n}.", "start": a, "end": b} for n, (a, b) in enumerate(times)]
    cues = divide(items, max_words=1)
    assert [cue.text for cue in cues] == ["t0.", "t1.", "t2."]
    assert all(cue.end - cue.start >= 0.000999 for cue in cues)
    assert all(after.start >= before.end for before, after in pairwise(cues))


def test_one_wrong_time_moves_no_other_cue() -> None:
    cues = divide([segment("a", 0, 1), segment("b", 900, 901), segment("c", 2, 3)])
    assert [(cue.start, cue.end) for cue in cues] == [(0, 1), (1, 2), (2, 3)]


def test_no_time_exceeds_the_duration() -> None:
    cues = divide({"duration": "2.5", "segments": [segment("a", 0, 1), segment("b", 1, 9)]})
    assert cues[-1].end == 2.5


def test_rounding_carries_over_and_hours_have_no_end() -> None:
    assert "00:01:00,000 --> 00:01:01,000" in to_srt([segment("a", 59.9996, 61)])
    assert "100:00:00,000 -->" in to_srt([segment("a", 360_000, 360_001)])


def test_empty_texts_are_left_out() -> None:
    items = [segment(" ", 0, 1), segment("a", 1, 2), segment(None, 2, 3), segment("\0", 3, 4)]  # type: ignore[arg-type]
    assert [cue.text for cue in divide(items)] == ["a"]


@pytest.mark.parametrize(
    "source",
    [
        "just a text",
        {"text": "hi"},
        [],
        [{"text": "a"}],
        [{"word": "a"}],
        {"segments": []},
        "",
        b"x",
    ],
)
def test_without_times_the_format_to_request_is_named(source: object) -> None:
    with pytest.raises(ApiValueError, match=r"verbose_json.*'srt' or 'vtt'"):
        to_srt(source)


def test_what_is_no_transcript_is_refused_by_name() -> None:
    with pytest.raises(ApiTypeError, match="int"):
        to_srt(7)


@pytest.mark.parametrize("name", ["max_line_length", "max_lines", "max_words", "max_seconds"])
def test_options_out_of_range_are_refused_by_name(name: str) -> None:
    with pytest.raises(ApiValueError, match=f"{name} is 0"):
        to_srt([segment("a", 0, 1)], **{name: 0})  # type: ignore[arg-type]
    with pytest.raises(ApiTypeError, match=f"{name} is '9'"):
        to_srt([segment("a", 0, 1)], **{name: "9"})  # type: ignore[arg-type]
