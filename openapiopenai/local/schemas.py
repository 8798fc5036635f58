"""Request models of the endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError
from starlette.datastructures import UploadFile  # noqa: TC002 - pydantic evaluates annotations

from openapiopenai.local.codecs import FORMATS
from openapiopenai.local.synthesizer import VOICES
from openapiopenai.local.vad import PADDING_SECONDS, PAUSE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from openapiopenai.local.limits import Limits

#: The transcript formats of this server: OpenAI's but for ``diarized_json``.
TRANSCRIPT_FORMATS = ("json", "text", "srt", "verbose_json", "vtt")

#: Characters of ``instructions``: the API's description, ``maxLength``.
MAX_INSTRUCTIONS = 4096

#: Known speakers per request: the API's description, ``maxItems``.
MAX_SPEAKERS = 4

_STREAMED_FORMATS = ("json", "text")


def _one_of(options: Collection[str]) -> AfterValidator:
    """Return a validator for strings that must be one of a few."""

    def check(value: str) -> str:
        if value not in options:
            context = {"options": ", ".join(options), "value": repr(value[:50])}
            raise PydanticCustomError(
                "not_an_option", "must be one of {options}, not {value}", context
            )
        return value

    return AfterValidator(check)


def _require_text(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty_string", "must not be empty")
    return value


def _require_audio(file: UploadFile) -> UploadFile:
    if not file.size:
        raise PydanticCustomError("empty_file", "is empty")
    return file


def _refuse_diarization(response_format: str) -> str:
    if response_format == "diarized_json":
        raise PydanticCustomError(
            "unsupported_value",
            "cannot be diarized_json: no engine of this server can tell speakers apart",
        )
    return response_format


def _is_english(language: str) -> bool:
    return language.strip().lower().replace("_", "-").split("-")[0] in {"en", "english"}


def _require_english(language: str) -> str:
    _require_some_english([language or "en"])
    return language


def _require_some_english(languages: list[str]) -> list[str]:
    if languages and not any(map(_is_english, languages)):
        raise PydanticCustomError(
            "unsupported_language", "must be English (en): this server knows no other language"
        )
    return languages


_Text = Annotated[str, AfterValidator(_require_text)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Speakers = Annotated[list[str], Field(max_length=MAX_SPEAKERS)]


class _Request(BaseModel):
    """Base of the request models: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)


class _JsonObject(_Request):
    """Base of JSON objects, in which null stands for a missing value."""

    model_config = ConfigDict(strict=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_null(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        fields = cast("dict[str, Any]", data)
        return {name: value for name, value in fields.items() if value is not None}


class CustomVoice(_JsonObject):
    """A voice by id; this server accepts the names of its voices as ids."""

    id: _Text


class SpeechRequest(_JsonObject):
    """Request body of ``POST /audio/speech``."""

    model: _Text
    input: _Text
    instructions: str = Field("", max_length=MAX_INSTRUCTIONS)
    # The tags appear in the locations of errors, where they must be names of parameters.
    voice: Annotated[
        Annotated[str, _one_of(VOICES), Tag("voice")] | Annotated[CustomVoice, Tag("id")],
        Discriminator(lambda voice: "id" if isinstance(voice, dict) else "voice"),
    ]
    response_format: Annotated[str, _one_of(FORMATS)] = "mp3"
    speed: _Number = Field(1.0, ge=0.25, le=4.0)
    stream_format: Annotated[str, _one_of(("audio", "sse"))] = "audio"

    @property
    def voice_name(self) -> str:
        """The name of the voice."""
        return self.voice if isinstance(self.voice, str) else self.voice.id

    @field_validator("input")
    @classmethod
    def _limit_input(cls, text: str, info: ValidationInfo) -> str:
        max_length = cast("Limits", info.context).max_characters
        if len(text) > max_length:
            raise PydanticKnownError("string_too_long", {"max_length": max_length})
        return text

    @field_validator("voice")
    @classmethod
    def _find_custom_voice(cls, voice: str | CustomVoice) -> str | CustomVoice:
        if isinstance(voice, CustomVoice) and voice.id not in VOICES:
            raise PydanticCustomError(
                "voice_not_found",
                "cannot be the custom voice {id}: this server has none",
                {"id": repr(voice.id[:50])},
            )
        return voice


class TranscriptionRequest(_Request):
    """Form of ``POST /audio/transcriptions``."""

    task: ClassVar[str] = "transcribe"

    file: Annotated[UploadFile, AfterValidator(_require_audio)]
    model: _Text
    prompt: str = ""
    temperature: _Number = 0.0
    language: Annotated[str, AfterValidator(_require_english)] = ""
    stream: Annotated[str, _one_of(("true", "false"))] = "false"
    response_format: Annotated[
        str, AfterValidator(_refuse_diarization), _one_of(TRANSCRIPT_FORMATS)
    ] = "json"
    languages: Annotated[list[str], AfterValidator(_require_some_english)] = Field(
        [], alias="languages[]"
    )
    keywords: list[str] = Field([], alias="keywords[]")
    include: list[Annotated[str, _one_of(("logprobs",))]] = Field([], alias="include[]")
    granularities: list[Annotated[str, _one_of(("word", "segment"))]] = Field(
        ["segment"], alias="timestamp_granularities[]"
    )
    known_speaker_names: _Speakers = Field([], alias="known_speaker_names[]")
    known_speaker_references: _Speakers = Field([], alias="known_speaker_references[]")
    chunking_strategy: Annotated[str, _one_of(("auto",))] = "auto"
    vad: Annotated[str, _one_of(("server_vad",))] = Field("", alias="chunking_strategy[type]")
    threshold: _Number = Field(0.5, ge=0, le=1, alias="chunking_strategy[threshold]")
    silence_duration_ms: _Number = Field(
        200, ge=50, le=10_000, alias="chunking_strategy[silence_duration_ms]"
    )
    prefix_padding_ms: _Number = Field(
        300, ge=0, le=10_000, alias="chunking_strategy[prefix_padding_ms]"
    )

    @property
    def is_streamed(self) -> bool:
        """Whether the transcript is sent as server-sent events."""
        return self.stream == "true"

    @property
    def pause_seconds(self) -> float:
        """Seconds of silence between two utterances."""
        return self.silence_duration_ms / 1000 if self.vad else PAUSE_SECONDS

    @property
    def padding_seconds(self) -> float:
        """Seconds of silence kept around an utterance."""
        return self.prefix_padding_ms / 1000 if self.vad else PADDING_SECONDS

    @field_validator("response_format")
    @classmethod
    def _require_streamable(cls, response_format: str, info: ValidationInfo) -> str:
        if info.data.get("stream") == "true" and response_format not in _STREAMED_FORMATS:
            raise PydanticCustomError(
                "unsupported_value",
                "cannot be {format} for a stream; use {streamed}",
                {"format": response_format, "streamed": " or ".join(_STREAMED_FORMATS)},
            )
        return response_format


class TranslationRequest(TranscriptionRequest):
    """Form of ``POST /audio/translations``, which has fewer fields."""

    task: ClassVar[str] = "translate"

    @model_validator(mode="before")
    @classmethod
    def _drop_transcription_fields(cls, form: dict[str, Any]) -> dict[str, Any]:
        names = ("file", "model", "prompt", "temperature", "language", "response_format")
        return {name: form[name] for name in names if name in form}
