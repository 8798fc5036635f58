"""The code of a worker process: a pocketsphinx decoder, fed through a pipe."""

from __future__ import annotations

import contextlib
import importlib
import math
import random
import re
import signal
from array import array
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from openapiopenai.local.vad import FRAMES_PER_SECOND, RATE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection

#: Peak of an amplified utterance: full scale, with room for the added noise.
PEAK = 32_000

#: -50 dB of full scale; digital silence spoils the normalization of the decoder.
_NOISE_LEVEL = 32768 * 10 ** (-50 / 20)

#: Samples of noise before and after each utterance; the decoder needs some context.
_LEAD = RATE // 10
_LEAD_FRAMES = _LEAD * FRAMES_PER_SECOND / RATE

#: "the(2)" is the second pronunciation of "the".
_PRONUNCIATION = re.compile(r"\(\d+\)$")

#: First characters of fillers: <s>, <sil>, [NOISE], ++LAUGH++.
_FILLERS = ("<", "[", "+")

#: Keeps the logarithm of a probability of zero finite.
_MIN_PROBABILITY = 1e-9


class Word(NamedTuple):
    """A recognized word.

    :param text: in lower case.
    :param start: seconds from the start of the recording.
    :param end: seconds from the start of the recording.
    :param logprob: natural logarithm of the word's posterior probability.
    """

    text: str
    start: float
    end: float
    logprob: float


class Clip(NamedTuple):
    """The audio of an utterance.

    :param samples: 16-bit mono, at ``vad.RATE``.
    :param start: seconds from the start of the recording.
    :param gain: the factor to amplify it by.
    """

    samples: bytes
    start: float
    gain: float


class Segment(Protocol):
    """A segment of pocketsphinx: a word, a pause or a noise; ``end_frame`` is inclusive."""

    word: str
    start_frame: int
    end_frame: int
    prob: float


class Decoder(Protocol):
    """The part of pocketsphinx's untyped ``Decoder`` that is used here."""

    def reinit_feat(self) -> None:
        """Reset the normalization of the features."""

    def start_utt(self) -> None:
        """Begin an utterance."""

    def process_raw(self, data: bytes, *, full_utt: bool) -> object:
        """Process samples; with ``full_utt`` they are the complete utterance."""

    def end_utt(self) -> None:
        """End the utterance; its segments are available now."""

    def seg(self) -> Iterable[Segment] | None:
        """Return the segments in order, or None."""


def run_worker(connection: Connection) -> None:
    """Recognize clips from a pipe until it closes.

    :param connection: receives clips and sends their words; None is sent first, when ready.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    decoder = load_decoder()
    noise = _white_noise()
    with contextlib.suppress(EOFError, OSError):
        connection.send(None)
        while True:
            connection.send(recognize(decoder, connection.recv(), noise))


def load_decoder() -> Decoder:
    """Load the models.

    :return: a decoder in its default configuration; narrower beams double the word errors.
    """
    pocketsphinx: Any = importlib.import_module("pocketsphinx")
    decoder: Decoder = pocketsphinx.Decoder(loglevel="FATAL")
    return decoder


def recognize(decoder: Decoder, clip: Clip, noise: array[int]) -> list[Word]:
    """Recognize an utterance.

    :param decoder: the decoder.
    :param clip: the utterance.
    :param noise: noise to mix in.
    :return: its words; none if it contains only noise.
    """
    decoder.reinit_feat()  # what it adapted to may be another recording
    decoder.start_utt()
    decoder.process_raw(_prepare(clip, noise).tobytes(), full_utt=True)
    decoder.end_utt()
    first_frame = clip.start * FRAMES_PER_SECOND - _LEAD_FRAMES
    return [
        Word(
            _PRONUNCIATION.sub("", segment.word),
            round(max(first_frame + segment.start_frame, 0) / FRAMES_PER_SECOND, 2),
            round((first_frame + segment.end_frame + 1) / FRAMES_PER_SECOND, 2),
            math.log(min(max(segment.prob, _MIN_PROBABILITY), 1.0)),
        )
        for segment in decoder.seg() or ()
        if not segment.word.startswith(_FILLERS)
    ]


def _white_noise() -> array[int]:
    """Return a second of white noise, always the same, so that transcripts are reproducible."""
    generator = random.Random(0)  # noqa: S311  (not a secret)
    return array("h", (round(generator.gauss(0, _NOISE_LEVEL)) for _ in range(RATE)))


def _prepare(clip: Clip, noise: array[int]) -> array[int]:
    """Amplify an utterance to full scale and mix in noise."""
    silence = bytes(2 * _LEAD)
    samples = array("h", silence + clip.samples + silence)
    return array("h", (int(s * clip.gain) + n for s, n in zip(samples, cycle(noise))))
