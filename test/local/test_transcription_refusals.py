"""What a transcription cannot be made of, or with, is refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from local.caller import form, speech

if TYPE_CHECKING:
    from local.caller import Caller


@pytest.mark.parametrize(
    ("field", "param", "code"),
    [
        (("response_format", "xml"), "response_format", "invalid_value"),
        (("response_format", ""), "response_format", "invalid_value"),
        (("response_format", "diarized_json"), "response_format", "unsupported_value"),
        (("language", "fr"), "language", "unsupported_language"),
        (("languages[]", "fr"), "languages", "unsupported_language"),
        (("temperature", "warm"), "temperature", "invalid_value"),
        (("temperature", "nan"), "temperature", "invalid_value"),
        (("stream", "yes"), "stream", "invalid_value"),
        (("include[]", "everything"), "include", "invalid_value"),
        (("timestamp_granularities[]", "letter"), "timestamp_granularities", "invalid_value"),
        (("chunking_strategy", "none"), "chunking_strategy", "invalid_value"),
        (("chunking_strategy[type]", "none"), "chunking_strategy[type]", "invalid_value"),
    ],
)
def test_invalid_values_are_refused_by_name(
    caller: Caller, sentence_mp3: bytes, field: tuple[str, str], param: str, code: str
) -> None:
    reply = caller.transcription(sentence_mp3, field)
    assert reply.status == 400
    assert (reply.error["param"], reply.error["code"]) == (param, code)
    assert reply.headers["x-request-id"]


def test_an_error_has_its_reason(caller: Caller, sentence_mp3: bytes) -> None:
    diarized = caller.transcription(sentence_mp3, ("response_format", "diarized_json"))
    assert "speakers" in diarized.error["message"]
    french = caller.transcription(sentence_mp3, ("language", "fr"))
    assert "English" in french.error["message"]


@pytest.mark.parametrize("response_format", ["srt", "vtt", "verbose_json"])
def test_only_text_can_be_streamed(
    caller: Caller, sentence_mp3: bytes, response_format: str
) -> None:
    fields = [("stream", "true"), ("response_format", response_format)]
    reply = caller.transcription(sentence_mp3, *fields)
    assert (reply.status, reply.error["param"]) == (400, "response_format")


def test_vad_settings_must_be_numbers_in_range(caller: Caller, sentence_mp3: bytes) -> None:
    for name, value in (
        ("threshold", "2"),
        ("silence_duration_ms", "x"),
        ("prefix_padding_ms", "-1"),
    ):
        reply = caller.transcription(
            sentence_mp3,
            ("chunking_strategy[type]", "server_vad"),
            (f"chunking_strategy[{name}]", value),
        )
        assert (reply.status, reply.error["param"]) == (400, f"chunking_strategy[{name}]")


def test_there_are_at_most_four_speakers(caller: Caller, sentence_mp3: bytes) -> None:
    reply = caller.transcription(sentence_mp3, *[("known_speaker_names[]", "Ann")] * 5)
    assert (reply.status, reply.error["param"]) == (400, "known_speaker_names")


@pytest.mark.parametrize("path", ["/v1/audio/transcriptions", "/v1/audio/translations"])
@pytest.mark.parametrize(("audio", "model", "param"), [(None, "m", "file"), (b"x", None, "model")])
def test_missing_parameters_are_named(
    caller: Caller, path: str, audio: bytes | None, model: str | None, param: str
) -> None:
    reply = caller.send("POST", path, *form(audio, model=model))
    assert (reply.status, reply.error["param"]) == (422, param)
    assert reply.error["code"] == "missing_required_parameter"


def test_a_file_must_be_a_file(caller: Caller, sentence_mp3: bytes) -> None:
    assert caller.transcription(b"").error["param"] == "file"
    named_only = caller.transcription(None, ("file", "hello.mp3"))
    assert (named_only.status, named_only.error["param"]) == (400, "file")
    elsewhere = caller.send(
        "POST",
        "/v1/audio/transcriptions",
        form(sentence_mp3)[0].replace(b'name="model"', b'name="model"; filename="m"'),
        form(None)[1],
    )
    assert (elsewhere.status, elsewhere.error["param"]) == (400, "model")


@pytest.mark.parametrize("audio", [b"hello", bytes(4000), b"#EXTM3U\nhttp://127.0.0.1/a.mp3\n"])
def test_data_that_is_not_audio_is_refused(caller: Caller, audio: bytes) -> None:
    reply = caller.transcription(audio)
    assert (reply.status, reply.error["param"]) == (400, "file")
    assert reply.error["code"] == "unsupported_audio"


def test_a_body_that_is_not_a_form_is_refused(caller: Caller) -> None:
    reply = caller.send("POST", "/v1/audio/transcriptions", *speech("Hello."))
    assert (reply.status, reply.error["type"]) == (415, "invalid_request_error")


def test_a_broken_form_is_refused(caller: Caller) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    reply = caller.send("POST", "/v1/audio/transcriptions", b"--x\r\nbroken", headers)
    assert (reply.status, reply.error["type"]) == (400, "invalid_request_error")
