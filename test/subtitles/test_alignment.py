"""Words have the times, the text has punctuation and capitals: both come together."""

# ruff: noqa: RUF001 - the punctuation of many scripts

from __future__ import annotations

import random

from openapiopenai.subtitles import divide
from subtitles.timed import SENTENCES, segment, spoken, verbose


def joined(source: object) -> str:
    return " ".join(" ".join(cue.text.split()) for cue in divide(source))


def test_punctuation_and_capitals_come_from_the_segments() -> None:
    assert joined(verbose(*SENTENCES)) == "".join(SENTENCES).strip()


def test_or_from_the_text_where_there_are_no_segments() -> None:
    result = {**verbose(*SENTENCES), "segments": None}
    assert joined(result) == "".join(SENTENCES).strip()


def test_times_come_from_the_words() -> None:
    cues = divide(
        {"words": spoken("hello there", 3.0), "segments": [segment("Hello, there!", 0, 9)]}
    )
    assert [tuple(cue) for cue in cues] == [(3.0, 3.63, "Hello, there!", None)]


def test_numbers_are_shown_as_they_are_written() -> None:
    words = spoken("it has twenty five arches and two towers")
    assert joined(
        {"words": words, "segments": [segment("It has 25 arches, and 2 towers.", 0, 3)]}
    ) == ("It has 25 arches, and 2 towers.")


def test_parts_of_words_become_words() -> None:
    words = [
        {"word": " Net", "start": 0.0, "end": 0.2},
        {"word": "anyahu", "start": 0.2, "end": 0.6},
        {"word": " came", "start": 0.6, "end": 0.9},
        {"word": ".", "start": 0.9, "end": 0.9},
    ]
    assert joined(words) == "Netanyahu came."
    assert joined([segment(" Netanyahu came.", 0, 1, words=words)]) == "Netanyahu came."


def test_punctuation_that_a_server_calls_a_word_stays_with_the_word_before_it() -> None:
    words = [
        {"word": word, "start": n, "end": n + 1}
        for n, word in enumerate(["Yes", ",", "I", "do", "."])
    ]
    assert joined(words) == "Yes, I do."


def test_chinese_tokens_are_not_one_word() -> None:
    words = [
        {"word": word, "start": n, "end": n + 1}
        for n, word in enumerate([" 今天", "我们", "，", "谈"])
    ]
    assert [cue.text for cue in divide(words, max_words=1)] == ["今天", "我们，", "谈"]


def test_what_only_the_segments_have_is_not_lost() -> None:
    words = [*spoken("and so"), *spoken("ask not", 2.5)]
    segments = [segment(" And so, my fellow Americans,", 0, 2.5), segment(" ask not.", 2.5, 4)]
    assert joined({"words": words, "segments": segments}) == "And so, my fellow Americans, ask not."


def test_what_only_the_words_have_is_not_lost() -> None:
    words = spoken("one two extra three four")
    assert joined({"words": words, "segments": [segment("One two three four.", 0, 2)]}) == (
        "One two extra three four."
    )


def test_a_text_in_other_words_is_shown_once() -> None:
    words = spoken("these are quite other words")
    assert joined({"words": words, "segments": [segment("Ganz andere Worte.", 0, 2)]}) == (
        "Ganz andere Worte."
    )


def test_long_mismatches_are_got_over() -> None:
    chance = random.Random(16)
    text = [f"w{chance.randrange(500)}" for _ in range(6000)]
    heard = [*text[:1000], *[f"x{n}" for n in range(300)], *text[1400:3000], *text[3900:]]
    words = spoken(" ".join(heard))
    cues = divide({"words": words, "text": " ".join(text)})
    shown = " ".join(cue.text for cue in cues).split()
    assert shown[-2000:] == text[-2000:]
    assert abs(cues[-1].end - words[-1]["end"]) < 0.002  # type: ignore[operator]


def test_accents_and_forms_of_characters_make_no_difference() -> None:
    words = spoken("cafe\u0301 \uff21\uff22")
    assert joined({"words": words, "text": "Caf\u00e9, AB!"}) == "Caf\u00e9, AB!"
