"""Subtitles are well-formed, whatever the time."""

from __future__ import annotations

import pytest

from openapiopenai.local.captions import Cue, srt, vtt

CUES = [Cue(0.0, 1.5, "good morning"), Cue(3661.25, 3662.0, "welcome")]


def test_srt_numbers_its_cues_and_has_a_comma_before_the_milliseconds() -> None:
    assert srt(CUES) == (
        "1\n00:00:00,000 --> 00:00:01,500\ngood morning\n\n"
        "2\n01:01:01,250 --> 01:01:02,000\nwelcome\n\n"
    )


def test_vtt_has_a_header_and_a_point_before_the_milliseconds() -> None:
    assert vtt(CUES) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\ngood morning\n\n"
        "01:01:01.250 --> 01:01:02.000\nwelcome\n\n"
    )


def test_without_cues_srt_is_empty_and_vtt_is_its_header() -> None:
    assert (srt([]), vtt([])) == ("", "WEBVTT\n\n")


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.0004, "00:00:00.000"),
        (0.0006, "00:00:00.001"),
        (0.9996, "00:00:01.000"),
        (59.9996, "00:01:00.000"),
        (3599.9996, "01:00:00.000"),
        (360_000.0, "100:00:00.000"),
    ],
)
def test_times_are_rounded_to_milliseconds_and_carry_over(seconds: float, written: str) -> None:
    assert vtt([Cue(seconds, seconds, "")]).splitlines()[2] == f"{written} --> {written}"
