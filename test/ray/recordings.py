"""Five hundred recordings: what the local engine speaks, in ten sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults import FaultyServer

from openapiopenai import ApiClient, AudioApi, Configuration

if TYPE_CHECKING:
    from pathlib import Path

    from faults import Engine

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TENS = ("twenty", "thirty", "sixty", "seventy", "eighty")
_SOURCES = (
    *("attic", "cellar", "crypt", "dome", "hall", "loft", "porch", "shed"),
    *("north wing", "südflügel"),  # what a path of a bucket has to escape
)


def speak(host: str, root: Path) -> Path:
    """Speak fifty sentences, and put a copy of each into each source.

    :param host: the base URL of the local engine.
    :param root: the folder for the sources.
    :return: the folder.
    """
    for source in _SOURCES:
        (root / source).mkdir()
    with ApiClient(Configuration(host=host)) as client:
        for number, text in enumerate(f"{ten} {one}" for ten in _TENS for one in _ONES):
            request = {"model": "tts-1", "voice": "alloy", "input": text, "response_format": "wav"}
            audio = AudioApi(client).create_speech(request)
            for source in _SOURCES:
                (root / source / f"{source}-{number:02}.wav").write_bytes(audio)
    return root


def listen(engine: Engine, root: Path) -> None:
    """Have the engine hear each sentence.

    :param engine: which then knows its answers.
    :param root: the folder of the sources.
    """
    with FaultyServer(engine) as server, ApiClient(Configuration(host=server.host)) as client:
        for file in (root / _SOURCES[0]).iterdir():
            AudioApi(client).create_transcription(file, "whisper-1", response_format="verbose_json")
