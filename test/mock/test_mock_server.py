"""The mock server that reads the API's description refuses what the description does not allow.

It is a Node program from npm, so this has a command of its own: ``tox -e mock``. It cannot tell a
number from a text inside a form's nested object, for any client, so ``VadConfig`` is sent with its
type alone.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from wire import refused_port

import openapiopenai

_DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.yaml"
_STYLE = [f"--validator-{kind}-format=brackets" for kind in ("form-array", "form-object")]
_WAV = ("hello.wav", b"RIFF\x24\0\0\0WAVEfmt ")

_SPEECH = {
    "model": "gpt-4o-mini-tts",
    "input": "Hello.",
    "voice": "alloy",
    "instructions": "Calmly.",
    "response_format": "wav",
    "speed": 1.5,
    "stream_format": "audio",
}
_TRANSLATION = {
    "file": _WAV,
    "model": "whisper-1",
    "prompt": "A greeting.",
    "response_format": "json",
    "temperature": 0.25,
}
_TRANSCRIPTION = {
    **_TRANSLATION,
    "language": "en",
    "timestamp_granularities": ["word", "segment"],
    "include": ["logprobs"],
    "languages": ["en", "de"],
    "keywords": ["hello", "show"],
    "chunking_strategy": openapiopenai.VadConfig(type="server_vad"),
    "known_speaker_names": ["Ann", "Bob"],
    "known_speaker_references": ["data:audio/wav;base64,AAAA", "data:audio/wav;base64,AAAA"],
}
_ARGUMENTS = {
    "create_speech": {"create_speech_request": _SPEECH},
    "create_transcription": _TRANSCRIPTION,
    "create_translation": _TRANSLATION,
}


@pytest.fixture(scope="module")
def mock_server() -> Iterator[str]:
    """The base URL of a mock server that reads our description."""
    npx = shutil.which("npx")
    assert npx, "npx is needed: it comes with Node"
    with refused_port() as port:  # it does not print which port the system chose
        pass
    command = [npx, "--yes", "@stdy/cli@0.22.2", "--host", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(
        [*command, *_STYLE, str(_DESCRIPTION)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert any("Ready to accept" in line for line in process.stdout)
        yield f"http://127.0.0.1:{port}"
        os.killpg(process.pid, signal.SIGTERM)  # npx and what it started


@pytest.fixture
def api(mock_server: str) -> Iterator[openapiopenai.AudioApi]:
    configuration = openapiopenai.Configuration(
        host=mock_server, access_token="sk-test", retries=False
    )
    with openapiopenai.ApiClient(configuration) as client:
        yield openapiopenai.AudioApi(client)


@pytest.mark.parametrize("operation", _ARGUMENTS)
@pytest.mark.parametrize("way", ["", "_with_http_info"])
def test_every_documented_parameter_is_accepted(
    api: openapiopenai.AudioApi, operation: str, way: str
) -> None:
    assert getattr(api, operation + way)(**_ARGUMENTS[operation])


@pytest.mark.parametrize("operation", _ARGUMENTS)
def test_every_documented_parameter_is_accepted_unread(
    api: openapiopenai.AudioApi, operation: str
) -> None:
    response = getattr(api, f"{operation}_without_preload_content")(**_ARGUMENTS[operation])
    assert response.status == 200, response.data


@pytest.mark.parametrize("operation", ["create_speech", "create_transcription"])
def test_every_documented_parameter_is_accepted_as_a_stream(
    api: openapiopenai.AudioApi, operation: str
) -> None:
    with getattr(api, f"{operation}_streaming")(**_ARGUMENTS[operation]) as stream:
        assert list(stream)


def test_what_the_description_does_not_allow_is_refused(api: openapiopenai.AudioApi) -> None:
    """So that the tests above can fail."""
    with pytest.raises(openapiopenai.BadRequestException):
        api.create_speech(_SPEECH, _extra_fields={"speed": "quick"})
