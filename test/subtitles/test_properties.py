"""Whatever the words and the options: nothing is lost, and the limits are kept."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openapiopenai.subtitles import Cue, divide, to_srt, to_vtt
from openapiopenai.subtitles._text import columns
from subtitles.readers import by_pysubs2, by_webvtt

NAN, INFINITE = math.nan, math.inf
WORDS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "Mn", "So"], include_characters=".,!?-'<&"),
    min_size=1,
    max_size=12,
).filter(lambda word: word.isprintable())
SPEAKERS = st.sampled_from(["A", "Bo", "Annabelle", "Maximilian-Alexander"])
TIMES = st.none() | st.floats(-1, 300_000) | st.sampled_from([NAN, INFINITE, 1e300])
OPTIONS = st.fixed_dictionaries(
    {
        "max_line_length": st.integers(1, 60),
        "max_lines": st.integers(1, 4),
        "max_seconds": st.floats(0.01, 20),
        "max_words": st.none() | st.integers(1, 9),
    }
)


def items(kind: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    item = st.fixed_dictionaries({kind: WORDS, "start": TIMES, "end": TIMES})
    first = st.fixed_dictionaries({kind: WORDS, "start": st.just(0.0), "end": TIMES})
    return st.tuples(first, st.lists(item, max_size=40)).map(lambda pair: [pair[0], *pair[1]])


def bare(texts: list[str]) -> str:
    return "".join("".join(texts).split())


def written(srt: str) -> list[list[str]]:
    return [block.split("\n")[2:] for block in srt.split("\n\n") if block]


def check(cues: list[Cue], limits: dict[str, Any]) -> None:
    assert all(cue.end - cue.start >= 0.000999 for cue in cues)
    assert all(before.end <= after.start for before, after in pairwise(cues))
    longest = max(limits["max_seconds"], 0.001)
    for cue in cues:
        lines = cue.text.split("\n")
        assert cue.text.strip()
        assert cue.end - cue.start <= longest + 1e-6
        assert len(lines) <= limits["max_lines"]
        assert all(columns(line) <= limits["max_line_length"] or " " not in line for line in lines)


@settings(max_examples=60, deadline=None)
@given(items("word"), OPTIONS)
def test_words_are_all_shown_once_in_order_and_within_the_limits(
    words: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    cues = divide(words, **options)
    assert bare([cue.text for cue in cues]) == bare([word["word"] for word in words])
    check(cues, options)
    for cue in cues:
        if cue.text.isascii():  # or a word of wide characters may have been divided
            assert len(cue.text.split()) <= (options["max_words"] or len(words))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(items("word").map(lambda each: " ".join(i["word"] for i in each)), min_size=1), OPTIONS
)
def test_segments_are_all_shown_once_in_order_and_within_the_limits(
    texts: list[str], options: dict[str, Any]
) -> None:
    segments = [{"text": text, "start": n * 9, "end": n * 9 + 9} for n, text in enumerate(texts)]
    cues = divide(segments, **options)
    assert bare([cue.text for cue in cues]) == bare(texts)
    check(cues, options)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SPEAKERS, st.lists(WORDS, min_size=1, max_size=20)), min_size=1), OPTIONS)
def test_a_written_line_is_within_the_limit_with_its_label(
    turns: list[tuple[str, list[str]]], options: dict[str, Any]
) -> None:
    segments = [
        {"text": " ".join(words), "start": n * 9, "end": n * 9 + 9, "speaker": speaker}
        for n, (speaker, words) in enumerate(turns)
    ]
    for lines in written(to_srt(segments, speakers=True, **options)):
        assert len(lines) <= options["max_lines"]
        assert lines[-1][-1] != ":"  # a cue is no label alone
        for line in lines:
            words = line.split(" ")
            is_named = options["max_lines"] == 1 and words[0][-1:] == ":"
            assert columns(line) <= options["max_line_length"] or len(words) == 1 + is_named


@settings(max_examples=60, deadline=None)
@given(items("word"), st.lists(WORDS, min_size=1, max_size=40))
def test_the_text_is_shown_once_whatever_the_words_are(
    words: list[dict[str, Any]], text: list[str]
) -> None:
    shown = bare([cue.text for cue in divide({"words": words, "text": " ".join(text)})])
    rest = iter(shown)
    assert all(char in rest for char in bare(text))


@settings(max_examples=60, deadline=None)
@given(items("word"), OPTIONS)
def test_parsers_read_as_many_cues_as_were_written(
    words: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    wanted = [(cue.start, cue.end) for cue in divide(words, **options)]
    for read, text, kind in (
        (by_pysubs2, to_srt(words, **options), "srt"),
        (by_webvtt, to_vtt(words, **options), "vtt"),
        (by_webvtt, to_vtt(words, highlight_words=True, **options), "vtt"),
    ):
        assert [(cue.start / 1000, cue.end / 1000) for cue in read(text, kind)] == wanted
