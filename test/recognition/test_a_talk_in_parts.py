"""A talk of three minutes, spoken and recognized on this machine: whole, and in ten parts."""

from __future__ import annotations

from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import pytest
from calls import piped
from local.caller import SENTENCES, heard
from longform.cues import times, without_times
from longform.sounds import CONTAINERS, RATE, encode

from openapiopenai import (
    ApiClient,
    AudioApi,
    BadRequestException,
    Configuration,
    PayloadTooLargeException,
    longform,
)
from openapiopenai.local import LocalServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from openapiopenai import CreateTranscription200Response

# the third is left out: its last word, at the edge of what the recognizer can tell apart, becomes
# "messages" when an mp3 begins some milliseconds later
SPOKEN = [SENTENCES[0], SENTENCES[1], SENTENCES[3], SENTENCES[4]]
PARTS = 10
SECONDS = 180
SECONDS_OF_SENTENCE = 6  # with the pauses before and after it
SECONDS_BEFORE = 1.5
LIMITS: dict[str, Any] = {"max_seconds": 20, "max_bytes": 1_000_000}
ROOM_FOR_THE_FORM = 10_000  # bytes
CORES = 2

WORDS: dict[str, Any] = {
    "response_format": "verbose_json",
    "timestamp_granularities": ["word", "segment"],
}
FORMATS = ["json", "text", "srt", "vtt", "verbose_json"]


@contextmanager
def serving(**limits: int) -> Iterator[AudioApi]:
    """Return a client of a server of its own, which recognizes an utterance on each core."""
    with (
        LocalServer(workers=CORES, **limits) as server,
        ApiClient(Configuration(host=server.host, timeout=300)) as client,
    ):
        yield AudioApi(client)


class Talk(NamedTuple):
    """The samples of the talk, and the transcript that one call makes of it, by format."""

    samples: array[int]
    transcripts: dict[str, CreateTranscription200Response]


@pytest.fixture(scope="module")
def talk() -> Talk:
    """Return the talk, and its transcripts by a server without limits."""
    with serving() as api, ThreadPoolExecutor() as pool:
        samples = array("h", b"".join(_sentences(api)))
        recording = ("talk.wav", encode(samples, "wav"))
        transcripts = pool.map(lambda name: _transcribe(api, recording, name), FORMATS)
        return Talk(samples, dict(zip(FORMATS, transcripts, strict=True)))


def _sentences(api: AudioApi) -> Iterator[bytes]:
    """Yield each sentence as it is spoken, with silence before and after it."""
    request = {"model": "tts-1", "voice": "alloy", "response_format": "pcm"}
    spoken = [bytes(api.create_speech({**request, "input": text})) for text in SPOKEN]
    for sound in islice(cycle(spoken), SECONDS // SECONDS_OF_SENTENCE):
        begun = bytes(round(2 * RATE * SECONDS_BEFORE)) + sound
        yield begun.ljust(2 * RATE * SECONDS_OF_SENTENCE, b"\0")


def _transcribe(api: AudioApi, recording: Any, name: str) -> CreateTranscription200Response:
    options = WORDS if name == "verbose_json" else {"response_format": name}
    return api.create_transcription(recording, "whisper-1", **options)


@pytest.fixture(scope="module")
def limited() -> Iterator[AudioApi]:
    """Return a client of a server that refuses the talk as a whole."""
    max_body = LIMITS["max_bytes"] + ROOM_FOR_THE_FORM
    with serving(max_seconds=LIMITS["max_seconds"], max_body=max_body) as api:
        yield api


def in_parts(api: AudioApi, recording: Any, **options: Any) -> CreateTranscription200Response:
    """Return the transcript of a recording, which must have been sent in ten parts."""
    done: list[float] = []
    joined = longform.transcribe(
        api,
        recording,
        "whisper-1",
        on_progress=lambda seconds, _: done.append(seconds),
        **LIMITS,
        **options,
    )
    assert len(done) == PARTS
    return joined


def test_the_whole_talk_is_recognized_without_limits_and_refused_with_them(
    talk: Talk, limited: AudioApi
) -> None:
    sentences = islice(cycle(map(heard, SPOKEN)), SECONDS // SECONDS_OF_SENTENCE)
    assert talk.transcripts["json"].text == " ".join(sentences)
    with pytest.raises(PayloadTooLargeException):
        limited.create_transcription(encode(talk.samples, "wav"), "whisper-1")
    with pytest.raises(BadRequestException, match="longer than 20 seconds"):
        limited.create_transcription(encode(talk.samples, "opus"), "whisper-1")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "verbose_json"])
def test_each_format_is_that_of_one_call(talk: Talk, limited: AudioApi, name: str) -> None:
    whole = talk.transcripts[name]
    joined = in_parts(limited, encode(talk.samples, "wav"), response_format=name)
    if name in {"srt", "vtt"}:
        assert without_times(joined.text) == without_times(whole.text)
        assert times(joined.text) == pytest.approx(times(whole.text), abs=0.05)
    else:
        assert joined.text == whole.text


@contextmanager
def by_path(path: Path) -> Iterator[Path]:
    yield path


@contextmanager
def as_bytes(path: Path) -> Iterator[tuple[str, bytes]]:
    yield path.name, path.read_bytes()


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        yield file


def through_a_pipe(path: Path) -> AbstractContextManager[IO[bytes]]:
    return piped(path.read_bytes())


@pytest.mark.parametrize(
    ("container", "passed"),
    [
        ("mp3", by_path),
        ("m4a", as_bytes),
        ("opus", opened),
        ("flac", through_a_pipe),
        ("wav", by_path),
        ("webm", as_bytes),
        ("mp4 with video", opened),
    ],
)
def test_words_have_the_times_of_one_call_in_each_container(
    talk: Talk,
    limited: AudioApi,
    tmp_path: Path,
    container: str,
    passed: Callable[[Path], AbstractContextManager[Any]],
) -> None:
    path = tmp_path / f"talk.{CONTAINERS[container].extension}"
    path.write_bytes(encode(talk.samples, container))
    with passed(path) as recording:
        joined = in_parts(limited, recording, **WORDS)
    whole = talk.transcripts["verbose_json"]
    assert joined.text == whole.text
    assert joined.segments
    assert whole.segments
    assert [segment.text for segment in joined.segments] == [s.text for s in whole.segments]
    assert joined.words
    assert whole.words
    for ours, theirs in zip(joined.words, whole.words, strict=True):
        assert ours.word == theirs.word
        assert ours.start == pytest.approx(theirs.start, abs=0.05)
        assert ours.end == pytest.approx(theirs.end, abs=0.05)
