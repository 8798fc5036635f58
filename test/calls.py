"""What the tests of the network share: a client of a server, a recording, and two calls."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from openapiopenai import ApiClient, AudioApi, Configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)
BIG = WAV + bytes(30_000_000)  # more than the buffers of a connection hold


@contextlib.contextmanager
def client(host: str, **settings: Any) -> Iterator[AudioApi]:
    """Give the API of a server, with a made-up key; its connections end with the block."""
    with ApiClient(Configuration(host, **{"access_token": "sk-test", **settings})) as made:
        yield AudioApi(made)


def transcribe(api: AudioApi, file: Any = WAV, **options: Any) -> str:
    """:return: the text of a transcript."""
    return api.create_transcription(file, "whisper-1", **options).text


SPEECH = {"model": "tts-1", "voice": "alloy", "input": "hello"}


def speak(api: AudioApi, **options: Any) -> bytes:
    """:return: the audio of a text."""
    return bytes(api.create_speech(SPEECH, **options))
