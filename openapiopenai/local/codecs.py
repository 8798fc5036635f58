"""Audio codecs: decodes uploads and encodes speech, by FFmpeg through PyAV.

Samples are 16-bit mono, in the machine's byte order. PyAV's types are incomplete, hence ``Any``.
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

#: Samples per second of encoded speech, as in OpenAI's ``pcm``.
SPEECH_RATE = 24_000


class Format(NamedTuple):
    """A speech format in FFmpeg's terms."""

    content_type: str
    container: str
    codec: str
    options: dict[str, str]


#: Flushes each packet, so that the first bytes are sent at once; bitexact keeps FFmpeg's name and
#: version out of the headers.
_STREAMED = {"flush_packets": "1", "fflags": "+bitexact"}

FORMATS = {
    # A Xing header holds the duration, which is unknown when the first bytes are sent.
    "mp3": Format("audio/mpeg", "mp3", "libmp3lame", {**_STREAMED, "write_xing": "0"}),
    # By default, an Ogg page would hold back a second of audio.
    "opus": Format("audio/opus", "ogg", "libopus", {**_STREAMED, "page_duration": "200000"}),
    "aac": Format("audio/aac", "adts", "aac", _STREAMED),
    "flac": Format("audio/flac", "flac", "flac", _STREAMED),
    "wav": Format("audio/wav", "wav", "pcm_s16le", _STREAMED),
    "pcm": Format("audio/pcm", "s16le", "pcm_s16le", _STREAMED),
}

#: Containers of audio. By default FFmpeg also opens playlists, and with them any file or URL that
#: an upload names.
_READABLE = "aac,aiff,amr,flac,matroska,mov,mp3,mp4,mpeg,ogg,wav,webm"


class UndecodableAudioError(ValueError):
    """The data is not audio in a supported format."""


class TooLongError(ValueError):
    """The audio is longer than the limit.

    :param seconds: the duration of the audio.
    :param max_seconds: the limit.
    """

    def __init__(self, seconds: float, max_seconds: float) -> None:
        # OpenAI's words, as reported by its users (murtaza-nasir/speakr issue 168).
        super().__init__(
            f"audio duration {seconds:f} seconds is longer than {max_seconds:.15g} seconds which "
            "is the maximum for this model"
        )


def encode(
    chunks: Iterable[bytes], rate: int, speech_format: str, *, tempo: float = 1.0
) -> Iterator[bytes]:
    """Encode samples lazily: each chunk is encoded and yielded before the next one is read.

    :param chunks: 16-bit mono samples.
    :param rate: samples per second of the chunks; the output has ``SPEECH_RATE``.
    :param speech_format: a key of ``FORMATS``.
    :param tempo: factor from 0.5 to 1.0 (the default); below 1.0 the audio is stretched, at the
        same pitch.
    :return: an iterator of encoded bytes.
    """
    chosen = FORMATS[speech_format]
    sink = _Sink()
    container: Any = av.open(sink, "w", format=chosen.container, options=chosen.options)
    with container:
        stream = container.add_stream(chosen.codec, rate=SPEECH_RATE, layout="mono")
        container.start_encoding()
        for frame in _frames(chunks, rate, tempo):
            container.mux(stream.encode(frame))
            yield from sink.take()
        container.mux(stream.encode(None))
    yield from sink.take()


def decode(data: bytes, rate: int, *, max_seconds: float) -> array[int]:
    """Decode a file to mono samples.

    :param data: the file, in any container that OpenAI documents.
    :param rate: samples per second of the result.
    :param max_seconds: the maximum duration, in seconds.
    :return: the samples; empty if the audio track is.
    :raises UndecodableAudioError: if there is no audio track or it cannot be decoded.
    :raises TooLongError: if the audio is longer than ``max_seconds``.
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
            raise TooLongError(_duration(container, len(samples) / rate), max_seconds)
    return samples


def _duration(container: InputContainer, decoded: float) -> float:
    """Return the duration that the container declares, but at least what was decoded."""
    return max((container.duration or 0) / av.time_base, decoded)


def _frames(chunks: Iterable[bytes], rate: int, tempo: float) -> Iterator[AudioFrame]:
    frames = (_frame(chunk, rate) for chunk in chunks)
    return _stretch(frames, rate, tempo) if tempo < 1 else frames


def _frame(chunk: bytes, rate: int) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(chunk) // 2)
    frame.sample_rate = rate
    frame.planes[0].update(chunk)
    return frame


def _stretch(frames: Iterable[AudioFrame], rate: int, tempo: float) -> Iterator[AudioFrame]:
    graph: Any = Graph()
    source = graph.add_abuffer(
        format="s16", layout="mono", sample_rate=rate, time_base=Fraction(1, rate)
    )
    graph.link_nodes(source, graph.add("atempo", f"{tempo:g}"), graph.add("abuffersink"))
    graph.configure()
    for frame in (*frames, None):
        graph.push(frame)
        # Raised when the graph has no more output for now, and when it has ended.
        with contextlib.suppress(BlockingIOError, EOFError):
            while True:
                yield graph.pull()


class _Sink:
    """An unseekable file; what is written is taken out at once."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def take(self) -> Iterator[bytes]:
        written, self._written = self._written, bytearray()
        if written:
            yield bytes(written)
