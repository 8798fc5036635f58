"""POST /audio/transcriptions and /audio/translations answer as OpenAI's do."""

from __future__ import annotations

import io
import re
import time
import wave
from typing import TYPE_CHECKING

import pytest
from local.caller import SENTENCE, SENTENCES, events, form, heard, next_event

if TYPE_CHECKING:
    from local.caller import Caller

FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
PAUSED = [heard(sentence) for sentence in SENTENCES[-3:]]


def as_wav(pcm: bytes) -> bytes:
    """Return a WAV file of the samples that ``pcm`` is."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(pcm)
    return target.getvalue()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_was_spoken_is_recognized(caller: Caller, sentence: str) -> None:
    assert caller.transcription(caller.spoken(sentence)).json["text"] == heard(sentence)


@pytest.mark.parametrize("speech_format", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
def test_every_format_survives_the_round_trip(caller: Caller, speech_format: str) -> None:
    for sentence in SENTENCES[1], SENTENCES[4]:
        audio = caller.spoken(sentence, speech_format)
        audio = as_wav(audio) if speech_format == "pcm" else audio
        assert caller.transcription(audio).json["text"] == heard(sentence)


def test_json_has_the_text_and_what_was_used(caller: Caller, sentence_mp3: bytes) -> None:
    reply = caller.transcription(sentence_mp3)
    assert reply.headers["content-type"] == "application/json"
    assert reply.json == {
        "text": heard(SENTENCE),
        "usage": {"type": "duration", "seconds": pytest.approx(1.6, abs=0.1)},
    }


def test_text_is_a_line(caller: Caller, sentence_mp3: bytes) -> None:
    reply = caller.transcription(sentence_mp3, ("response_format", "text"))
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text == heard(SENTENCE) + "\n"


def test_srt_has_a_cue_for_each_utterance(caller: Caller, paused_mp3: bytes) -> None:
    reply = caller.transcription(paused_mp3, ("response_format", "srt"))
    assert reply.headers["content-type"] == "application/x-subrip; charset=utf-8"
    time = r"00:00:\d\d,\d{3}"
    cues = re.findall(rf"(\d+)\n({time}) --> ({time})\n(.+)\n\n", reply.text)
    assert [(number, text) for number, _, _, text in cues] == list(zip("123", PAUSED, strict=True))
    times = [moment for _, start, end, _ in cues for moment in (start, end)]
    assert times == sorted(times)


def test_vtt_has_a_header_and_the_same_cues(caller: Caller, paused_mp3: bytes) -> None:
    reply = caller.transcription(paused_mp3, ("response_format", "vtt"))
    assert reply.headers["content-type"] == "text/vtt; charset=utf-8"
    assert reply.text.startswith("WEBVTT\n\n00:00:00.")
    assert [line for line in reply.text.splitlines() if line in PAUSED] == PAUSED


def test_verbose_json_has_segments(caller: Caller, paused_mp3: bytes) -> None:
    verbose = caller.transcription(paused_mp3, ("response_format", "verbose_json")).json
    assert set(verbose) == {"task", "language", "duration", "text", "segments", "usage"}
    assert (verbose["task"], verbose["language"]) == ("transcribe", "english")
    assert verbose["text"] == " ".join(PAUSED)
    assert verbose["usage"] == {"type": "duration", "seconds": verbose["duration"]}
    assert [segment["text"] for segment in verbose["segments"]] == PAUSED
    assert [segment["id"] for segment in verbose["segments"]] == [0, 1, 2]
    assert set(verbose["segments"][0]) == {
        *("id", "seek", "start", "end", "text", "tokens", "temperature"),
        *("avg_logprob", "compression_ratio", "no_speech_prob"),
    }
    for segment in verbose["segments"]:
        assert 0 <= segment["start"] < segment["end"] <= verbose["duration"]
        assert segment["avg_logprob"] < 0
        assert segment["seek"] == round(segment["start"] * 100)


def test_words_have_times_if_requested(caller: Caller, paused_mp3: bytes) -> None:
    fields = [("response_format", "verbose_json"), ("timestamp_granularities[]", "word")]
    words = caller.transcription(paused_mp3, *fields).json
    both = caller.transcription(paused_mp3, *fields, ("timestamp_granularities[]", "segment")).json
    assert "segments" not in words
    assert len(both["segments"]) == 3
    assert words["words"] == both["words"]
    assert [word["word"] for word in words["words"]] == " ".join(PAUSED).split()
    times = [moment for word in words["words"] for moment in (word["start"], word["end"])]
    assert times == sorted(times)
    assert times[-1] <= words["duration"]


def test_log_probabilities_belong_to_tokens_that_make_up_the_text(
    caller: Caller, paused_mp3: bytes
) -> None:
    reply = caller.transcription(paused_mp3, ("include[]", "logprobs")).json
    assert "".join(item["token"] for item in reply["logprobs"]) == reply["text"]
    assert all(item["logprob"] <= 0 for item in reply["logprobs"])
    assert len({item["logprob"] for item in reply["logprobs"]}) > 5
    assert all(bytes(item["bytes"]).decode() == item["token"] for item in reply["logprobs"])


def test_deltas_arrive_while_the_rest_is_still_being_recognized(
    caller: Caller, paused_mp3: bytes
) -> None:
    body, headers = form(paused_mp3, ("stream", "true"))
    start = time.monotonic()
    with caller.opened("POST", "/v1/audio/transcriptions", body, headers) as answer:
        assert answer.getheader("content-type", "").startswith("text/event-stream")
        moments = [time.monotonic() - start for _ in iter(lambda: next_event(answer), "[DONE]")]
    first, *_, last, done = moments
    assert len(moments) == 4
    assert first < 0.7 * done  # a third of the work was done by then, and not all of it
    assert last > 0.7 * done


def test_a_stream_is_deltas_then_the_whole_text_then_its_end(
    caller: Caller, paused_mp3: bytes
) -> None:
    reply = caller.transcription(paused_mp3, ("stream", "true"), ("include[]", "logprobs"))
    *deltas, done, end = events(reply.body)
    assert [delta["type"] for delta in deltas] == ["transcript.text.delta"] * 3
    assert [delta["delta"] for delta in deltas] == [PAUSED[0], " " + PAUSED[1], " " + PAUSED[2]]
    assert (done["type"], end) == ("transcript.text.done", "[DONE]")
    assert done["text"] == " ".join(PAUSED)
    assert done["logprobs"] == [item for delta in deltas for item in delta["logprobs"]]
    audio_tokens = done["usage"]["input_tokens"]
    assert audio_tokens == pytest.approx(10 * 6.7, abs=3)
    assert done["usage"] == {
        "type": "tokens",
        "input_token_details": {"audio_tokens": audio_tokens, "text_tokens": 0},
        "input_tokens": audio_tokens,
        "output_tokens": len(done["text"].split()),
        "total_tokens": audio_tokens + len(done["text"].split()),
    }


def test_fields_without_effect_are_accepted(caller: Caller, sentence_mp3: bytes) -> None:
    reply = caller.transcription(
        sentence_mp3,
        ("prompt", "A greeting."),
        ("temperature", "0.4"),
        ("language", "en"),
        ("languages[]", "de"),
        ("languages[]", "en"),
        ("keywords[]", "show"),
        ("known_speaker_names[]", "Ann"),
        ("known_speaker_references[]", "data:audio/wav;base64," + "A" * 2_000_000),
        ("chunking_strategy", "auto"),
        ("stream", "false"),
        ("what_the_future_brings", "1"),
    )
    assert reply.json["text"] == heard(SENTENCE)
    assert reply.json["languages"] == [{"code": "en"}]


@pytest.mark.parametrize("language", ["en", "EN", "en-US", "en_gb", "English", ""])
def test_english_has_many_names(caller: Caller, language: str) -> None:
    silence = as_wav(bytes(48_000))
    assert caller.transcription(silence, ("language", language)).status == 200


def test_a_recording_is_cut_as_the_chunking_strategy_says(
    caller: Caller, paused_mp3: bytes
) -> None:
    fields = [("response_format", "verbose_json"), ("chunking_strategy[type]", "server_vad")]
    whole = [("chunking_strategy[silence_duration_ms]", "5000")]
    parts = [
        ("chunking_strategy[prefix_padding_ms]", "100"),
        ("chunking_strategy[threshold]", ".5"),
    ]
    assert len(caller.transcription(paused_mp3, *fields, *whole).json["segments"]) == 1
    assert len(caller.transcription(paused_mp3, *fields, *parts).json["segments"]) == 3


@pytest.mark.parametrize("response_format", FORMATS)
@pytest.mark.parametrize("seconds", [0, 2])
def test_silence_is_an_empty_transcript(caller: Caller, response_format: str, seconds: int) -> None:
    silence = as_wav(bytes(48_000 * seconds))
    reply = caller.transcription(silence, ("response_format", response_format))
    assert reply.status == 200
    expected = {"text": "\n", "srt": "", "vtt": "WEBVTT\n\n"}
    if response_format in expected:
        assert reply.text == expected[response_format]
    else:
        assert (reply.json["text"], reply.json["usage"]["seconds"]) == ("", seconds)


def test_streamed_silence_is_only_a_done_event(caller: Caller) -> None:
    reply = caller.transcription(as_wav(bytes(48_000)), ("stream", "true"))
    done, end = events(reply.body)
    assert (done["type"], done["text"], end) == ("transcript.text.done", "", "[DONE]")


def test_a_translation_is_english(caller: Caller, sentence_mp3: bytes) -> None:
    reply = caller.translation(sentence_mp3, ("prompt", "x"), ("temperature", "0"))
    assert reply.json["text"] == heard(SENTENCE)


def test_a_translation_has_the_same_formats(caller: Caller, sentence_mp3: bytes) -> None:
    replies = {
        name: caller.translation(sentence_mp3, ("response_format", name)) for name in FORMATS
    }
    assert replies["text"].text == heard(SENTENCE) + "\n"
    assert replies["srt"].text.startswith("1\n00:00:00,")
    assert replies["vtt"].text.startswith("WEBVTT\n\n")
    verbose = replies["verbose_json"].json
    assert (verbose["task"], len(verbose["segments"])) == ("translate", 1)


@pytest.mark.parametrize(
    "field", [("response_format", "diarized_json"), ("language", "fr"), ("temperature", "x")]
)
def test_a_translation_refuses_what_it_cannot_do(
    caller: Caller, sentence_mp3: bytes, field: tuple[str, str]
) -> None:
    reply = caller.translation(sentence_mp3, field)
    assert (reply.status, reply.error["param"]) == (400, field[0])
