"""Audio formats: what an upload is decoded from, and what speech is encoded to.

FFmpeg does the work, through PyAV, whose types are too incomplete to be checked against (hence
the ``Any``). Samples travel as 16-bit mono, in the machine's byte order.
"""

from __future__ import annotations

import contextlib
import io
from array import array
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from av.filter import Graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.container import InputContainer

#: Samples a second of the speech that is sent: what OpenAI's ``pcm`` has.
SPEECH_RATE = 24_000


class Format(NamedTuple):
    """How FFmpeg names one of the documented speech formats."""

    content_type: str
    container: str
    codec: str
    options: dict[str, str]


#: Every packet is flushed, so that the first bytes leave at once; bitexact keeps FFmpeg's own
#: name and version out of the headers.
_STREAMED = {"flush_packets": "1", "fflags": "+bitexact"}

FORMATS = {
    # A Xing header tells the length, which is not known when the first bytes leave.
    "mp3": Format("audio/mpeg", "mp3", "libmp3lame", {**_STREAMED, "write_xing": "0"}),
    # An Ogg page would otherwise hold back a whole second.
    "opus": Format("audio/opus", "ogg", "libopus", {**_STREAMED, "page_duration": "200000"}),
    "aac": Format("audio/aac", "adts", "aac", _STREAMED),
    "flac": Format("audio/flac", "flac", "flac", _STREAMED),
    "wav": Format("audio/wav", "wav", "pcm_s16le", _STREAMED),
    "pcm": Format("audio/pcm", "s16le", "pcm_s16le", _STREAMED),
}

#: Containers of recordings only. Left to itself FFmpeg also opens playlists, and with them any
#: file or address that an upload names.
_READABLE = "aac,aiff,amr,flac,matroska,mov,mp3,mp4,mpeg,ogg,wav,webm"


class UndecodableAudioError(ValueError):
    """The bytes are no recording in a format that is known here."""


class TooLongError(ValueError):
    """The recording lasts longer than the limit."""


def encode(
    chunks: Iterable[bytes], rate: int, speech_format: str, *, tempo: float = 1.0
) -> Iterator[bytes]:
    """Encode samples piece by piece: each piece leaves before the next one is asked for.

    :param chunks: 16-bit mono samples.
    :param rate: samples a second of the chunks; what comes out has ``SPEECH_RATE``.
    :param speech_format: a key of ``FORMATS``.
    :param tempo: below 1.0 (the default) it is stretched, at the same pitch; 0.5 is the least.
    :return: the bytes of the encoded stream, as they come to be.
    """
    chosen = FORMATS[speech_format]
    sink = _Sink()
    container: Any = av.open(sink, "w", format=chosen.container, options=chosen.options)
    with container:
        stream = container.add_stream(chosen.codec, rate=SPEECH_RATE, layout="mono")
        container.start_encoding()
        for frame in _frames(chunks, rate, tempo):
            container.mux(stream.encode(frame))
            yield from sink.taken()
        container.mux(stream.encode(None))
    yield from sink.taken()


def decode(data: bytes, rate: int, *, max_seconds: float) -> array[int]:
    """Decode an upload to mono samples.

    :param data: the whole file, in any container that OpenAI documents.
    :param rate: samples a second that are wanted.
    :param max_seconds: the longest recording that is accepted, in seconds.
    :return: the samples; none for a file with a sound track that is empty.
    :raises UndecodableAudioError: when there is no sound that can be read.
    :raises TooLongError: when it lasts longer.
    """
    try:
        options = {"format_whitelist": _READABLE}
        with av.open(io.BytesIO(data), "r", options=options) as container:
            return _samples(container, rate, max_seconds)
    except (FFmpegError, IndexError, UnicodeDecodeError) as error:
        raise UndecodableAudioError(
            "The audio file could not be decoded or its format is not supported."
        ) from error


def _samples(container: InputContainer, rate: int, max_seconds: float) -> array[int]:
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    samples = array("h")
    for decoded in (*container.decode(audio=0), None):
        for frame in resampler.resample(decoded):
            samples.frombytes(bytes(frame.planes[0])[: 2 * frame.samples])
        if len(samples) > max_seconds * rate:
            raise TooLongError(f"The audio file is longer than {max_seconds:g} seconds.")
    return samples


def _frames(chunks: Iterable[bytes], rate: int, tempo: float) -> Iterator[AudioFrame]:
    frames = (_frame(chunk, rate) for chunk in chunks)
    return _stretched(frames, rate, tempo) if tempo < 1 else frames


def _frame(chunk: bytes, rate: int) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(chunk) // 2)
    frame.sample_rate = rate
    frame.planes[0].update(chunk)
    return frame


def _stretched(frames: Iterable[AudioFrame], rate: int, tempo: float) -> Iterator[AudioFrame]:
    graph: Any = Graph()
    source = graph.add_abuffer(
        format="s16", layout="mono", sample_rate=rate, time_base=Fraction(1, rate)
    )
    graph.link_nodes(source, graph.add("atempo", f"{tempo:g}"), graph.add("abuffersink"))
    graph.configure()
    for frame in (*frames, None):
        graph.push(frame)
        # Both say that there is no more to be had: for now, and for good.
        with contextlib.suppress(BlockingIOError, EOFError):
            while True:
                yield graph.pull()


class _Sink:
    """A file that cannot seek, as a connection cannot: what is written is taken at once."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def taken(self) -> Iterator[bytes]:
        written, self._written = self._written, bytearray()
        if written:
            yield bytes(written)
