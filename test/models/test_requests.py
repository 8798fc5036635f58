"""Requests as people meet them: signatures before the first use, short reprs, indented JSON."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

import openapiopenai
from openapiopenai import (
    ApiClient,
    AudioApi,
    Configuration,
    CreateSpeechRequest,
    CreateSpeechRequestDict,
    CreateTranscriptionRequest,
)

HERE = str(Path(openapiopenai.__file__).parents[1])
SPEECH = {"model": "tts-1", "input": "Hello.", "voice": "alloy"}
WAV = b"RIFF\x24\0\0\0WAVEfmt "


@pytest.mark.parametrize("name", ["CreateSpeechRequest", "CreateTranscriptionRequest", "VadConfig"])
def test_the_signature_is_complete_before_the_first_use(name: str) -> None:
    script = f"""
import inspect, sys
sys.path.insert(0, {HERE!r})
from openapiopenai import {name}
print(*inspect.signature({name}).parameters)
assert inspect.signature({name}) == inspect.signature({name})
"""
    command = [sys.executable, "-I", "-W", "error", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    fields = list(getattr(openapiopenai, name).model_fields)
    assert done.stdout.split() == [*fields, "extra_data"]


def test_help_shows_the_parameters() -> None:
    text = pydoc.render_doc(CreateSpeechRequest, renderer=pydoc.plaintext)
    signature = "".join(text.replace("|", "").split())  # Python 3.13 divides long ones
    assert "CreateSpeechRequest(*,model:" in signature
    assert "instructions:" in text


def test_an_instance_has_no_signature() -> None:
    with pytest.raises(TypeError, match="not a callable"):
        inspect.signature(CreateSpeechRequest(**SPEECH))


def test_the_dict_has_the_keys_of_the_model() -> None:
    fields = CreateSpeechRequest.model_fields
    assert get_type_hints(CreateSpeechRequestDict).keys() == fields.keys()
    required = {name for name, field in fields.items() if field.is_required()}
    assert CreateSpeechRequestDict.__required_keys__ == required


def test_the_repr_of_a_request_keeps_to_a_screen() -> None:
    long = CreateSpeechRequest(**{**SPEECH, "input": "x" * 4096, "further": ["y" * 9999] * 99})
    assert len(repr(long)) < 2000
    assert len(str(long)) < 2000
    assert repr(CreateSpeechRequest(**SPEECH)).startswith(
        "CreateSpeechRequest(model='tts-1', input='Hello.', "
    )
    recording = CreateTranscriptionRequest(file=WAV * 100_000, model="whisper-1")
    assert "file=Upload('audio.wav', 'audio/wav', size=1600000)" in repr(recording)


def test_json_can_be_indented() -> None:
    request = CreateSpeechRequest(**SPEECH)
    assert request.to_json() == '{"model":"tts-1","input":"Hello.","voice":"alloy"}'
    assert request.to_json(indent=2).splitlines()[1] == '  "model": "tts-1",'


def test_an_api_says_which_client_it_has() -> None:
    client = ApiClient(Configuration("http://user:pw@127.0.0.1:1/v1?key=k", access_token="sk-test"))
    assert repr(client) == "ApiClient(host='http://127.0.0.1:1/v1')"
    assert repr(AudioApi(client)) == f"AudioApi({client!r})"
