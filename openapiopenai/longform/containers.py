"""Codecs and containers: those that are read, and those in which parts are sent."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from av.error import FFmpegError

from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from collections.abc import Generator

#: Containers of recordings only. Left to itself FFmpeg also opens playlists, and with them any
#: file or address that a recording names.
READABLE = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,matroska,webm,mov,mp3,mp4,mpeg,mpegts,"
    "ogg,tta,w64,wav,wv"
)


#: Objects of PyAV. Its type hints are too incomplete, and differ too much between versions, to be
#: used here.
AvContainer: TypeAlias = Any
AvStream: TypeAlias = Any
AvPacket: TypeAlias = Any
AvFrame: TypeAlias = Any


class Container(NamedTuple):
    """A container in which parts are sent.

    :param name: FFmpeg's name of it.
    :param extension: the extension of a part's name, one that OpenAI accepts.
    :param content_type: the content type of a part.
    :param options: options of FFmpeg's muxer.
    """

    name: str
    extension: str
    content_type: str
    options: dict[str, str]


#: Without it FFmpeg writes its version, and random serial numbers: a part must be the same bytes
#: each time, to be found again.
_BITEXACT = {"fflags": "+bitexact"}

#: A header with the length and the encoder's delay would be that of the whole recording.
_BARE_MP3 = {**_BITEXACT, "write_xing": "0", "id3v2_version": "0"}

OGG = Container("ogg", "ogg", "audio/ogg", _BITEXACT)
_WAV = Container("wav", "wav", "audio/wav", _BITEXACT)

#: Codec -> the container into which its packets are copied. Other codecs are encoded anew.
BY_CODEC = {
    "aac": Container("ipod", "m4a", "audio/mp4", _BITEXACT),
    "flac": Container("flac", "flac", "audio/flac", _BITEXACT),
    "mp3": Container("mp3", "mp3", "audio/mpeg", _BARE_MP3),
    "mp3float": Container("mp3", "mp3", "audio/mpeg", _BARE_MP3),
    "opus": OGG,
    "pcm_alaw": _WAV,
    "pcm_f32le": _WAV,
    "pcm_mulaw": _WAV,
    "pcm_s16le": _WAV,
    "pcm_s24le": _WAV,
    "pcm_s32le": _WAV,
    "pcm_u8": _WAV,
    "vorbis": OGG,
}


@contextmanager
def decoding(label: str) -> Generator[None, None, None]:
    """Turn an error that FFmpeg raises into one about the recording."""
    try:
        yield
    except (FFmpegError, UnicodeDecodeError) as error:
        raise ApiValueError(
            f"{label} cannot be decoded ({error}); pass a recording that FFmpeg can read"
        ) from error
