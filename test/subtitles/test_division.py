"""Where cues end and lines break."""

from __future__ import annotations

import pytest

from openapiopenai.subtitles import divide
from subtitles.timed import SENTENCES, segment, spoken, verbose


def texts(source: object, **options: int) -> list[str]:
    return [cue.text for cue in divide(source, **options)]  # type: ignore[arg-type]


def test_cues_end_with_sentences_and_clauses_and_lines_are_even() -> None:
    assert texts(verbose(*SENTENCES)) == [
        "Good morning, Mr. Smith,\nand welcome to the show.",
        "Today we are talking\nabout the oldest bridge in the town,",
        "which was built by the Romans.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I saw Mr. Smith.",
        "He left at 5 p.m. yesterday.",
        "J. R. Smith came.",
        "Am 3. Mai war es.",
        "Yahoo! is a firm.",
    ],
)
def test_a_point_inside_a_sentence_ends_no_cue(text: str) -> None:
    words = [{"word": word, "start": n, "end": n + 0.9} for n, word in enumerate(text.split())]
    assert texts(words) == [text]


def test_a_pause_over_half_a_second_ends_a_cue() -> None:
    words = [*spoken("one two", 0.0), *spoken("three four", 1.5)]
    assert texts(words) == ["one two", "three four"]
    assert len(texts([*spoken("one two", 0.0), *spoken("three", 1.1)])) == 1


def test_a_segment_within_the_limits_is_one_cue() -> None:
    assert texts([segment("One. Two. Three.", 0, 5)]) == ["One. Two. Three."]


def test_a_segment_over_the_limits_is_divided_in_proportion() -> None:
    first, second = divide([segment("one two three four. " + "five six seven eight.", 0, 8)])
    assert (first.text, second.text) == ("one two three four.", "five six seven eight.")
    assert first.end == second.start
    assert 3.5 < first.end < 4.5


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("we walked along the river and then we sat", "we walked along the river\nand then we sat"),
        ("there was nothing to see in the old town", "there was nothing\nto see in the old town"),
        ("we looked long for the famous old tower", "we looked long\nfor the famous old tower"),
    ],
)
def test_a_line_never_ends_with_an_article_or_preposition(text: str, wanted: str) -> None:
    assert texts([segment(text, 0, 3)], max_line_length=26) == [wanted]


def test_no_more_words_than_wanted() -> None:
    assert texts(spoken("a few words at a time"), max_words=1) == [
        "a",
        "few",
        "words",
        "at",
        "a",
        "time",
    ]
    cues = texts(verbose(*SENTENCES), max_words=4)
    assert max(len(cue.split()) for cue in cues) == 4
    assert " ".join(cues) == "".join(SENTENCES).strip()


def test_one_line_is_one_line() -> None:
    assert not any("\n" in text for text in texts(verbose(*SENTENCES), max_lines=1))


def test_many_lines_are_as_many_as_the_text_needs() -> None:
    text = "word " * 40
    (cue,) = texts([segment(text, 0, 6)], max_lines=10, max_line_length=24)
    lines = cue.split("\n")
    assert len(lines) == 8
    assert {len(line) for line in lines} == {24}


def test_a_word_longer_than_a_line_is_not_divided() -> None:
    address = "https://example.test/" + "x" * 60
    assert texts([segment(f"see {address} there", 0, 3)]) == [f"see\n{address}", "there"]


def test_no_cue_is_shown_for_too_long() -> None:
    (cue,) = divide([{"word": "so", "start": 1, "end": 41}])
    assert (cue.start, cue.end) == (1, 8)


def test_a_few_words_over_a_minute_of_silence_are_one_cue() -> None:
    assert [tuple(cue) for cue in divide([segment("Thank you.", 0, 60)])] == [
        (0, 7, "Thank you.", None)
    ]
