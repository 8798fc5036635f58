"""What editors with jedi (IPython, Jupyter) complete behind a call, before anything has run."""

from __future__ import annotations

import sys
from pathlib import Path

import jedi
import pytest
from jedi.api.environment import InterpreterEnvironment

import openapiopenai

SOURCE = """
import openapiopenai
audio = openapiopenai.AudioApi(openapiopenai.ApiClient())
audio.{call}."""
SPEECH = '{"model": "tts-1", "input": "Hello.", "voice": "alloy"}'


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (f"create_speech({SPEECH})", "decode"),
        (f"create_speech_with_http_info({SPEECH})", "request_id"),
        (f"create_speech_streaming({SPEECH})", "save"),
        ("create_transcription('a.mp3', 'w')", "segments"),
        ("create_transcription_with_http_info('a.mp3', 'w')", "request_id"),
        ("create_transcription_without_preload_content('a.mp3', 'w')", "release_conn"),
        ("create_transcription_streaming('a.mp3', 'w')", "done"),
        ("create_translation('a.mp3', 'w')", "duration"),
    ],
)
def test_the_result_of_a_call_is_completed(call: str, expected: str) -> None:
    place = str(Path(openapiopenai.__file__).parents[1])
    project = jedi.Project(
        Path(__file__).parent,
        sys_path=[place, *sys.path],
        load_unsafe_extensions=False,
    )
    environment = InterpreterEnvironment()  # no process of its own
    script = jedi.Script(SOURCE.format(call=call), project=project, environment=environment)
    assert expected in [completion.name for completion in script.complete()]
