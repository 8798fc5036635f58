"""Shared by tests: a client of a server, recordings, and the usual calls."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Any, BinaryIO

from wire import Proxy, RawServer, ca_pem, server_context

from openapiopenai import ApiClient, AudioApi, Configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire import Script

    from openapiopenai import SpeechStream, TranscriptionStream

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)
BIG = WAV + bytes(30_000_000)  # more than the buffers of a connection hold


@contextlib.contextmanager
def client(host: str, **settings: Any) -> Iterator[AudioApi]:
    """The API of a server, with a made-up key; its connections are closed with the block."""
    with ApiClient(Configuration(host, **{"access_token": "sk-test", **settings})) as made:
        yield AudioApi(made)


def trusting(**settings: Any) -> dict[str, Any]:
    """Return settings that make a client trust the servers' certificate authority."""
    return {"ca_cert_data": ca_pem().decode(), **settings}


#: How a server is reached: directly, over TLS, or over TLS through the tunnel of a proxy.
WAYS = ("plain", "tls", "proxy")


@contextlib.contextmanager
def served(way: str, script: Script, **settings: Any) -> Iterator[tuple[AudioApi, RawServer]]:
    """A client of a server that follows a script, reached in one of the ``WAYS``."""
    tls = None if way == "plain" else server_context()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(RawServer(script, tls=tls))
        if way == "proxy":
            settings["proxy"] = stack.enter_context(Proxy()).url
        api = stack.enter_context(client(server.host, **trusting(**{"retries": False, **settings})))
        yield api, server


@contextlib.contextmanager
def piped(data: bytes, buffering: int = -1) -> Iterator[BinaryIO]:
    """The reading end of a pipe through which a recording comes."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as end:
            end.write(data)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with os.fdopen(reading, "rb", buffering) as file:
            yield file
    finally:
        writer.join()


def transcribe(api: AudioApi, file: Any = WAV, **options: Any) -> str:
    """Return the text of a transcript."""
    return api.create_transcription(file, "whisper-1", **options).text


SPEECH = {"model": "tts-1", "input": "hello", "voice": "alloy"}


def speak(api: AudioApi, **options: Any) -> bytes:
    """Return the audio of a text."""
    return bytes(api.create_speech(SPEECH, **options))


def spoken(api: AudioApi, **options: Any) -> SpeechStream:
    """Return a stream of speech."""
    return api.create_speech_streaming(SPEECH, **{"_request_timeout": 20.0, **options})


def heard(api: AudioApi, **options: Any) -> TranscriptionStream:
    """Return a stream of a transcript."""
    return api.create_transcription_streaming(
        WAV, "gpt-4o-transcribe", **{"_request_timeout": 20.0, **options}
    )
