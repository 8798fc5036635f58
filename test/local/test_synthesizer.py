"""Sentences become sound."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import espeakng_loader
import pytest

from openapiopenai.local import synthesizer

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTED = [
    *("alloy", "ash", "ballad", "cedar", "coral", "echo", "fable"),
    *("marin", "nova", "onyx", "sage", "shimmer", "verse"),
]


def said(text: str, voice: str = "alloy", speed: float = 1.0) -> bytes:
    return b"".join(synthesizer.synthesize(text, voice, speed))


def seconds(samples: bytes) -> float:
    return len(samples) / 2 / synthesizer.RATE


def test_every_documented_voice_sounds_different() -> None:
    assert sorted(synthesizer.VOICES) == DOCUMENTED
    assert len({said("Hello.", voice) for voice in synthesizer.VOICES}) == len(DOCUMENTED)


def test_the_same_text_is_spoken_the_same_way_each_time() -> None:
    first = said("Good morning.")
    said("Something else.", "onyx")
    assert said("Good morning.") == first


def test_threads_get_their_own_speech() -> None:
    texts = ["Good morning.", "The book is on the table.", "I will see you again."] * 4
    spoken: dict[int, bytes] = {}

    def speak(number: int) -> None:
        spoken[number] = said(texts[number])

    threads = [threading.Thread(target=speak, args=(n,)) for n in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert spoken == {number: said(text) for number, text in enumerate(texts)}


def test_sentences_come_one_at_a_time() -> None:
    assert len(list(synthesizer.synthesize("One. Two! Three?\nFour", "alloy"))) == 4


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.8, 1.25, 1.5, 3.0, 4.0])
def test_speed_shortens_or_lengthens(speed: float) -> None:
    text = "Good morning and welcome to the show"
    lasts = seconds(said(text, speed=speed)) / synthesizer.tempo(speed)
    assert lasts == pytest.approx(seconds(said(text)) / speed, rel=0.15)


def test_nul_does_not_end_the_text() -> None:
    assert said("good\0morning") == said("good morning")


def test_other_alphabets_and_symbols_do_no_harm() -> None:
    assert said("half a character: \ud83d")
    assert said("Ωμέγα 你好 🎉 <b>&amp;</b> [[x]]")


def test_blank_text_is_silent() -> None:
    assert said(" \n ") == b""


def test_missing_data_is_an_error_and_does_not_exit_the_process(tmp_path: Path) -> None:
    # In a process of its own, whose espeak-ng is of no use afterwards.
    program = f"""
import espeakng_loader
espeakng_loader.get_data_path = lambda: {str(tmp_path)!r}
from openapiopenai.local import synthesizer
try:
    synthesizer.start()
except synthesizer.SpeechError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert "espeak-ng did not start" in done.stdout


def test_the_path_of_the_data_may_be_long(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 20) / ("path" * 20)
    folder.mkdir(parents=True)
    data = folder / "espeak-ng-data"
    data.symlink_to(espeakng_loader.get_data_path())
    program = f"""
import espeakng_loader
espeakng_loader.get_data_path = lambda: {str(data)!r}
from openapiopenai.local import synthesizer
print(sum(map(len, synthesizer.synthesize("Hello.", "alloy"))))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert len(str(data)) > 160
    assert int(done.stdout) == len(said("Hello."))
