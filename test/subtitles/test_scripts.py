"""Scripts other than Latin: columns, and breaks that readers accept."""

# ruff: noqa: RUF001 - the punctuation of many scripts

from __future__ import annotations

import unicodedata

import pytest

from openapiopenai.subtitles import divide
from openapiopenai.subtitles._text import columns, graphemes
from subtitles.timed import segment

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"


@pytest.mark.parametrize(
    ("text", "clusters", "width"),
    [
        ("abc", 3, 3),
        ("e\u0301a", 2, 2),
        ("日本", 2, 4),
        (FAMILY, 1, 2),
        (FLAGS, 2, 4),
        ("\U0001f44d\U0001f3fd", 1, 2),
        ("\u2764\ufe0f", 1, 2),
        ("\u1112\u1161\u11ab", 1, 2),
        ("한국", 2, 4),
        ("กำ", 1, 1),
        ("ที่", 1, 1),
        ("नि", 1, 1),
        ("", 0, 0),
    ],
)
def test_what_readers_see_as_a_character_is_one(text: str, clusters: int, width: int) -> None:
    found = list(graphemes(text))
    assert len(found) == clusters
    assert "".join(found) == text
    assert columns(text) == width


@pytest.mark.parametrize(
    "text",
    [
        "今日は、東京の古い橋についてお話しします。それは「ローマ人」によって建てられた橋です。"
        * 2,
        "今天我们谈谈这个城市最古老的桥，它是罗马人建造的。" * 3,
        "สวัสดีครับวันนี้เราจะพูดถึงสะพานเก่าแก่ที่สุดในเมืองซึ่งสร้างโดยชาวโรมัน" * 2,
        "你好" + FAMILY * 30 + "再见",
    ],
)
def test_scripts_without_spaces_break_between_characters(text: str) -> None:
    cues = divide([segment(text, 0, 60)], max_line_length=24)
    lines = [line for cue in cues for line in cue.text.split("\n")]
    assert "".join(lines) == text
    assert len(lines) > 2
    assert all(columns(line) <= 24 for line in lines)
    assert not any(line[0] in "、。，」ーะาำ" or line[-1] in "「เแโใไ" for line in lines)
    assert not any(unicodedata.category(line[0]) in {"Mn", "Mc", "Cf"} for line in lines)


def test_chinese_words_are_joined_without_spaces() -> None:
    words = [
        {"word": word, "start": n, "end": n + 1} for n, word in enumerate(["今天", "我们", "谈"])
    ]
    assert [cue.text for cue in divide(words)] == ["今天我们谈"]
    assert [cue.text for cue in divide(words, max_words=1)] == ["今天", "我们", "谈"]


def test_korean_has_spaces() -> None:
    words = [{"word": word, "start": n, "end": n + 1} for n, word in enumerate(["안녕", "여러분"])]
    assert [cue.text for cue in divide(words)] == ["안녕 여러분"]


def test_arabic_ends_sentences_with_its_own_marks() -> None:
    words = ["كيف", "حالك؟", "أنا", "بخير،", "شكرا."]
    items = [{"word": word, "start": n, "end": n + 0.9} for n, word in enumerate(words)]
    assert [cue.text for cue in divide(items)] == ["كيف حالك؟", "أنا بخير، شكرا."]


def test_a_no_break_space_holds() -> None:
    (cue,) = divide([segment("bonjour tout le monde\u00a0!", 0, 3)], max_line_length=20)
    assert "monde\u00a0!" in cue.text
