"""Results of every server's shape become subtitles, and read through to what they hold."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any, get_type_hints

import pytest

from openapiopenai import (
    ApiValueError,
    CreateTranscription200Response,
    CreateTranslation200Response,
    subtitles,
)
from subtitles.timed import SENTENCES, segment, verbose

RESULTS = (CreateTranscription200Response, CreateTranslation200Response)


def test_words_and_segments_of_a_result_come_together() -> None:
    data = verbose(*SENTENCES)
    result = CreateTranscription200Response.from_dict(data)
    assert result.to_srt() == subtitles.to_srt(data)
    assert result.to_vtt(max_words=3) == subtitles.to_vtt(data, max_words=3)


def test_words_inside_segments_are_found() -> None:
    words = [{"text": "And", "start": 0, "end": 0.32}, {"text": "so", "start": 0.32, "end": 0.6}]
    data = {"text": "And so", "segments": [segment(" And so,", 0, 2.5, words=words)]}
    for kind in RESULTS:
        assert "00:00:00,000 --> 00:00:00,600\nAnd so,\n" in kind.from_dict(data).to_srt()


def test_a_diarized_result_names_its_speakers() -> None:
    parts = [segment("Hi.", 0, 1, speaker="A"), segment("Ho.", 1, 2, speaker="B")]
    data = {"text": "Hi. Ho.", "segments": parts}
    result = CreateTranscription200Response.from_dict(data)
    assert "A: Hi." in result.to_srt()
    assert "<v B>Ho." in result.to_vtt()


@pytest.mark.parametrize("kind", RESULTS)
def test_segments_without_times_say_what_to_request(kind: Any) -> None:
    result = kind.from_dict({"text": "hi", "segments": [{"text": "hi", "words": [{"word": "hi"}]}]})
    with pytest.raises(ApiValueError, match="verbose_json"):
        result.to_srt()


@pytest.mark.parametrize("kind", RESULTS)
@pytest.mark.parametrize(
    "data",
    [
        {"text": "", "segments": []},
        {"text": " ", "segments": [segment(" ", 0, 30)], "words": []},
        {"text": "", "words": []},
        {"text": "", "language": "english", "duration": 3.5},
        {"text": "", "task": "transcribe", "duration": 3.5, "segments": []},
        {"text": ""},  # what some servers send for a silent recording, whatever the format
    ],
)
def test_a_silent_result_has_no_cues(kind: Any, data: dict[str, object]) -> None:
    for result in (data, kind.from_dict(data)):
        assert subtitles.divide(result) == []
        assert subtitles.to_srt(result, speakers=True) == ""
        assert subtitles.to_vtt(result) == "WEBVTT\n"
        assert subtitles.to_vtt(result, highlight_words=True) == "WEBVTT\n"


@pytest.mark.parametrize("kind", RESULTS)
@pytest.mark.parametrize("data", [{"text": "hi", "duration": 3.5}, {"text": "hi", "segments": []}])
def test_a_result_without_times_says_what_to_request(kind: Any, data: dict[str, object]) -> None:
    result = kind.from_dict(data)
    for write in (result.to_srt, result.to_vtt):
        with pytest.raises(ApiValueError, match="verbose_json"):
            write()


@pytest.mark.parametrize("kind", RESULTS)
def test_what_a_server_adds_is_an_attribute_of_the_result(kind: Any) -> None:
    result = kind.from_dict({"text": "hi", "duration": 2, "task": "x", "x_groq": {"id": "r"}})
    assert result.x_groq == {"id": "r"}
    assert result.task == "x"
    assert copy.deepcopy(pickle.loads(pickle.dumps(result))) == result
    with pytest.raises(
        AttributeError, match=r"no attribute 'x_grok'; its Create\w+Json has .*x_groq"
    ):
        _ = result.x_grok


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_that_is_a_text_has_nothing_else(kind: Any) -> None:
    assert not hasattr(kind("hi"), "x_groq")
    assert not hasattr(kind("hi"), "upper")


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_is_used_as_its_text(kind: Any) -> None:
    result = kind("good morning")
    assert f"{result:>14}" == "  good morning"
    assert "morning" in result
    assert "evening" not in result


def test_repr_stays_on_a_screen_and_to_str_has_all() -> None:
    result = CreateTranscription200Response.from_dict(verbose(*SENTENCES * 200))
    shown = repr(result)
    assert shown.startswith("CreateTranscription200Response(text='Good morning")
    assert "segments=400, words=" in shown
    assert len(shown) < 200
    assert len(result.to_str()) > 10_000


def test_the_options_of_all_functions_are_the_same() -> None:
    def options(function: Any) -> dict[str, Any]:
        found = inspect.signature(function).parameters.values()
        return {p.name: p.default for p in found if p.kind is p.KEYWORD_ONLY}

    common = options(subtitles.divide)
    assert options(subtitles.to_srt) == common
    assert options(subtitles.to_vtt) == {**common, "highlight_words": False}
    assert list(get_type_hints(subtitles.Options)) == list(common)
    assert set(get_type_hints(subtitles.VttOptions)) == {*common, "highlight_words"}
