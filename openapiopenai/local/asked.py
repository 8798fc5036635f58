"""What a request asks for: its documented fields, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.datastructures import FormData, UploadFile

from openapiopenai.local.codecs import FORMATS
from openapiopenai.local.errors import ApiError
from openapiopenai.local.fields import Fields, wrong
from openapiopenai.local.pauses import PADDING_SECONDS, PAUSE_SECONDS
from openapiopenai.local.speech import VOICES

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Characters that ``input`` and ``instructions`` may have: OpenAI's documented limit.
LONGEST_TEXT = 4096

TRANSCRIPT_FORMATS = ("json", "text", "srt", "verbose_json", "vtt")

_STREAMED_FORMATS = ("json", "text")
_MOST_SPEAKERS = 4


@dataclass(frozen=True)
class SpeechRequest:
    """What is to be spoken, and how."""

    text: str
    voice: str
    speech_format: str
    speed: float
    as_events: bool


@dataclass(frozen=True)
class TranscriptRequest:
    """What is to be recognised, and how it is to be told."""

    audio: bytes
    response_format: str
    task: str = "transcribe"
    stream: bool = False
    granularities: tuple[str, ...] = ("segment",)
    logprobs: bool = False
    name_languages: bool = False
    pause_seconds: float = PAUSE_SECONDS
    padding_seconds: float = PADDING_SECONDS


def speech_request(body: Mapping[str, object]) -> SpeechRequest:
    """Read the JSON object of a request for speech; unknown fields are passed over.

    :param body: the object.
    :return: what is asked for, defaults filled in.
    :raises ApiError: 422 for a missing field, 404 for a custom voice, 400 for what is wrong.
    """
    fields = Fields(body)
    fields.required_text("model")
    fields.text("instructions", longest=LONGEST_TEXT)
    return SpeechRequest(
        text=fields.required_text("input", longest=LONGEST_TEXT),
        voice=_voice(fields, body),
        speech_format=fields.choice("response_format", FORMATS, "mp3"),
        speed=fields.number("speed", 1.0, least=0.25, most=4.0),
        as_events=fields.choice("stream_format", ("audio", "sse"), "audio") == "sse",
    )


async def transcription_request(form: FormData) -> TranscriptRequest:
    """Read the form of a request for a transcription; unknown fields are passed over.

    :param form: the form: lists are named ``name[]``, members of objects ``name[member]``.
    :return: what is asked for, defaults filled in.
    :raises ApiError: 422 for a field that is missing, 400 for what is wrong.
    """
    fields = Fields(form)
    fields.texts("keywords[]")
    fields.texts("known_speaker_names[]", most=_MOST_SPEAKERS)
    fields.texts("known_speaker_references[]", most=_MOST_SPEAKERS)
    stream = fields.choice("stream", ("true", "false"), "false") == "true"
    pause, padding = _chunking(fields)
    return TranscriptRequest(
        audio=await _audio(fields, form),
        response_format=_transcript_format(fields, stream=stream),
        stream=stream,
        granularities=tuple(fields.choices("timestamp_granularities[]", ("word", "segment")))
        or ("segment",),
        logprobs="logprobs" in fields.choices("include[]", ("logprobs",)),
        name_languages=_check_languages(fields),
        pause_seconds=pause,
        padding_seconds=padding,
    )


async def translation_request(form: FormData) -> TranscriptRequest:
    """Read the form of a request for a translation; unknown fields are passed over.

    :param form: the form.
    :return: what is asked for, defaults filled in.
    :raises ApiError: 422 for a field that is missing, 400 for what is wrong.
    """
    fields = Fields(form)
    _check_languages(fields)
    return TranscriptRequest(
        audio=await _audio(fields, form),
        response_format=_transcript_format(fields, stream=False),
        task="translate",
    )


def _voice(fields: Fields, body: Mapping[str, object]) -> str:
    fields.require("voice")
    voice = body["voice"]
    if isinstance(voice, dict):
        name = Fields(cast("dict[str, object]", voice)).required_text("id")
        if name not in VOICES:
            raise ApiError(
                404,
                f"No custom voice has the id {name[:50]!r}: this server has none.",
                param="voice",
                code="voice_not_found",
            )
        return name
    return fields.choice("voice", VOICES, "alloy")


async def _audio(fields: Fields, form: FormData) -> bytes:
    """Read the upload, and the fields that stand beside it at both endpoints."""
    fields.required_text("model")
    fields.text("prompt")
    fields.number("temperature", 0.0)
    fields.require("file")
    upload = form["file"]
    if not isinstance(upload, UploadFile):
        wrong("file", "must be uploaded as a file: a form part with a file name.")
    audio = await upload.read()
    if not audio:
        wrong("file", "is empty.")
    return audio


def _transcript_format(fields: Fields, *, stream: bool) -> str:
    if fields.given("response_format") and fields.text("response_format") == "diarized_json":
        wrong(
            "response_format",
            "cannot be diarized_json here: no engine of this server tells speakers apart.",
            code="unsupported_value",
        )
    chosen = fields.choice("response_format", TRANSCRIPT_FORMATS, "json")
    if stream and chosen not in _STREAMED_FORMATS:
        wrong(
            "response_format",
            f"{chosen} cannot be streamed; use {' or '.join(_STREAMED_FORMATS)}.",
            code="unsupported_value",
        )
    return chosen


def _check_languages(fields: Fields) -> bool:
    """Refuse all languages but English; tells whether several were named as possible."""
    possible = fields.texts("languages[]")
    if possible and not any(map(_is_english, possible)):
        _not_english("languages[]")
    if not _is_english(fields.text("language") or "en"):
        _not_english("language")
    return bool(possible)


def _is_english(language: str) -> bool:
    return language.strip().lower().replace("_", "-").split("-")[0] in {"en", "english"}


def _not_english(name: str) -> None:
    wrong(name, "must be English (en): this server knows no other.", code="unsupported_language")


def _chunking(fields: Fields) -> tuple[float, float]:
    """Read where a recording is to be cut: seconds of pause, and of silence that is kept."""
    fields.choice("chunking_strategy", ("auto",), "auto")
    if not fields.given("chunking_strategy[type]"):
        return PAUSE_SECONDS, PADDING_SECONDS
    fields.choice("chunking_strategy[type]", ("server_vad",), "server_vad")
    fields.number("chunking_strategy[threshold]", 0.5, least=0, most=1)
    pause = fields.number("chunking_strategy[silence_duration_ms]", 200, least=50, most=10_000)
    padding = fields.number("chunking_strategy[prefix_padding_ms]", 300, least=0, most=10_000)
    return pause / 1000, padding / 1000
