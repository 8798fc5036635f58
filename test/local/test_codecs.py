"""Every format comes out of the encoder and goes into the decoder, as a stream."""

from __future__ import annotations

import io
import math
from array import array
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import pytest

from openapiopenai.local.codecs import (
    FORMATS,
    SPEECH_RATE,
    TooLongError,
    UndecodableAudioError,
    decode,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE = 22_050
SIGNATURES = {
    "mp3": b"ID3",
    "opus": b"OggS",
    "aac": b"\xff\xf1",
    "flac": b"fLaC",
    "wav": b"RIFF",
    "pcm": b"",
}


def hum(seconds: float) -> bytes:
    """Return samples of a tone of 220 Hz."""
    return array(
        "h", (round(9000 * math.sin(math.tau * 220 * n / RATE)) for n in range(int(seconds * RATE)))
    ).tobytes()


def encoded(speech_format: str, seconds: float = 1.0, **options: float) -> bytes:
    return b"".join(encode([hum(seconds)], RATE, speech_format, **options))


def converted(data: bytes, container: str, codec: str) -> bytes:
    """Return a recording in a container that the server only reads."""
    target = io.BytesIO()
    output: Any = av.open(target, "w", format=container)
    with av.open(io.BytesIO(data)) as source, output:
        stream = output.add_stream(codec, rate=48_000, layout="mono")
        for frame in source.decode(audio=0):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return target.getvalue()


def test_every_documented_format_is_there() -> None:
    assert set(FORMATS) == {"mp3", "opus", "aac", "flac", "wav", "pcm"}


@pytest.mark.parametrize("speech_format", FORMATS)
def test_encoded_audio_has_the_signature_of_its_format(speech_format: str) -> None:
    assert encoded(speech_format).startswith(SIGNATURES[speech_format])


@pytest.mark.parametrize("speech_format", sorted(set(FORMATS) - {"pcm"}))
def test_encoding_keeps_the_duration(speech_format: str) -> None:
    samples = decode(encoded(speech_format), 16_000, max_seconds=10)
    assert len(samples) / 16_000 == pytest.approx(1.0, abs=0.08)
    assert 7000 < max(samples) < 12_000


def test_pcm_is_bare_samples_at_24_khz() -> None:
    samples = array("h", encoded("pcm"))
    assert len(samples) == pytest.approx(SPEECH_RATE, abs=2)
    assert 7000 < max(samples) < 12_000


@pytest.mark.parametrize("speech_format", FORMATS)
def test_bytes_are_sent_before_the_next_samples_are_read(speech_format: str) -> None:
    asked = 0

    def chunks() -> Iterator[bytes]:
        nonlocal asked
        while asked < 3:
            asked += 1
            yield hum(1)

    stream = encode(chunks(), RATE, speech_format)
    next(stream)
    assert asked == 1
    assert len(list(stream)) >= 2
    assert asked == 3


def test_stretched_speech_lasts_longer() -> None:
    assert len(encoded("pcm", tempo=0.5)) == pytest.approx(2 * len(encoded("pcm")), rel=0.02)


def test_nothing_to_encode_is_still_a_file() -> None:
    empty = b"".join(encode([], RATE, "wav"))
    assert decode(empty, 16_000, max_seconds=1) == array("h")


@pytest.mark.parametrize(
    ("container", "codec"), [("mp4", "aac"), ("webm", "libopus"), ("ipod", "aac")]
)
def test_containers_that_are_only_uploaded_are_decoded(container: str, codec: str) -> None:
    data = converted(encoded("wav"), container, codec)
    assert len(decode(data, 16_000, max_seconds=10)) / 16_000 == pytest.approx(1.0, abs=0.08)


def test_a_file_that_breaks_off_is_decoded_as_far_as_it_goes() -> None:
    data = encoded("mp3", 2.0)
    seconds = len(decode(data[: len(data) // 2], 16_000, max_seconds=10)) / 16_000
    assert seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("data", [b"", b"hello", bytes(5000), b"RIFF", b'{"text": "hello"}' * 100])
def test_data_that_is_not_audio_is_refused(data: bytes) -> None:
    with pytest.raises(UndecodableAudioError):
        decode(data, 16_000, max_seconds=10)


def test_a_video_without_audio_is_refused() -> None:
    target = io.BytesIO()
    output: Any = av.open(target, "w", format="mp4")
    with output:
        stream = output.add_stream("mpeg4", rate=Fraction(10))
        stream.width = stream.height = 32
        output.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        output.mux(stream.encode(None))
    with pytest.raises(UndecodableAudioError):
        decode(target.getvalue(), 16_000, max_seconds=10)


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    recording = tmp_path / "private.aac"
    recording.write_bytes(encoded("aac"))
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{recording}\n#EXT-X-ENDLIST\n"
    with pytest.raises(UndecodableAudioError):
        decode(playlist.encode(), 16_000, max_seconds=10)


def test_a_recording_over_the_limit_is_refused() -> None:
    with pytest.raises(TooLongError, match=r"audio duration 2\.\d+ seconds is longer than 1\.5 "):
        decode(encoded("mp3", 2.0), 16_000, max_seconds=1.5)
