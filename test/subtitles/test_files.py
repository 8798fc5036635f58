"""SubRip and WebVTT, as others' parsers read them."""

from __future__ import annotations

import pytest

from openapiopenai.subtitles import divide, to_srt, to_vtt
from subtitles.readers import READERS, Reader, by_ffmpeg, by_webvtt
from subtitles.timed import SENTENCES, segment, spoken, verbose

TALK = [
    segment("Hello there.", 0, 1, speaker="A"),
    segment("How are you?", 1, 2, speaker="A"),
    segment("Fine.", 2, 3, speaker="B & <C>"),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_every_parser_reads_the_same_cues(read: Reader, kind: str) -> None:
    source = verbose(*SENTENCES)
    text = {"srt": to_srt, "vtt": to_vtt}[kind](source)
    assert [tuple(shown) for shown in read(text, kind)] == [
        (round(cue.start * 1000), round(cue.end * 1000), cue.text.replace("\n", " "))
        for cue in divide(source)
    ]


#: pysubs2 takes any line with two times for one that begins a cue.
STRICT = [by_webvtt, by_ffmpeg]


@pytest.mark.parametrize("read", STRICT)
def test_no_text_can_break_a_subrip_file(read: Reader) -> None:
    texts = ["a\n\n2\n00:00:05,000 --> 00:00:06,000\nb", "c --> d", "1984", "\r\n\r\ne"]
    items = [segment(text, n, n + 1) for n, text in enumerate(texts)]
    shown = read(to_srt(items, max_line_length=200), "srt")
    assert [(cue.start, cue.end) for cue in shown] == [
        (n * 1000, n * 1000 + 1000) for n in range(4)
    ]
    assert [cue.text for cue in shown] == [
        "a 2 00:00:05,000 → 00:00:06,000 b",
        "c → d",
        "1984",
        "e",
    ]


@pytest.mark.parametrize("read", STRICT)
def test_no_text_can_break_a_webvtt_file(read: Reader) -> None:
    texts = ["a\n\n00:05.000 --> 00:06.000\nb", "NOTE c", "WEBVTT", "x < y & <v Eve>z"]
    items = [segment(text, n, n + 1) for n, text in enumerate(texts)]
    text = to_vtt(items, max_line_length=200)
    assert text.count("-->") == 4
    assert "x &lt; y &amp; &lt;v Eve&gt;z" in text
    assert len(read(text, "vtt")) == 4


def test_webvtt_names_the_voice_of_each_cue() -> None:
    assert to_vtt(TALK) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v A>Hello there.\n\n"
        "00:00:01.000 --> 00:00:02.000\n<v A>How are you?\n\n"
        "00:00:02.000 --> 00:00:03.000\n<v B &amp; &lt;C&gt;>Fine.\n\n"
    )


def test_subrip_names_a_speaker_where_it_changes() -> None:
    texts = [block.split("\n")[2] for block in to_srt(TALK).strip().split("\n\n")]
    assert texts == ["A: Hello there.", "How are you?", "B & <C>: Fine."]


def test_a_name_has_a_line_of_its_own_where_the_first_word_leaves_it_no_room() -> None:
    long = "x" * 36
    talk = [
        segment(f"{long} yy", 0, 9, speaker="Annabelle"),
        segment("Fine.", 9, 10, speaker="B"),
    ]
    assert f"\nAnnabelle:\n{long} yy\n\n" in to_srt(talk, max_seconds=9)
    for limits in ({"max_seconds": 1}, {"max_words": 1, "max_seconds": 9}):
        written = to_srt(talk, **limits)
        assert f"\nAnnabelle:\n{long}\n\n" in written
        assert "\nyy\n\n" in written
    assert f"\nAnnabelle: {long}\n\n" in to_srt(talk, max_lines=1)


def test_a_lone_speaker_is_named_only_on_request() -> None:
    assert "A:" not in to_srt(TALK[:2])
    assert "A: Hello" in to_srt(TALK[:2], speakers=True)
    assert "<v" not in to_vtt(TALK, speakers=False)
    assert [cue.speaker for cue in divide(TALK)] == ["A", "A", "B & <C>"]


def test_karaoke_has_the_time_of_each_word() -> None:
    text = to_vtt(spoken("good morning all", 1.0), highlight_words=True)
    assert text == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:01.960\n<c>good</c> "
        "<00:00:01.330><c>morning</c> <00:00:01.660><c>all</c>\n\n"
    )
    assert [shown.text for shown in by_webvtt(text, "vtt")] == ["good morning all"]
    assert len(by_ffmpeg(text, "vtt")) == 1


def test_without_words_karaoke_times_are_in_proportion() -> None:
    text = to_vtt([segment("ab cd", 0, 2)], highlight_words=True)
    assert "<c>ab</c> <00:00:01.000><c>cd</c>" in text
