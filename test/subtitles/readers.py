"""Subtitle files, read by three parsers that others have written."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import av
import pysubs2
import webvtt

if TYPE_CHECKING:
    from collections.abc import Callable


class Shown(NamedTuple):
    """A cue in milliseconds, its text on one line."""

    start: int
    end: int
    text: str


def by_pysubs2(text: str, kind: str) -> list[Shown]:
    events = pysubs2.SSAFile.from_string(text, format_=kind)
    return [Shown(event.start, event.end, _flat(event.plaintext)) for event in events]


def by_webvtt(text: str, kind: str) -> list[Shown]:
    captions = webvtt.from_buffer(io.BytesIO(text.encode()), format=kind)
    return [
        Shown(_milliseconds(caption.start), _milliseconds(caption.end), _flat(caption.text))
        for caption in captions
    ]


def by_ffmpeg(text: str, kind: str) -> list[Shown]:
    format_ = {"srt": "srt", "vtt": "webvtt"}[kind]
    shown: list[Shown] = []
    with av.open(io.BytesIO(text.encode()), format=format_) as container:
        for packet in container.demux(subtitles=0):
            if packet.pts is None or packet.duration is None:
                continue
            start = round(packet.pts * packet.time_base * 1000)
            end = start + round(packet.duration * packet.time_base * 1000)
            shown.append(Shown(start, end, _flat(bytes(packet).decode())))
    return shown


Reader: TypeAlias = "Callable[[str, str], list[Shown]]"
READERS: list[Reader] = [by_pysubs2, by_webvtt, by_ffmpeg]


def _milliseconds(time: str) -> int:
    clock, _, fraction = time.partition(".")
    hours, minutes, seconds = map(int, clock.split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(fraction)


def _flat(text: str) -> str:
    return " ".join(text.split())
