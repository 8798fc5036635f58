"""The results of parts are joined."""

from __future__ import annotations

from typing import Any

import pytest

from openapiopenai import CreateTranscriptionResponseVerboseJson
from openapiopenai.longform.joining_results import Piece, join_results, join_texts, plain_text

END = float("inf")


def joined(*results: dict[str, Any]) -> dict[str, Any]:
    """Return the results of parts of ten seconds, joined."""
    made = [CreateTranscriptionResponseVerboseJson.from_dict({"text": "", **r}) for r in results]
    pieces = [Piece(value, 10.0 * n, 10.0 * n + 10) for n, value in enumerate(made)]
    pieces[-1] = pieces[-1]._replace(end=END)
    whole = join_results(pieces, "verbose_json")
    assert isinstance(whole, CreateTranscriptionResponseVerboseJson)
    return whole.to_dict()


@pytest.mark.parametrize(
    ("texts", "text"),
    [
        ([" One.", "Two. "], "One. Two. "),
        (["One.\n", "", "Two.\n"], "One. Two.\n"),
        (["今天很好。", "你呢？"], "今天很好。你呢？"),
        (["안녕.", "그래."], "안녕. 그래."),
        (["", ""], ""),
    ],
)
def test_texts_are_separated_as_in_their_script(texts: list[str], text: str) -> None:
    assert join_texts(texts) == text


def test_times_are_moved_and_do_not_run_into_the_next_part() -> None:
    segments = [{"id": 0, "start": 1.0, "end": 12.0, "seek": 0, "words": [{"start": 1.0}]}]
    result = joined({"segments": segments}, {"segments": segments})["segments"]
    assert [(s["id"], s["start"], s["end"], s["seek"]) for s in result] == [
        (0, 1.0, 10.0, 0),
        (1, 11.0, 22.0, 1000),
    ]
    assert result[1]["words"] == [{"start": 11.0}]


def test_the_language_is_the_most_frequent_and_other_values_are_the_first() -> None:
    parts = [{"language": name, "task": name} for name in ("german", "english", "english")]
    result = joined(*parts)
    assert (result["language"], result["task"]) == ("english", "german")


def test_languages_are_listed_once() -> None:
    one, two = {"code": "en"}, {"code": "de"}
    assert joined({"languages": [one]}, {"languages": [two, one]})["languages"] == [one, two]


def test_a_duration_is_that_of_the_recording_and_a_usage_the_sum() -> None:
    usage = {"type": "duration", "seconds": 10}
    result = joined({"duration": 10, "usage": usage}, {"duration": 4.5, "usage": usage})
    assert result["duration"] == 14.5
    assert result["usage"] == {"type": "duration", "seconds": 20}


def test_a_field_that_no_part_has_is_left_out() -> None:
    assert joined({}, {}) == {"text": ""}


SRT = "1\n00:00:01,000 --> 00:00:02,500\nOne\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\nlines\n\n"
VTT = """WEBVTT

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start
One <00:01.500>two

"""


def test_subrip_is_numbered_consecutively() -> None:
    whole = join_results([Piece(SRT, 0, 3600), Piece(SRT, 3600.5, END)], "srt")
    assert str(whole).split("\n\n")[2:] == [
        "3\n01:00:01,500 --> 01:00:03,000\nOne",
        "4\n01:00:03,500 --> 01:00:04,500\nTwo\nlines",
        "",
    ]


def test_webvtt_keeps_its_header_once_and_its_settings() -> None:
    whole = str(join_results([Piece(VTT, 0, 60), Piece(VTT, 60, END)], "vtt"))
    assert whole.count("WEBVTT") == whole.count("STYLE") == 1
    assert whole.endswith(
        "intro\n00:01:01.000 --> 00:01:02.500 align:start\nOne <00:01:01.500>two\n\n"
    )


def test_parts_without_a_subtitle_add_none() -> None:
    assert join_results([Piece("", 0, 10), Piece(SRT, 10, END)], "srt") != ""
    assert join_results([Piece("WEBVTT\n\n", 0, 10)] * 2, "vtt") == "WEBVTT\n\n"


def test_the_text_of_subtitles_is_without_times_and_tags() -> None:
    assert plain_text(SRT, "srt") == "One Two lines"
    assert plain_text(VTT, "vtt") == "One two"
    assert plain_text("1 --> 2", "text") == "1 --> 2"
