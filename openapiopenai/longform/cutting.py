"""Parts of a recording, made one after the other; packets are copied where the codec allows it."""

from __future__ import annotations

import hashlib
import io
from fractions import Fraction
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

import av
from av.audio.resampler import AudioResampler

from openapiopenai.longform.containers import BY_CODEC, OGG, Container
from openapiopenai.longform.listening import Track, time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from openapiopenai.longform.containers import AvFrame, AvPacket, AvStream
    from openapiopenai.longform.planning import Span
    from openapiopenai.longform.recording import Recording

#: Samples per second of parts that are encoded anew: the rate of speech models.
_RATE = 16_000

#: Seconds of rounding: a packet that begins at a cut belongs to the part after it.
_ROUNDING = 1e-6

#: Bits per second of parts that are encoded anew, in Opus.
_BIT_RATE = 32_000

#: The maximum number of bytes per second of such a part, including the overhead of packets.
ENCODED_BYTES = 5_000


class Part(NamedTuple):
    """A part of a recording, ready to be sent.

    :param number: from 0.
    :param start: the time of its first sample, in seconds from the beginning of the recording.
    :param end: the time of its end.
    :param file: name, bytes and content type.
    """

    number: int
    start: float
    end: float
    file: tuple[str, bytes, str]

    def digest(self) -> str:
        """Return the SHA-256 of its bytes, in hexadecimal."""
        return hashlib.sha256(self.file[1]).hexdigest()


def is_copied(recording: Recording) -> bool:
    """Whether the packets of a recording can be copied."""
    with recording.opened() as (_, stream):
        return stream.codec_context.name in BY_CODEC


def cut(recording: Recording, track: Track, spans: Iterable[Span]) -> Generator[Part, None, None]:
    """Yield the parts of a recording, each made when it is needed.

    :param recording: the recording.
    :param track: its track.
    :param spans: the parts, in order and without gaps.
    :return: the parts. Each packet is in one of them.
    """
    with recording.opened() as (container, stream):
        container_of_parts = BY_CODEC.get(stream.codec_context.name)
        if container_of_parts:
            items: Iterator[Any] = (p for p in container.demux(stream) if p.size)
        else:
            items = container.decode(stream)
        yield from _parts(items, stream, container_of_parts, track, spans)


def _parts(
    items: Iterator[Any],
    stream: AvStream,
    container: Container | None,
    track: Track,
    spans: Iterable[Span],
) -> Iterator[Part]:
    timed = ((time_of(item) - track.origin, item) for item in items)
    end = (track.duration, None)
    start, item = next(timed, end)
    for number, span in enumerate(spans):
        first, writer = start, _Copy(stream, container) if container else _Encoder()
        is_last = span.end >= track.duration
        while item is not None and (is_last or start < span.end - _ROUNDING):
            writer.write(item)
            start, item = next(timed, end)
        yield Part(number, first, start, writer.finish(number))


def encode_sample(sound: bytes, spans: Iterable[Span]) -> bytes:
    """Encode spans of a part as one recording.

    :param sound: the file of the part.
    :param spans: the spans, in seconds from its beginning.
    :return: a file in Ogg.
    """
    encoder = _Encoder()
    source: Any = av.open(io.BytesIO(sound))
    with source as container:
        stream = container.streams.audio[0]
        for span in spans:
            container.seek(round(span.start / (stream.time_base or 1)), stream=stream)
            for frame in takewhile(_is_before(span.end), container.decode(stream)):
                if time_of(frame) >= span.start:
                    encoder.write(frame)
    return bytes(encoder.finish(0)[1])


def _is_before(end: float) -> Callable[[AvFrame], bool]:
    return lambda frame: time_of(frame) < end


class _Writer:
    """A part that is being made, in memory."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._file = io.BytesIO()
        self._output: Any = av.open(
            self._file, "w", format=container.name, options=dict(container.options)
        )

    def write(self, item: Any) -> None:
        """Add a packet or frame."""
        raise NotImplementedError

    def finish(self, number: int) -> tuple[str, bytes, str]:
        """Return the name, bytes and content type of the part."""
        self._output.close()
        name = f"part-{number + 1:03}.{self._container.extension}"
        return name, self._file.getvalue(), self._container.content_type


class _Copy(_Writer):
    """A part into which packets are copied."""

    def __init__(self, stream: AvStream, container: Container) -> None:
        super().__init__(container)
        self._stream = self._output.add_stream_from_template(stream)
        self._start: int | None = None
        _forget_beginning(self._stream)

    def write(self, item: AvPacket) -> None:
        """Add a packet, without its side data about the beginning or end of the recording."""
        ticks: int = item.pts if item.pts is not None else item.dts or 0
        if self._start is None:
            self._start = ticks
        packet: AvPacket = av.Packet(bytes(item))
        packet.time_base = item.time_base
        packet.pts = packet.dts = ticks - self._start
        packet.duration = item.duration or 0
        packet.is_keyframe = True
        packet.stream = self._stream
        self._output.mux_one(packet)


def _forget_beginning(stream: AvStream) -> None:
    """Remove what a codec's header says about the whole recording: it does not hold for a part."""
    header = bytearray(stream.codec_context.extradata or b"")
    if header.startswith(b"OpusHead"):
        header[10:12] = bytes(2)  # samples to be skipped at the beginning (RFC 7845, 5.1)
    elif stream.codec_context.name == "flac":
        header[13] &= 0xF0  # the number of samples, and the MD5 of them all: unknown
        header[14:34] = bytes(20)  # (RFC 9639, 8.2)
    else:
        return
    stream.codec_context.extradata = bytes(header)


class _Encoder(_Writer):
    """A part that is encoded anew: Opus, mono, 16 kHz."""

    def __init__(self) -> None:
        super().__init__(OGG)
        self._stream = self._output.add_stream("libopus", rate=_RATE, layout="mono")
        self._stream.bit_rate = _BIT_RATE
        self._resampler = AudioResampler(format="s16", layout="mono", rate=_RATE)
        self._samples = 0

    def write(self, item: AvFrame) -> None:
        """Add a frame."""
        for frame in self._resampler.resample(item):
            frame.pts, frame.time_base = self._samples, Fraction(1, _RATE)
            self._samples += frame.samples
            self._output.mux(self._stream.encode(frame))

    def finish(self, number: int) -> tuple[str, bytes, str]:
        """Return the name, bytes and content type of the part."""
        self.write(None)
        self._output.mux(self._stream.encode(None))
        return super().finish(number)
