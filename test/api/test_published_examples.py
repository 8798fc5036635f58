"""Calls as the pages of the published package write them, and what that package got wrong."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from pprint import pformat, pprint
from typing import TYPE_CHECKING, Any

import pytest
from calls import WAV

import openapiopenai
from openapiopenai.models.create_speech_request import CreateSpeechRequest
from openapiopenai.models.create_speech_request_model import CreateSpeechRequestModel
from openapiopenai.models.create_transcription200_response import CreateTranscription200Response
from openapiopenai.models.create_transcription_request_model import (
    CreateTranscriptionRequestModel,
)
from openapiopenai.models.create_transcription_response_verbose_json import (
    CreateTranscriptionResponseVerboseJson,
)
from openapiopenai.models.create_translation200_response import CreateTranslation200Response
from openapiopenai.rest import ApiException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire import Part, RecordingServer

SRT = "1\n00:00:00,000 --> 00:00:01,500\nHello.\n"
VTT = "WEBVTT\n\n00:00.000 --> 00:01.500\nHello.\n"
VERBOSE: dict[str, Any] = {
    "task": "transcribe",
    "language": "english",
    "duration": 1.5,
    "text": "Hello.",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 0.0,
            "end": 1.5,
            "text": "Hello.",
            "tokens": [1, 2],
            "temperature": 0.0,
            "avg_logprob": -0.1,
            "compression_ratio": 1.1,
            "no_speech_prob": 0.01,
        }
    ],
    "words": [{"word": "Hello", "start": 0.0, "end": 1.5}],
}


@pytest.fixture
def configuration(recording: RecordingServer) -> openapiopenai.Configuration:
    return openapiopenai.Configuration(host=recording.host, access_token="sk-test")


@pytest.fixture
def api(configuration: openapiopenai.Configuration) -> Iterator[openapiopenai.AudioApi]:
    with openapiopenai.ApiClient(configuration) as client:
        yield openapiopenai.AudioApi(client)


def fields(recording: RecordingServer) -> dict[str, str]:
    """Read the last form, without its file."""
    return {part.name: part.text for part in recording.last.form if part.filename is None}


def file_part(recording: RecordingServer) -> Part:
    return next(part for part in recording.last.form if part.name == "file")


# -- as written -----------------------------------------------------------------------------


def test_speech_as_the_page_writes_it(
    recording: RecordingServer, configuration: openapiopenai.Configuration
) -> None:
    recording.answer(200, chunks=[b"ID3", b" audio"], headers={"Content-Type": "audio/mpeg"})
    with openapiopenai.ApiClient(configuration) as api_client:
        api_instance = openapiopenai.AudioApi(api_client)
        create_speech_request = CreateSpeechRequest(
            model=CreateSpeechRequestModel("tts-1"), input="Hello.", voice="alloy"
        )
        api_response = api_instance.create_speech(create_speech_request)
    assert api_response == bytearray(b"ID3 audio")
    assert isinstance(api_response, bytearray)
    assert recording.last.path == "/v1/audio/speech"
    assert recording.last.json == {"model": "tts-1", "input": "Hello.", "voice": "alloy"}
    assert recording.last.headers["Authorization"] == "Bearer sk-test"
    assert recording.last.headers["Content-Type"] == "application/json"


def test_a_transcription_as_the_page_writes_it(
    recording: RecordingServer,
    configuration: openapiopenai.Configuration,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recording.answer(200, VERBOSE)
    with openapiopenai.ApiClient(configuration) as api_client:
        api_instance = openapiopenai.AudioApi(api_client)
        file = bytearray(WAV)
        model = CreateTranscriptionRequestModel("whisper-1")
        language = "en"
        prompt = "prompt_example"
        response_format = "verbose_json"
        temperature = 0
        timestamp_granularities = ["word", "segment"]
        api_response = api_instance.create_transcription(
            file,
            model,
            language=language,
            prompt=prompt,
            response_format=response_format,
            temperature=temperature,
            timestamp_granularities=timestamp_granularities,
        )
        print("The response of AudioApi->create_transcription:\n")  # noqa: T201 - as the page
        pprint(api_response)  # noqa: T203 - as the page
    assert isinstance(api_response, CreateTranscription200Response)
    assert "Hello." in capsys.readouterr().out
    assert recording.last.path == "/v1/audio/transcriptions"
    assert fields(recording) == {
        "model": "whisper-1",
        "language": "en",
        "prompt": "prompt_example",
        "response_format": "verbose_json",
        "temperature": "0",
        "timestamp_granularities[]": "segment",  # the second part of the two
    }


def test_a_translation_as_the_page_writes_it(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    api_response = api.create_translation(
        bytearray(WAV),
        CreateTranscriptionRequestModel("whisper-1"),
        prompt="prompt_example",
        response_format="json",
        temperature=0,
    )
    assert isinstance(api_response, CreateTranslation200Response)
    assert api_response.text == "hello"
    assert recording.last.path == "/v1/audio/translations"
    assert fields(recording) == {
        "model": "whisper-1",
        "prompt": "prompt_example",
        "response_format": "json",
        "temperature": "0",
    }


def test_all_published_parameters_work_by_position(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    recording.answers_always(body=VERBOSE)
    model = CreateTranscriptionRequestModel("whisper-1")
    api.create_transcription(WAV, model, "en", "p", "verbose_json", 0.25, ["word"])
    assert fields(recording) == {
        "model": "whisper-1",
        "language": "en",
        "prompt": "p",
        "response_format": "verbose_json",
        "temperature": "0.25",
        "timestamp_granularities[]": "word",
    }
    api.create_translation(WAV, model, "p", "verbose_json", 0.25)
    assert fields(recording) == {
        "model": "whisper-1",
        "prompt": "p",
        "response_format": "verbose_json",
        "temperature": "0.25",
    }


def test_a_failed_call_is_caught_as_the_page_catches_it(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    recording.answer(401, {"error": {"message": "Incorrect API key.", "code": "invalid_api_key"}})
    with pytest.raises(ApiException) as caught:
        api.create_translation(WAV, "whisper-1")
    error = caught.value
    assert (error.status, error.reason, error.code) == (401, "Unauthorized", "invalid_api_key")
    assert "Incorrect API key." in f"Exception when calling AudioApi->create_translation: {error}\n"
    assert error.headers is not None
    assert error.headers["content-type"] == "application/json"


def test_a_result_is_printed_and_taken_apart_as_generated_models_are(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    recording.answer(200, VERBOSE)
    result = api.create_transcription(WAV, "whisper-1", response_format="verbose_json")
    assert result.to_dict() == VERBOSE
    assert CreateTranscription200Response.from_json(result.to_json()).to_dict() == VERBOSE
    assert result.to_str() == pformat(VERBOSE)


# -- text formats ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response_format", "body"), [("text", "Hello.\n"), ("srt", SRT), ("vtt", VTT)]
)
@pytest.mark.parametrize(
    "content_type",
    ["text/plain; charset=utf-8", "text/html", "application/x-subrip", "text/vtt", None],
)
def test_text_formats_are_text_whatever_the_content_type(
    recording: RecordingServer,
    api: openapiopenai.AudioApi,
    response_format: str,
    body: str,
    content_type: str | None,
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    recording.answers_always(200, body, headers)
    for result in (
        api.create_transcription(WAV, "whisper-1", response_format=response_format),
        api.create_translation(WAV, "whisper-1", response_format=response_format),
    ):
        assert result.actual_instance == result.text == str(result) == body
    assert fields(recording)["response_format"] == response_format


def test_a_string_in_quotes_is_no_longer_expected_of_a_text(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    recording.answer(200, "42", {"Content-Type": "text/plain"})
    assert api.create_transcription(WAV, "whisper-1", response_format="text").text == "42"


# -- verbose_json ---------------------------------------------------------------------------


@pytest.mark.parametrize("duration", [1.5, "1.5", 2, "2", "1.500"])
def test_a_duration_may_be_a_number_or_a_string(
    recording: RecordingServer, api: openapiopenai.AudioApi, duration: float | str
) -> None:
    recording.answers_always(body={**VERBOSE, "duration": duration})
    for result in (
        api.create_transcription(WAV, "whisper-1", response_format="verbose_json"),
        api.create_translation(WAV, "whisper-1", response_format="verbose_json"),
    ):
        assert result.duration == float(duration)
        assert isinstance(result.duration, float)


def test_no_segment_and_no_word_is_lost(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    recording.answer(200, VERBOSE)
    result = api.create_transcription(WAV, "whisper-1", response_format="verbose_json")
    verbose = result.actual_instance
    assert isinstance(verbose, CreateTranscriptionResponseVerboseJson)
    assert verbose.segments is not None
    assert [segment.to_dict() for segment in verbose.segments] == VERBOSE["segments"]
    assert [word.to_dict() for word in result.words or []] == VERBOSE["words"]
    assert result.language == "english"


# -- what is sent ---------------------------------------------------------------------------


def test_a_temperature_need_not_be_an_integer(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    api.create_transcription(WAV, "whisper-1", temperature=0.2)
    assert fields(recording)["temperature"] == "0.2"


def test_two_granularities_are_two_parts(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    api.create_transcription(WAV, "whisper-1", timestamp_granularities=["word", "segment"])
    parts = [part for part in recording.last.form if part.name.startswith("timestamp")]
    assert [(part.name, part.text) for part in parts] == [
        ("timestamp_granularities[]", "word"),
        ("timestamp_granularities[]", "segment"),
    ]


def test_a_model_may_be_a_plain_string(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    api.create_transcription(WAV, "whisper-large-v3-turbo")
    assert fields(recording) == {"model": "whisper-large-v3-turbo"}
    recording.answer(200, b"audio")
    api.create_speech(CreateSpeechRequest(model="kokoro", input="x", voice="af_heart"))
    assert recording.last.json["model"] == "kokoro"


def test_further_keys_of_a_speech_request_are_sent(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    recording.answers_always(200, b"audio", {"Content-Type": "audio/mpeg"})
    asked = {
        "model": "gpt-4o-mini-tts",
        "input": "Hello.",
        "voice": "coral",
        "instructions": "Whisper.",
        "stream_format": "audio",
        "response_format": "opus",
        "speed": 1.25,
        "lang_code": "en-gb",
    }
    api.create_speech(asked)
    assert recording.last.json == asked
    api.create_speech(CreateSpeechRequest(**asked))
    assert recording.last.json == asked


@pytest.mark.parametrize("voice", ["ash", "ballad", "cedar", "coral", "marin", "sage", "verse"])
def test_newer_voices_are_accepted(
    recording: RecordingServer, api: openapiopenai.AudioApi, voice: str
) -> None:
    recording.answer(200, b"audio")
    api.create_speech(CreateSpeechRequest(model="tts-1", input="x", voice=voice))
    assert recording.last.json["voice"] == voice


def test_a_custom_voice_is_sent_as_an_object(
    recording: RecordingServer, api: openapiopenai.AudioApi
) -> None:
    recording.answers_always(200, b"audio")
    voices: list[Any] = [
        {"id": "voice_1"},
        openapiopenai.CustomVoice(id="voice_1"),
        openapiopenai.VoiceIdsOrCustomVoice(openapiopenai.CustomVoice(id="voice_1")),
    ]
    for voice in voices:
        api.create_speech({"model": "tts-1", "input": "x", "voice": voice})
        assert recording.last.json["voice"] == {"id": "voice_1"}


def test_headers_of_a_single_call_win(
    recording: RecordingServer, configuration: openapiopenai.Configuration
) -> None:
    with openapiopenai.ApiClient(configuration, "X-Team", "a", cookie="c=1") as client:
        headers = {"authorization": "Bearer sk-other", "x-team": "b", "ACCEPT": "text/plain"}
        openapiopenai.AudioApi(client).create_translation(WAV, "whisper-1", _headers=headers)
    sent = recording.last.headers
    for name, value in headers.items():
        assert sent.get_all(name) == [value]
    assert sent["Cookie"] == "c=1"


# -- every kind of file ---------------------------------------------------------------------


def a_path(folder: Path) -> Any:
    path = folder / "speech.wav"
    path.write_bytes(WAV)
    return path


def an_open_file(folder: Path) -> Any:
    return a_path(folder).open("rb")


def a_temporary_file(folder: Path) -> Any:
    file = tempfile.NamedTemporaryFile(suffix=".wav", dir=folder)  # noqa: SIM115 - see the test
    file.write(WAV)
    file.seek(0)
    return file


KINDS_OF_FILE = {
    "a path": a_path,
    "a path as text": lambda folder: str(a_path(folder)),
    "bytes": lambda _: WAV,
    "bytearray": lambda _: bytearray(WAV),
    "memoryview": lambda _: memoryview(WAV),
    "BytesIO": lambda _: io.BytesIO(WAV),
    "open file": an_open_file,
    "temporary file": a_temporary_file,
    "name and bytes": lambda _: ("speech.wav", WAV),
    "name and path": lambda folder: ("speech.wav", a_path(folder)),
    "name, bytes and type": lambda _: ("speech.wav", WAV, "audio/wav"),
}


@pytest.mark.parametrize("kind", list(KINDS_OF_FILE))
def test_every_kind_of_file_arrives_with_a_name_and_a_type(
    recording: RecordingServer, api: openapiopenai.AudioApi, tmp_path: Path, kind: str
) -> None:
    file = KINDS_OF_FILE[kind](tmp_path)
    for call in (api.create_transcription, api.create_translation):
        if hasattr(file, "seek"):
            file.seek(0)
        call(file, "whisper-1")
        part = file_part(recording)
        assert part.content == WAV
        assert part.content_type == "audio/wav"
        assert part.filename is not None
        assert Path(part.filename).suffix == ".wav"
    if hasattr(file, "close"):
        assert not file.closed
        file.close()


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"RIFF\0\0\0\0WAVE", "audio.wav"),
        (b"fLaC\0\0\0\x22", "audio.flac"),
        (b"OggS\0\x02", "audio.ogg"),
        (b"ID3\x04\0", "audio.mp3"),
        (b"\xff\xfb\x90\x64", "audio.mp3"),
        (b"\xff\xf1\x50\x80", "audio.aac"),
        (b"\0\0\0\x20ftypisom", "audio.mp4"),
        (b"\0\0\0\x20ftypM4A ", "audio.m4a"),
        (b"\x1aE\xdf\xa3\x9f", "audio.webm"),
    ],
)
def test_audio_in_memory_is_named_by_its_first_bytes(
    recording: RecordingServer, api: openapiopenai.AudioApi, start: bytes, name: str
) -> None:
    for file in (start, io.BytesIO(start)):
        api.create_transcription(file, "whisper-1")
        assert file_part(recording).filename == name
        assert file_part(recording).content == start
