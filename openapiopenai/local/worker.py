"""What runs in a worker process: one decoder of pocketsphinx, and the pipe it is fed through."""

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

from openapiopenai.local.pauses import FRAMES_PER_SECOND, RATE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection

#: How loud an utterance is made: full scale, but for what the noise may add.
PEAK = 32_000

_NOISE_LEVEL = 32768 * 10 ** (-50 / 20)  # -50 dB of full scale; digital silence misleads the model
_LEAD = RATE // 10  # samples of bare noise before and after: the model wants to hear a beginning
_LEAD_FRAMES = _LEAD * FRAMES_PER_SECOND / RATE
_MARKS = re.compile(r"\(\d+\)$")  # "the(2)" is the second pronunciation of "the"
_NO_WORD = ("<", "[", "+")  # <s>, <sil>, [NOISE], ++LAUGH++
_LEAST_PROBABILITY = 1e-9  # of which a logarithm can still be taken


class Word(NamedTuple):
    """One recognised word.

    :param text: in lower case.
    :param start: seconds from the start of the recording.
    :param end: seconds from the start of the recording.
    :param logprob: natural logarithm of the word's posterior probability.
    """

    text: str
    start: float
    end: float
    logprob: float


class Piece(NamedTuple):
    """An utterance on its way to a worker.

    :param samples: 16-bit mono, at ``pauses.RATE``.
    :param start: seconds from the start of the recording.
    :param gain: how much it is to be amplified.
    """

    samples: bytes
    start: float
    gain: float


class Segment(Protocol):
    """A word, a pause or a noise, as pocketsphinx has it: in frames, the last one included."""

    word: str
    start_frame: int
    end_frame: int
    prob: float


class Decoder(Protocol):
    """What is used here of pocketsphinx, which has no types of its own."""

    def reinit_feat(self) -> None:
        """Forget the noise of what came before."""

    def start_utt(self) -> None:
        """Begin an utterance."""

    def process_raw(self, data: bytes, *, full_utt: bool) -> object:
        """Take samples: all of them, when ``full_utt`` says so."""

    def end_utt(self) -> None:
        """End the utterance; now what was said is known."""

    def seg(self) -> Iterable[Segment] | None:
        """Give what was heard, in order; None when that is nothing."""


def work(connection: Connection) -> None:
    """Recognise what comes through a pipe until the pipe ends.

    :param connection: gives pieces and takes their words, after a None: ready.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    decoder = make_decoder()
    noise = _noise()
    with contextlib.suppress(EOFError, OSError):
        connection.send(None)
        while True:
            connection.send(words(decoder, connection.recv(), noise))


def make_decoder() -> Decoder:
    """Load the models.

    :return: a decoder in its default configuration: a narrower one doubles the word errors.
    """
    pocketsphinx: Any = importlib.import_module("pocketsphinx")
    decoder: Decoder = pocketsphinx.Decoder(loglevel="FATAL")
    return decoder


def words(decoder: Decoder, piece: Piece, noise: array[int]) -> list[Word]:
    """Recognise an utterance.

    :param decoder: what with.
    :param piece: the utterance.
    :param noise: is laid under it.
    :return: its words; none where there is only noise.
    """
    decoder.reinit_feat()  # what it has learnt of one recording's noise is no use for the next
    decoder.start_utt()
    decoder.process_raw(_prepared(piece, noise).tobytes(), full_utt=True)
    decoder.end_utt()
    first_frame = piece.start * FRAMES_PER_SECOND - _LEAD_FRAMES
    return [
        Word(
            _MARKS.sub("", segment.word),
            round(max(first_frame + segment.start_frame, 0) / FRAMES_PER_SECOND, 2),
            round((first_frame + segment.end_frame + 1) / FRAMES_PER_SECOND, 2),
            math.log(min(max(segment.prob, _LEAST_PROBABILITY), 1.0)),
        )
        for segment in decoder.seg() or ()
        if not segment.word.startswith(_NO_WORD)
    ]


def _noise() -> array[int]:
    """Make a second of white noise, the same every time, so that answers are too."""
    generator = random.Random(0)  # noqa: S311  (noise, no secret)
    return array("h", (round(generator.gauss(0, _NOISE_LEVEL)) for _ in range(RATE)))


def _prepared(piece: Piece, noise: array[int]) -> array[int]:
    """Amplify an utterance to full scale and lay noise under it."""
    silence = bytes(2 * _LEAD)
    samples = array("h", silence + piece.samples + silence)
    return array("h", (int(s * piece.gain) + n for s, n in zip(samples, cycle(noise))))
