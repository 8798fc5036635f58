"""Speaks, then transcribes to text, SRT and words; here, or with --openai over OpenAI."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import openapiopenai
from openapiopenai.local import LocalServer

SENTENCE = "Good morning and welcome to the show."


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    print(f"{what} ...")
    started = time.perf_counter()
    yield
    print(f"... took {time.perf_counter() - started:.2f} s\n")


with nullcontext() if "--openai" in sys.argv else LocalServer() as server:
    configuration = openapiopenai.Configuration(host=server and server.host)
    with openapiopenai.ApiClient(configuration) as client:
        audio = openapiopenai.AudioApi(client)

        with timed(f'Speaking "{SENTENCE}" to hello.mp3'):
            asked = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": SENTENCE}
            with audio.create_speech_streaming(asked) as speech:
                speech.save("hello.mp3")
        with timed("Transcribing hello.mp3 to text"):
            print(audio.create_transcription("hello.mp3", "whisper-1"))
        with timed("Transcribing hello.mp3 to SRT"):
            print(audio.create_transcription("hello.mp3", "whisper-1", response_format="srt"))
        with timed("Transcribing hello.mp3 to words with times"):
            times = {"response_format": "verbose_json", "timestamp_granularities": ["word"]}
            for word in audio.create_transcription("hello.mp3", "whisper-1", **times).words:
                print(f"{word.start:5.2f} s to {word.end:5.2f} s: {word.word}")
