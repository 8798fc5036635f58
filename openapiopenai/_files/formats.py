"""Audio formats: file extensions, content types, and recognition by magic number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: File extension -> content type. Our own table: the machine's differs from one to the next.
CONTENT_TYPES = {
    "aac": "audio/aac",
    "aif": "audio/aiff",
    "aifc": "audio/aiff",
    "aiff": "audio/aiff",
    "amr": "audio/amr",
    "ape": "audio/x-ape",
    "caf": "audio/x-caf",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "mka": "audio/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",  # a container for video too, but only its sound matters here
    "mpeg": "audio/mpeg",
    "mpga": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",  # Opus travels in an Ogg container
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "audio/webm",
    "wma": "audio/x-ms-wma",
    "wv": "audio/x-wavpack",
}

#: The content type of bytes that nothing is known about.
UNKNOWN_TYPE = "application/octet-stream"

#: Extension -> the extension to send instead. OpenAI accepts a file by its extension and its list
#: (docs/openapi.yaml, ``file``) lacks these names of listed containers; ``oga`` is on the list,
#: but some models reject it and accept the same bytes as ``ogg``.
SENT_AS = {"m4b": "m4a", "oga": "ogg", "opus": "ogg", "weba": "webm"}

#: Extension -> magic number of a compressed file.
COMPRESSED = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ", "zst": b"\x28\xb5\x2f\xfd"}

#: (offset, magic number, extension), in the order in which they are tried.
MAGIC = (
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (8, b"WAVE", "wav"),
    (8, b"AIFF", "aiff"),
    (8, b"AIFC", "aiff"),
    (4, b"ftypM4A", "m4a"),
    (4, b"ftypM4B", "m4a"),
    (4, b"ftypqt", "mov"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "webm"),  # EBML, the frame of WebM and Matroska
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wma"),  # the GUID of an ASF header
    (0, b"#!AMR", "amr"),
    (0, b"caff", "caf"),
    (0, b"wvpk", "wv"),
    (0, b"MAC ", "ape"),
)

#: How many bytes recognition needs at a time.
HEAD_SIZE = 16

_FRAME_SYNC = 0xFFE0  # eleven bits set: the start of an MPEG audio frame
_LAYER = 0x0006  # two bits that name the layer; none set means AAC in ADTS

_ID3 = b"ID3"
_ID3_HEADER_SIZE = 10

#: How many ID3 tags may precede the audio; a file usually has none or one.
_MAX_TAGS = 4


def recognize(peek: Callable[[int], bytes]) -> str:
    """Return the extension of an audio container, recognised by its magic number.

    :param peek: returns up to ``HEAD_SIZE`` bytes at an offset.
    :return: the extension; empty if the container is unknown. Audio behind an ID3 tag that is
        not recognised is taken for MP3, which tags are made for.
    """
    offset, head = 0, peek(0)
    for _ in range(_MAX_TAGS):
        if not head.startswith(_ID3):
            break
        offset += _id3_size(head)
        head = peek(offset)
    return _extension_of(head) or ("mp3" if offset else "")


def extension_of(name: str) -> str:
    """Return the extension of a file name, in lower case and without its dot."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if stem and dot else ""


def base_name(name: str) -> str:
    """Return a file name without its directory, whichever system it comes from."""
    return name.replace("\\", "/").rsplit("/", 1)[-1] or "audio"


def _extension_of(head: bytes) -> str:
    for offset, magic, extension in MAGIC:
        if head.startswith(magic, offset):
            return extension
    first = int.from_bytes(head[:2], "big")
    if len(head) > 1 and first & _FRAME_SYNC == _FRAME_SYNC:
        return "mp3" if first & _LAYER else "aac"
    return ""


def _id3_size(head: bytes) -> int:
    """Return the size of an ID3v2 tag: its header says how many bytes follow, 7 bits a byte."""
    size = 0
    for byte in head[6:_ID3_HEADER_SIZE]:
        size = size << 7 | byte & 0x7F
    has_footer = len(head) > 5 and head[5] & 0x10  # noqa: PLR2004 - the flags' offset
    return size + _ID3_HEADER_SIZE * (2 if has_footer else 1)
