"""A recording is cut at its pauses, and nowhere else."""

from __future__ import annotations

import random
from array import array

from openapiopenai.local.vad import FRAMES_PER_SECOND, RATE, Span, detect_speech


def tone(seconds: float, amplitude: int = 8000) -> array[int]:
    """Return a sound that is as loud throughout."""
    return array("h", (amplitude, -amplitude) * round(seconds * RATE / 2))


def noise(seconds: float, amplitude: int) -> array[int]:
    """Return white noise."""
    generator = random.Random(1)
    return array(
        "h", (generator.randint(-amplitude, amplitude) for _ in range(int(seconds * RATE)))
    )


def mixed(first: array[int], second: array[int]) -> array[int]:
    return array("h", map(sum, zip(first, second, strict=True)))


def test_a_long_pause_separates_utterances_and_each_keeps_some_of_it() -> None:
    samples = tone(1) + tone(1, 0) + tone(1)
    assert detect_speech(samples) == [Span(0, 120), Span(180, 300)]


def test_a_short_pause_does_not_separate_utterances() -> None:
    assert detect_speech(tone(1) + tone(0.2, 0) + tone(1)) == [Span(0, 220)]


def test_pause_and_padding_can_be_chosen() -> None:
    samples = tone(1) + tone(0.2, 0) + tone(1)
    found = detect_speech(samples, pause_seconds=0.1, padding_seconds=0.05)
    assert found == [Span(0, 105), Span(115, 220)]


def test_neighbours_share_a_pause_that_is_too_short_for_both() -> None:
    samples = tone(1) + tone(0.3, 0) + tone(1)
    assert detect_speech(samples) == [Span(0, 115), Span(115, 230)]


def test_silence_and_near_silence_have_no_utterances() -> None:
    assert detect_speech(array("h")) == []
    assert detect_speech(tone(2, 0)) == []
    assert detect_speech(tone(2, 20)) == []


def test_a_click_is_not_an_utterance() -> None:
    assert detect_speech(tone(1, 0) + tone(0.02) + tone(1, 0)) == []


def test_pauses_are_found_in_background_noise() -> None:
    speech = tone(1) + tone(1, 0) + tone(1)
    assert len(detect_speech(mixed(speech, noise(3, 800)))) == 2


def test_a_quiet_recording_is_cut_like_a_loud_one() -> None:
    quiet = tone(1, 200) + tone(1, 0) + tone(1, 200)
    loud = tone(1, 20_000) + tone(1, 0) + tone(1, 20_000)
    assert detect_speech(quiet) == detect_speech(loud)


def test_speech_without_pauses_is_split_where_it_is_quietest() -> None:
    quiet_place = 15.0
    samples = tone(quiet_place) + tone(0.05, 4000) + tone(10)
    first, second = detect_speech(samples)
    assert first.end == second.start
    assert quiet_place <= first.end / FRAMES_PER_SECOND < quiet_place + 0.05
    assert (first.start, second.end) == (0, 2505)


def test_endless_speech_is_split_without_gaps() -> None:
    spans = detect_speech(tone(70))
    assert len(spans) >= 4
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert (spans[0].start, spans[-1].end) == (0, 7000)
