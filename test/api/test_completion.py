"""Editors complete the result of a call."""

from __future__ import annotations

import pytest

jedi = pytest.importorskip("jedi")
environments = pytest.importorskip("jedi.api.environment")

CALLS = {
    "create_transcription('a.mp3', 'whisper-1')": {"text", "segments", "words"},
    "create_translation('a.mp3', 'whisper-1')": {"text", "segments"},
    "create_speech({})": {"hex", "startswith"},
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("source", ["openapiopenai", "openapiopenai.api.audio_api"])
def test_jedi_completes_the_result_of_a_call(call: str, source: str) -> None:
    code = f"from {source} import AudioApi\nresult = AudioApi().{call}\nresult."
    here = environments.InterpreterEnvironment()  # and not a process of jedi's own
    found = {completion.name for completion in jedi.Script(code, environment=here).complete()}
    assert found >= CALLS[call]


def test_jedi_completes_in_a_running_session() -> None:
    from openapiopenai import AudioApi

    code = "AudioApi().create_transcription('a.mp3', 'whisper-1').te"
    found = jedi.Interpreter(code, [{"AudioApi": AudioApi}]).complete()
    assert [completion.name for completion in found] == ["text"]
