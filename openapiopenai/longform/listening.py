"""What must be known about a recording before it is divided: length, sizes, silences, levels."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from av.filter import Graph

from openapiopenai.exceptions import ApiValueError
from openapiopenai.longform.planning import Sizes, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openapiopenai.longform.containers import AvFrame, AvPacket, AvStream
    from openapiopenai.longform.recording import Recording

#: FFmpeg's filter that finds silences: quieter than this, for at least 0.3 s.
_SILENCEDETECT = ("silencedetect", "noise=-35dB:d=0.3")

#: Where ``silencedetect`` and ``astats`` write what they find, in the metadata of a frame.
_SILENCE_START = "lavfi.silence_start"
_SILENCE_END = "lavfi.silence_end"
_LEVEL = "lavfi.astats.Overall.RMS_level"

#: Seconds over which a level is measured.
_TENTH = 0.1

#: Seconds between the points at which the size so far is kept.
_POINT = 0.25

#: The maximum number of bytes that a container adds to a packet, and to a part as a whole.
_PER_PACKET = 12
_PER_PART = 8192


class Track(NamedTuple):
    """The sound of a recording.

    :param origin: the time of its first sample on the clock of its packets, in seconds.
    :param duration: its length, in seconds.
    :param sizes: the bytes of its packets.
    """

    origin: float
    duration: float
    sizes: Sizes


def measure(recording: Recording) -> Track:
    """Return the track of a recording, with its exact length, which its header may not have.

    :param recording: the recording; its packets are read, only the first decoded.
    :return: its track.
    :raises ApiValueError: when it cannot be decoded.
    """
    origin = _origin(recording)
    points: list[tuple[float, int]] = [(0.0, 0)]
    end, total = 0.0, 0
    with recording.opened() as (container, stream):
        base, spare = float(stream.time_base), _seconds_of_frame(stream)
        for packet in container.demux(stream):
            size, ticks = packet.size, packet.pts
            if not size:
                continue
            # a packet without a time, which some containers have, follows the one before it
            start = end if ticks is None else ticks * base - origin
            if start - points[-1][0] >= _POINT:
                points.append((start, total))
            total += size + _PER_PACKET
            end = max(end, start + (packet.duration * base or spare))
    return Track(origin, end, Sizes([*points, (end, total)], _PER_PART))


def time_of(timed: AvPacket | AvFrame) -> float:
    """Return the time of a packet or frame, in seconds on the clock of the packets."""
    ticks = timed.pts if timed.pts is not None else timed.dts
    return float((ticks or 0) * (timed.time_base or 0))


def _seconds_of_frame(stream: AvStream) -> float:
    codec = stream.codec_context
    return (codec.frame_size or 0) / (codec.sample_rate or 1)


def _origin(recording: Recording) -> float:
    with recording.opened() as (container, stream):
        first = next(container.decode(stream), None)
    if first is None:
        raise ApiValueError(f"{recording.label} has no sound in it; pass a recording that has some")
    return time_of(first)


def find_silences(recording: Recording, track: Track) -> list[Span]:
    """Return the silences of a recording.

    :param recording: the recording; all of it is decoded.
    :param track: its track.
    :return: the silences, in order, in seconds from its beginning.
    :raises ApiValueError: when it cannot be decoded.
    """
    silences: list[Span] = []
    start: float | None = None
    with recording.opened() as (container, stream):
        for frame in _filter(stream, container.decode(stream), _SILENCEDETECT):
            found = frame.metadata
            if _SILENCE_END in found and start is not None:
                silences.append(Span(start, float(found[_SILENCE_END]) - track.origin))
                start = None
            if _SILENCE_START in found:
                start = max(0.0, float(found[_SILENCE_START]) - track.origin)
    return silences if start is None else [*silences, Span(start, track.duration)]


def quietest(recording: Recording, track: Track, span: Span) -> float:
    """Return the middle of the quietest tenth of a second in a span.

    :param recording: the recording; the span is decoded.
    :param track: its track.
    :param span: where to look, in seconds from its beginning.
    :return: the time, in seconds from its beginning; the middle one of several that are equal.
    """
    levels = list(_levels(recording, track, span)) or [(0.0, (span.start + span.end) / 2)]
    least = min(level for level, _ in levels)
    times = [time for level, time in levels if level == least]
    return times[len(times) // 2]


def _levels(recording: Recording, track: Track, span: Span) -> Iterator[tuple[float, float]]:
    """Yield the level of each tenth of a second, and the time of its middle."""
    with recording.opened() as (container, stream):
        container.seek(round((span.start + track.origin) / (stream.time_base or 1)), stream=stream)
        samples = max(1, round((stream.codec_context.sample_rate or 1) * _TENTH))
        within = _within(container.decode(stream), track, span)
        for frame in _filter(stream, within, *_astats(samples)):
            time = time_of(frame) - track.origin + _TENTH / 2
            if frame.samples == samples and span.start < time < span.end:
                level = frame.metadata.get(_LEVEL, "-inf")
                yield float("-inf") if level == "nan" else float(level), time


def _astats(samples: int) -> tuple[tuple[str, str], ...]:
    measured = "metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level"
    return ("asetnsamples", f"n={samples}:p=0"), ("astats", measured)


def _within(frames: Iterable[AvFrame], track: Track, span: Span) -> Iterator[AvFrame]:
    for frame in frames:
        time = time_of(frame) - track.origin
        if time > span.end:
            return
        if time >= span.start - _TENTH:
            yield frame


def _filter(
    stream: AvStream, frames: Iterable[AvFrame], *filters: tuple[str, str]
) -> Iterator[AvFrame]:
    """Pass frames through filters of FFmpeg."""
    graph = Graph()
    nodes = [graph.add(name, options) for name, options in filters]
    source, sink = graph.add_abuffer(template=stream), graph.add("abuffersink")
    graph.link_nodes(source, *nodes, sink).configure()
    for frame in chain(frames, (None,)):
        graph.push(frame)
        with suppress(BlockingIOError, EOFError):  # no more for now, or for good
            while True:
                yield graph.pull()
