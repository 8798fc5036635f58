"""Speak a sentence, then transcribe it to text, SRT and words: locally, or with --openai."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import openapiopenai
from openapiopenai.local import LocalServer

SENTENCE = "Good morning and welcome to the show."


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Print a step and how long it took."""
    print(f"{step} ...")
    started = time.perf_counter()
    yield
    print(f"... took {time.perf_counter() - started:.2f} s\n")


use_openai = "--openai" in sys.argv
if use_openai and not os.environ.get("OPENAI_API_KEY"):
    sys.exit("no API key: set OPENAI_API_KEY, or leave out --openai")

with nullcontext() if use_openai else LocalServer() as server:
    configuration = openapiopenai.Configuration(host=server and server.host)
    with openapiopenai.ApiClient(configuration) as client:
        audio = openapiopenai.AudioApi(client)

        with timed(f'Speaking "{SENTENCE}" to hello.mp3'):
            request = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": SENTENCE}
            with audio.create_speech_streaming(request) as speech:
                speech.save("hello.mp3")
        with timed("Transcribing hello.mp3 to text"):
            print(audio.create_transcription("hello.mp3", "whisper-1"))
        with timed("Transcribing hello.mp3 to SRT"):
            srt = audio.create_transcription("hello.mp3", "whisper-1", response_format="srt")
            print(srt.text.strip())
        with timed("Transcribing hello.mp3 to words with times"):
            times = {"response_format": "verbose_json", "timestamp_granularities": ["word"]}
            for word in audio.create_transcription("hello.mp3", "whisper-1", **times).words:
                print(f"{word.start:5.2f} s to {word.end:5.2f} s: {word.word}")
