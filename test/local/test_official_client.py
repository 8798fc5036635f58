"""The official client takes the local server for OpenAI: wherever ``openai`` is installed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from local.caller import SENTENCE, SENTENCES, heard

openai = pytest.importorskip(
    "openai", reason="runs in the environment that has the official client"
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapiopenai.local import LocalServer

HEARD = heard(SENTENCE)
PAUSED = [heard(sentence) for sentence in SENTENCES[-3:]]


@pytest.fixture(scope="module")
def client(local_server: LocalServer) -> Iterator[Any]:
    """An official client of the local server."""
    with openai.OpenAI(base_url=local_server.host, api_key="sk-test", max_retries=0) as client:
        yield client


def create_speech(client: Any, text: str, **fields: Any) -> bytes:
    fields = {"model": "tts-1", "voice": "alloy", **fields}
    content: bytes = client.audio.speech.create(input=text, **fields).content
    return content


def transcribe(client: Any, audio: bytes, **fields: Any) -> Any:
    file = ("hello.mp3", audio)
    return client.audio.transcriptions.create(model="whisper-1", file=file, **fields)


@pytest.fixture(scope="module")
def hello_mp3(client: Any) -> bytes:
    """A recording of a sentence."""
    return create_speech(client, SENTENCE)


@pytest.fixture(scope="module")
def paused_mp3(client: Any) -> bytes:
    """A recording of three sentences, with a pause after each."""
    return create_speech(client, " ".join(SENTENCES[-3:]))


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
def test_speech_in_every_format(client: Any, response_format: str) -> None:
    assert len(create_speech(client, SENTENCE, response_format=response_format)) > 5000


def test_speech_that_is_streamed(client: Any) -> None:
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="coral", input=SENTENCES[0], speed=1.5, instructions="Cheerfully."
    ) as response:
        assert response.headers["content-type"] == "audio/mpeg"
        assert sum(map(len, response.iter_bytes())) > 5000


def test_speech_as_events(client: Any, hello_mp3: bytes) -> None:
    with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="alloy", input=SENTENCE, stream_format="sse"
    ) as response:
        lines = [line for line in response.iter_lines() if line]
    deltas = [line for line in lines if "speech.audio.delta" in line]
    audio = b"".join(base64.b64decode(line.split('"audio": "')[1].split('"')[0]) for line in deltas)
    assert audio == hello_mp3
    assert "speech.audio.done" in lines[-1]


def test_a_transcription_to_json(client: Any, hello_mp3: bytes) -> None:
    result = transcribe(client, hello_mp3, language="en", prompt="A greeting.", temperature=0.2)
    assert result.text == HEARD
    assert result.usage.type == "duration"


@pytest.mark.parametrize(
    ("response_format", "beginning"),
    [("text", HEARD), ("srt", "1\n00:00:00,"), ("vtt", "WEBVTT\n\n00:00:00.")],
)
def test_a_transcription_to_text(
    client: Any, hello_mp3: bytes, response_format: str, beginning: str
) -> None:
    result = transcribe(client, hello_mp3, response_format=response_format)
    assert result.startswith(beginning)
    assert HEARD in result


def test_a_transcription_to_segments_and_words(client: Any, paused_mp3: bytes) -> None:
    result = transcribe(
        client,
        paused_mp3,
        response_format="verbose_json",
        timestamp_granularities=["segment", "word"],
    )
    assert result.language == "english"
    assert [segment.text for segment in result.segments] == PAUSED
    assert [word.word for word in result.words] == " ".join(PAUSED).split()
    assert result.usage.seconds == result.duration


def test_a_transcription_that_is_streamed(client: Any, paused_mp3: bytes) -> None:
    stream = transcribe(client, paused_mp3, stream=True, include=["logprobs"])
    *deltas, done = list(stream)
    assert [delta.type for delta in deltas] == ["transcript.text.delta"] * 3
    assert "".join(delta.delta for delta in deltas) == done.text == " ".join(PAUSED)
    assert "".join(item.token for item in done.logprobs) == done.text
    assert done.usage.type == "tokens"


def test_a_transcription_with_settings_for_its_pauses(client: Any, paused_mp3: bytes) -> None:
    vad = {"type": "server_vad", "silence_duration_ms": 5000}
    result = transcribe(client, paused_mp3, response_format="verbose_json", chunking_strategy=vad)
    assert len(result.segments) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client deprecates translations
def test_a_translation(client: Any, hello_mp3: bytes) -> None:
    result = client.audio.translations.create(model="whisper-1", file=("a.mp3", hello_mp3))
    assert result.text == HEARD


def test_errors_are_those_it_knows(client: Any, hello_mp3: bytes) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        transcribe(client, hello_mp3, response_format="diarized_json")
    assert (refused.value.param, refused.value.code) == ("response_format", "unsupported_value")
    assert refused.value.request_id.startswith("req_")
    with pytest.raises(openai.UnprocessableEntityError):
        create_speech(client, SENTENCE, voice=None)
    with pytest.raises(openai.NotFoundError):
        create_speech(client, SENTENCE, voice={"id": "voice_1234"})
    with pytest.raises(openai.BadRequestError) as undecodable:
        transcribe(client, b"hello")
    assert undecodable.value.param == "file"
