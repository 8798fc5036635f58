"""Texts are divided at the best place, and keep every character."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapiopenai.longform.dividing import divide

ENGLISH = "Dr. Smith paid 3.50 dollars, e.g. for bread. He left at 5 p.m. with Mr. Jones. "
GERMAN = "Das war z. B. gut. Am 3. Mai kam Dr. Müller, der 3,50 Euro zahlte. "
CHINESE = "今天天气很好，我们去公园吧！你呢？"
JAPANESE = "今日は天気がいい。公園に行こう、ね。"
ARABIC = "مرحبا، كيف حالك؟ أنا بخير. "
MARKDOWN = "# Title\n\n- one item\n- another item\n\nSome *text* with `code`.\n\n"
FAMILY = "👨‍👩‍👧‍👦"
TEXTS = [ENGLISH, GERMAN, CHINESE, JAPANESE, ARABIC, MARKDOWN, "no punctuation at all ", "x"]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("limit", [10, 100, 4096])
def test_every_character_is_in_a_part_and_no_part_is_over_the_limit(text: str, limit: int) -> None:
    parts = divide(text * 200, limit)
    assert max(map(len, parts)) <= limit
    assert squeezed("".join(parts)) == squeezed(text * 200)


@given(st.text(alphabet=st.sampled_from("ab .,;\n\t。、é👨\u200d\u0301한🇩🇪"), max_size=300))
def test_the_parts_in_order_are_the_text_except_for_white_space_between_them(text: str) -> None:
    position = 0
    for part in divide(text, 7):
        found = text.index(part, position)
        assert not text[position:found].strip()
        position = found + len(part)
    assert not text[position:].strip()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (ENGLISH, ["bread.", "Jones."]),
        (GERMAN, ["gut.", "zahlte."]),
        (CHINESE, ["吧！", "呢？"]),
        (JAPANESE, ["。", "ね。"]),
        (ARABIC, ["حالك؟", "بخير."]),
    ],
)
def test_parts_end_where_sentences_do(text: str, sentences: list[str]) -> None:
    for part in divide(text * 100, 120):
        assert part.endswith(tuple(sentences)), part


def test_paragraphs_are_kept_together_where_they_can_be() -> None:
    paragraphs = [f"Paragraph {number}. " + "It has sentences. " * 4 for number in range(10)]
    text = "\n\n".join(paragraphs)
    assert divide(text, 100) == [paragraph.strip() for paragraph in paragraphs]


def test_a_sentence_that_is_too_long_is_divided_at_clauses_and_then_at_words() -> None:
    parts = divide("one two three, four five six, " * 300, 40)
    assert all(part.endswith(("three,", "six,")) for part in parts)
    words = divide("word " * 2000, 52)
    assert {len(part) for part in words[:-1]} == {49}  # ten words


def test_a_sentence_of_ten_thousand_characters_is_divided_at_words() -> None:
    sentence = "several words " * 714 + "end."
    assert len(sentence) == 10_000
    parts = divide(sentence, 4096)
    assert [len(part) > 4000 for part in parts] == [True, True, False]
    assert " ".join(parts) == sentence


def test_markdown_is_divided_at_its_paragraphs() -> None:
    for part in divide(MARKDOWN * 50, 100):
        assert part.startswith(("# Title", "- one", "Some *text*"))
        assert part.endswith(("# Title", "another item", "`code`."))


@pytest.mark.parametrize(
    "cluster",
    [
        *(FAMILY, "e\u0301", "🇩🇪", "👍🏽", "한", "\u1112\u1161\u11ab", "क्षि", "ทำ", "ກຳ", "ｶﾞ"),
        *("\u1112\ud55c", "\ua960\ud7b0", "a\u200c", "🏴\U000e0067\U000e007f"),
    ],
)
def test_a_user_perceived_character_is_never_divided(cluster: str) -> None:
    text = unicodedata.normalize("NFD", cluster) * 200
    for part in divide(text, 50):
        assert len(part) % len(unicodedata.normalize("NFD", cluster)) == 0


@pytest.mark.parametrize(
    "text",
    ["Wow‼\ufe0f Next one⁉\ufe0f More. ", "Stop!\ufe0f Go now. ", "One,\u0301 two three. "],
)
def test_no_part_begins_with_what_belongs_to_the_character_before(text: str) -> None:
    for limit in range(4, 40):
        for part in divide(text * 5, limit):
            assert not unicodedata.category(part[0]).startswith("M")


def test_thai_is_not_divided_before_a_vowel() -> None:
    for offset in range(12):
        for part in divide("x" * offset + "ทำน้ำ" * 2000, 4096):
            assert part[0] != "\u0e33"
            assert not unicodedata.combining(part[0])


def test_dividing_is_linear() -> None:
    assert len(divide("A sentence of some words. " * 40_000, 4096)) > 200
