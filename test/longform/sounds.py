"""Recordings that the tests make: tones for words, with pauses like those of speech."""

from __future__ import annotations

import io
import math
import random
from array import array
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

RATE = 24_000
HEARD_RATE = 8_000  # is enough to tell the words apart
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
SECONDS_OF_WORD = 0.2
SECONDS_BETWEEN = 0.12  # too short for a silence
SECONDS_OF_PAUSE = 0.6
WORDS_OF_SENTENCE = 5
SECONDS_OF_NOTE = 0.8
NOTES = [220.0, 261.6, 329.6, 392.0, 440.0]  # Hz
LOWEST, STEP = 400, 100  # Hz: of the first word, and from one word to the next


class Container(NamedTuple):
    """How a recording is encoded."""

    extension: str
    muxer: str
    codec: str
    options: dict[str, str]
    video: bool = False


CONTAINERS = {
    "mp3": Container("mp3", "mp3", "libmp3lame", {}),
    "mp3 without a header": Container("mp3", "mp3", "libmp3lame", {"write_xing": "0"}),
    "m4a": Container("m4a", "ipod", "aac", {}),
    "aac": Container("aac", "adts", "aac", {}),
    "opus": Container("ogg", "ogg", "libopus", {}),
    "flac": Container("flac", "flac", "flac", {}),
    "wav": Container("wav", "wav", "pcm_s16le", {}),
    "webm": Container("webm", "webm", "libopus", {}),
    "mp4 with video": Container("mp4", "mp4", "aac", {}, video=True),
    "aiff": Container("aiff", "aiff", "pcm_s16be", {}),  # whose packets cannot be copied
}


class Heard(NamedTuple):
    """A word that is heard in a recording, and when."""

    word: str
    start: float
    end: float


def speech(seconds: float, *, pauses: bool = True, level: float = 0.5, seed: int = 0) -> array[int]:
    """Return samples in which words are spoken, and a pause after each sentence."""
    choice = random.Random(seed)
    samples = array("h", _silence(0.3))
    while len(samples) < seconds * RATE:
        for _ in range(WORDS_OF_SENTENCE):
            samples += _tone(choice.randrange(len(WORDS)), level) + _silence(SECONDS_BETWEEN)
        samples += _silence(SECONDS_OF_PAUSE if pauses else 0)
    return samples


def noise(seconds: float, *, quiet_at: float | None = None) -> array[int]:
    """Return samples of noise without any silence, a tenth of a second of it less loud."""
    choice = random.Random(1)
    second = array("h", (round(choice.gauss(0, 6000)) for _ in range(RATE)))
    samples = second * math.ceil(seconds)
    if quiet_at is not None:
        first = round(quiet_at * RATE)
        last = first + RATE // 5
        samples[first:last] = array("h", (sample // 5 for sample in samples[first:last]))
    return samples[: round(seconds * RATE)]


def music(seconds: float, *, loudest: float) -> array[int]:
    """Return chords that fade, but never to silence."""
    choice = random.Random(2)
    samples = array("h")
    while len(samples) < seconds * RATE:
        steps = [2 * math.pi * choice.choice(NOTES) / RATE for _ in range(3)]
        for i in range(round(SECONDS_OF_NOTE * RATE)):
            level = loudest / 3 * math.exp(-2 * i / RATE / SECONDS_OF_NOTE)
            samples.append(round(32767 * level * sum(math.sin(step * i) for step in steps)))
    return samples


@cache
def _tone(word: int, level: float) -> array[int]:
    step = 2 * math.pi * (LOWEST + STEP * word) / RATE
    count = round(SECONDS_OF_WORD * RATE)
    return array("h", (round(32767 * level * math.sin(step * i)) for i in range(count)))


def _silence(seconds: float) -> array[int]:
    return array("h", bytes(2 * round(seconds * RATE)))


def encode(samples: array[int], container: str = "mp3", *, rate: int = RATE) -> bytes:
    """Return a recording."""
    chosen = CONTAINERS[container]
    file = io.BytesIO()
    output: Any = av.open(file, "w", format=chosen.muxer, options=chosen.options)
    with output:
        stream = output.add_stream(chosen.codec, rate=rate, layout="mono")
        video = (
            output.add_stream("libx264", rate=1, options={"crf": "50"}) if chosen.video else None
        )
        if video:
            video.width = video.height = 64
            _add_video(output, video, len(samples) // rate)
        resampler = AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or 1024,
        )
        for frame in (*_frames(samples, rate), None):
            for ready in resampler.resample(frame):
                output.mux(stream.encode(ready))
        output.mux(stream.encode(None))
    return file.getvalue()


def _frames(samples: array[int], rate: int) -> list[AudioFrame]:
    frames = []
    for start in range(0, len(samples), rate):
        block = samples[start : start + rate]
        frame = AudioFrame(format="s16", layout="mono", samples=len(block))
        frame.planes[0].update(block.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        frames.append(frame)
    return frames


def _add_video(output: Any, video: Any, seconds: int) -> None:
    for second in range(seconds):
        frame = av.VideoFrame(64, 64, "yuv420p")
        frame.pts, frame.time_base = second, Fraction(1)
        output.mux(video.encode(frame))
    output.mux(video.encode(None))


def decode(data: bytes, rate: int = HEARD_RATE) -> array[int]:
    """Return the samples of a recording, as a server hears it."""
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    samples = array("h")
    source: Any = av.open(io.BytesIO(data))
    with source as container:
        for decoded in (*container.decode(audio=0), None):
            for frame in resampler.resample(decoded):
                samples.frombytes(bytes(frame.planes[0])[: 2 * frame.samples])
    return samples


def hear(samples: array[int], rate: int = HEARD_RATE, level: float = 0.5) -> list[Heard]:
    """Return the words of a recording, to 5 ms."""
    block = rate // 200
    threshold = 32767 * level / 3
    loud = [
        max(samples[i : i + block], default=0) > threshold for i in range(0, len(samples), block)
    ]
    words, start = [], None
    for number, is_loud in enumerate([*loud, False]):
        if is_loud and start is None:
            start = number
        elif not is_loud and start is not None:
            if number - start > 10:  # shorter is what an encoder leaves of a word that was cut
                word = _word_of(samples[start * block : number * block], rate)
                words.append(Heard(word, start * block / rate, number * block / rate))
            start = None
    return words


def _word_of(samples: array[int], rate: int) -> str:
    inner = samples[len(samples) // 4 : -len(samples) // 4]
    crossings = sum(a < 0 <= b for a, b in pairwise(inner))
    frequency = crossings * rate / len(inner)
    return WORDS[min(max(round((frequency - LOWEST) / STEP), 0), len(WORDS) - 1)]
