"""The time that subtitles take, beside what others take to write cues that exist already.

``python test/bench/subtitles.py``, where pysubs2 and webvtt-py are installed (the group ``test``).
Dividing is most of the work, and neither of the two does it.
"""

from __future__ import annotations

import gc
import sys
import time
from typing import TYPE_CHECKING

import pysubs2
import webvtt

from openapiopenai.subtitles import Cue, divide, to_srt, to_vtt

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = ("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "today")
_SIZES = (10_000, 100_000)
_ROUNDS = 5

#: Words of a segment, and the seconds of a word.
_SEGMENT = 20
_STEP = 0.6


def main() -> None:
    """Write a table of the best of some rounds each, in seconds of CPU time."""
    sys.stdout.write("   words   to_srt   to_vtt  webvtt-py  pysubs2\n")
    for size in _SIZES:
        result = _transcript(size)
        cues = divide(result)
        times = (
            _best(lambda result=result: to_srt(result)),
            _best(lambda result=result: to_vtt(result)),
            _best(lambda cues=cues: _by_webvtt(cues)),
            _best(lambda cues=cues: _by_pysubs2(cues)),
        )
        sys.stdout.write("{:8} {:8.3f} {:8.3f} {:10.3f} {:8.3f}\n".format(size, *times))


def _transcript(size: int) -> dict[str, list[dict[str, object]]]:
    """Return words without punctuation, and segments with it, as OpenAI gives them."""
    spoken = [_WORDS[number % len(_WORDS)] for number in range(size)]
    words = [
        {"word": word, "start": number * _STEP, "end": number * _STEP + 0.5}
        for number, word in enumerate(spoken)
    ]
    segments = [
        {
            "text": " " + " ".join(spoken[first : first + _SEGMENT]).capitalize() + ".",
            "start": first * _STEP,
            "end": (first + _SEGMENT) * _STEP,
        }
        for first in range(0, size, _SEGMENT)
    ]
    return {"words": words, "segments": segments}


def _by_webvtt(cues: list[Cue]) -> str:
    file = webvtt.WebVTT()
    for cue in cues:
        start, end = (_clock(time) for time in (cue.start, cue.end))
        file.captions.append(webvtt.Caption(start, end, cue.text))
    return str(file.content)


def _by_pysubs2(cues: list[Cue]) -> str:
    file = pysubs2.SSAFile()
    for cue in cues:
        start, end = round(cue.start * 1000), round(cue.end * 1000)
        file.events.append(pysubs2.SSAEvent(start, end, cue.text.replace("\n", r"\N")))
    return file.to_string("srt")


def _clock(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    whole, milliseconds = divmod(milliseconds, 1000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{whole:02}.{milliseconds:03}"


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        gc.collect()
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


if __name__ == "__main__":
    main()
