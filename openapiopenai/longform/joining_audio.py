"""The speech of the parts, joined: one header, one stream of packets, the right length."""

from __future__ import annotations

import io
from collections import deque
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import av
from av.error import FFmpegError

from openapiopenai.exceptions import ApiDecodeException

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from openapiopenai.longform.containers import AvContainer, AvPacket, AvStream


class Format(NamedTuple):
    """How the speech of the parts is read, and the joined speech written.

    :param container: FFmpeg's name of the container.
    :param encoder: the codec that encodes anew; empty where packets are copied.
    :param options: options of the muxer where the speech is streamed.
    :param options_of_file: options of the muxer where the speech is written to a file.
    """

    container: str
    encoder: str
    options: dict[str, str]
    options_of_file: dict[str, str]


#: Formats without a header, whose bytes are joined as they are.
RAW = ("pcm",)

#: Other formats that can be joined. A FLAC header has the number of samples, and its packets are
#: numbered, so it is encoded anew, which is lossless.
FORMATS = {
    "aac": Format("adts", "", {}, {}),
    "flac": Format("flac", "flac", {}, {}),
    # a header with the length can only be written at the end, into a file
    "mp3": Format("mp3", "", {"write_xing": "0", "id3v2_version": "0"}, {"id3v2_version": "0"}),
    "opus": Format("ogg", "", {"page_duration": "200000"}, {}),
    "wav": Format("wav", "", {}, {}),
}

#: No name and version of FFmpeg in the headers; each packet is written at once.
_OPTIONS = {"fflags": "+bitexact", "flush_packets": "1"}

#: Bytes that are read to detect a format: the header of any of these.
_PROBING = {"probesize": "4096", "analyzeduration": "0"}
_BUFFER = 4096

#: Packets that are held back until the length of their part is known.
_HELD = 4

_ZERO = Fraction(0)


def join_audio(parts: Iterable[Iterable[bytes]], speech_format: str, file: Any) -> Iterator[None]:
    """Write the speech of the parts as one, and yield after each piece that was written.

    :param parts: the blocks of each part.
    :param speech_format: a key of ``FORMATS``.
    :param file: the file to write to. A seekable one gets a header with the right sizes.
    :raises ApiDecodeException: when a part is not speech in this format.
    """
    chosen = FORMATS[speech_format]
    is_file = hasattr(file, "seek")
    options = {**_OPTIONS, **(chosen.options_of_file if is_file else chosen.options)}
    with _decoding(speech_format), av.open(file, "w", chosen.container, options=options) as output:
        writer = _Encoder(output, chosen.encoder) if chosen.encoder else _Copy(output)
        for number, blocks in enumerate(parts):
            # the first is passed on as it arrives; the others are read completely, since FFmpeg
            # learns more from a seekable file, such as where an mp3 ends
            is_awaited = number == 0 and not is_file
            source: Any = _Blocks(blocks) if is_awaited else io.BytesIO(b"".join(blocks))
            with av.open(source, "r", options=_PROBING, buffer_size=_BUFFER) as container:
                for _ in writer.add(container, container.streams.audio[0]):
                    yield
        writer.finish()
    yield


class _Placed(NamedTuple):
    """A packet and its place in the joined speech, in seconds."""

    packet: AvPacket
    start: Fraction
    duration: Fraction

    @property
    def end(self) -> Fraction:
        return self.start + self.duration


class _Copy:
    """The packets of the parts, copied.

    An encoder adds some silence before and after the sound. Players skip it only at the beginning
    and at the end of the joined speech, so packets that contain nothing else are left out, as many
    as keep the speech as long as its parts are together.
    """

    def __init__(self, output: AvContainer) -> None:
        self._output = output
        self._stream: AvStream = None
        self._held: deque[_Placed] = deque()
        self._end = _ZERO  # of what is placed
        self._heard = _ZERO  # how long the parts are together

    def add(self, container: AvContainer, stream: AvStream) -> Iterator[None]:
        """Add a part."""
        delay = (stream.start_time or 0) * (stream.time_base or 0)
        delay = max(_ZERO, Fraction(delay))
        last = duration = _ZERO
        for packet in container.demux(stream):
            if not packet.size:  # FFmpeg's sign of the end
                continue
            start, length = _seconds(packet, packet.pts), _seconds(packet, packet.duration)
            last = start + length
            if last <= delay:
                continue
            # the duration of a stream's last packet is that of its audible part
            duration = max(duration, length) if stream.codec_context.name == "opus" else length
            self._place(packet, min(start, _ZERO), duration, stream)
            while len(self._held) > _HELD:
                self._write(self._held.popleft())
                yield
        self._heard += _length(stream, last - delay)
        while len(self._held) > 1 and self._end - self._heard >= duration:
            self._end = self._held.pop().start

    def finish(self) -> None:
        """Write the packets that are held back, the last with the duration of its audible part."""
        if self._held:
            last = self._held.pop()
            excess = max(_ZERO, min(last.duration, last.end - self._heard))
            self._held.append(last._replace(duration=last.duration - excess))
        while self._held:
            self._write(self._held.popleft())

    def _place(
        self, packet: AvPacket, start: Fraction, duration: Fraction, template: AvStream
    ) -> None:
        if self._stream is None:
            self._stream = self._output.add_stream_from_template(template)
            self._end = start
        self._held.append(_Placed(packet, self._end, duration))
        self._end += duration

    def _write(self, placed: _Placed) -> None:
        base = placed.packet.time_base or Fraction(1)
        copy: AvPacket = av.Packet(bytes(placed.packet))
        copy.time_base = base
        copy.pts = copy.dts = round(placed.start / base)
        copy.duration = round(placed.duration / base)
        copy.is_keyframe = True
        copy.stream = self._stream
        self._output.mux_one(copy)


def _seconds(packet: AvPacket, ticks: int | None) -> Fraction:
    return (ticks or 0) * (packet.time_base or _ZERO)


def _length(stream: AvStream, counted: Fraction) -> Fraction:
    """Return the audible length of a part, which the header of an mp3 may contain."""
    is_told = stream.codec_context.name.startswith("mp3") and stream.duration
    return (stream.duration or 0) * (stream.time_base or _ZERO) if is_told else counted


class _Encoder:
    """The parts, decoded and encoded as one."""

    def __init__(self, output: AvContainer, codec: str) -> None:
        self._output = output
        self._codec = codec
        self._stream: AvStream = None
        self._samples = 0

    def add(self, container: AvContainer, stream: AvStream) -> Iterator[None]:
        """Add a part."""
        for frame in container.decode(stream):
            if self._stream is None:
                self._stream = self._output.add_stream(self._codec, rate=frame.sample_rate)
                self._stream.codec_context.layout = frame.layout
                self._stream.codec_context.format = frame.format
            frame.pts, frame.time_base = self._samples, Fraction(1, frame.sample_rate)
            self._samples += frame.samples
            self._output.mux(self._stream.encode(frame))
            yield

    def finish(self) -> None:
        """Encode the samples that are held back."""
        if self._stream:
            self._output.mux(self._stream.encode(None))


class _Blocks:
    """A file of the blocks of a part, from which FFmpeg reads each as it arrives."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = memoryview(block)
        some, self._rest = self._rest[:size], self._rest[size:]
        return bytes(some)


@contextmanager
def _decoding(speech_format: str) -> Generator[None, None, None]:
    try:
        yield
    except (FFmpegError, IndexError) as error:
        raise ApiDecodeException(
            reason=f"a part of the speech cannot be read as {speech_format}: {error}"
        ) from error
