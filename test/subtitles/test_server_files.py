"""Subtitle files as servers write them: given back, converted, or divided anew."""

from __future__ import annotations

import pytest

from openapiopenai import CreateTranscription200Response, CreateTranslation200Response
from openapiopenai.subtitles import Cue, divide, parse, to_srt, to_vtt

#: What each server does: Azure writes CRLF, LocalAI two newlines first and none last, speaches a
#: blank before each text, vLLM one newline last, whisper-asr-webservice no hours.
FILES = {
    "azure": "1\r\n00:00:00,000 --> 00:00:02,000\r\nGood morning.\r\n\r\n",
    "localai": "\n\n1\n00:00:00,000 --> 00:00:02,000\nGood morning.",
    "speaches": "1\n00:00:00,000 --> 00:00:02,000\n Good morning.\n\n",
    "vllm": "1\n00:00:00,000 --> 00:00:02,000\nGood morning.\n",
    "whisper-asr": "WEBVTT\n\n00:00.000 --> 00:02.000\nGood morning.\n\n",
    "byte order mark": "\ufeffWEBVTT\n\n1\n00:00.000 --> 00:02.000 align:start\nGood morning.\n\n",
    "markup": (
        "WEBVTT\n\nNOTE hi\n\n00:00.000 --> 00:02.000\n<i>Good</i> <00:01.000>morning.\n\nNOTE x"
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_the_cues_of_every_server_are_read(name: str) -> None:
    assert [cue._replace(text=cue.text.strip()) for cue in parse(FILES[name])] == [
        Cue(0.0, 2.0, "Good morning.")
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_given_back_in_its_format_and_converted_to_the_other(name: str) -> None:
    file = FILES[name]
    result = CreateTranscription200Response(file)
    own, other = (result.to_vtt, result.to_srt)[:: 1 if "WEBVTT" in file else -1]
    assert own() == file
    assert "00:00:00" in other()
    assert "00:00:02" in other()
    assert [cue.text for cue in divide(other())] == ["Good morning."]


def test_minutes_over_59_are_hours() -> None:
    """LocalAI writes 1 h 1 min 5 s so: the minutes hold the hours, which stand before them too."""
    file = "\n\n1\n01:61:05,000 --> 01:61:07,250\nstill talking"
    assert parse(file) == [Cue(3665.0, 3667.25, "still talking")]
    assert to_srt(file) == "1\n01:01:05,000 --> 01:01:07,250\nstill talking\n\n"


def test_an_option_divides_a_file_anew() -> None:
    file = CreateTranslation200Response("1\n00:00:00,000 --> 00:00:02,000\nab cd\n")
    assert to_srt(file, max_words=1) == (
        "1\n00:00:00,000 --> 00:00:01,000\nab\n\n2\n00:00:01,000 --> 00:00:02,000\ncd\n\n"
    )


def test_voices_and_entities_are_read() -> None:
    file = "WEBVTT\n\n00:00.000 --> 00:01.000\n<v.loud Anna &amp; Bo>1 &lt; 2</v>\n"
    assert parse(file) == [Cue(0.0, 1.0, "1 < 2", "Anna & Bo")]
    assert "Anna & Bo: 1 < 2" in to_srt(file, speakers=True)


def test_a_blank_line_in_subrip_loses_no_text() -> None:
    file = "1\n00:00:00,000 --> 00:00:01,000\na\n\nb\n\n2\n00:00:01,000 --> 00:00:02,000\nc\n"
    assert [cue.text.split() for cue in parse(file)] == [["a", "b"], ["c"]]
    assert to_vtt(file).count("-->") == 2
