"""Form fields of POST /audio/transcriptions."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from openapiopenai._files.upload import UploadField
from openapiopenai.models.audio_response_format import AudioResponseFormat
from openapiopenai.models.base import RequestModel
from openapiopenai.models.create_transcription_request_model import (
    CreateTranscriptionRequestModel,
)
from openapiopenai.models.transcription_include import TranscriptionInclude
from openapiopenai.models.vad_config import VadConfig

#: The models that OpenAI documents; a server may have others.
KnownTranscriptionModel = Literal[
    "whisper-1",
    "gpt-transcribe",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-mini-transcribe-2025-12-15",
    "gpt-4o-transcribe-diarize",
]

#: How many speakers one request may introduce (the API's description, ``maxItems``).
_MAX_SPEAKERS = 4


class CreateTranscriptionRequest(RequestModel):
    """Request for a transcription. Further keys are kept and sent."""

    file: UploadField = Field(description="The recording: flac, mp3, mp4, m4a, ogg, wav or webm.")
    model: (
        KnownTranscriptionModel
        | Annotated[str, Field(min_length=1)]
        | CreateTranscriptionRequestModel
    ) = Field(description="The name of the model: a known one, or any other that the server has.")
    language: str | None = Field(
        default=None,
        description="The language of the recording, as an ISO 639-1 code such as `en`.",
    )
    languages: list[str] | None = Field(
        default=None, description="The languages that may occur, as codes. For `gpt-transcribe`."
    )
    keywords: list[str] | None = Field(
        default=None,
        description="Words that are likely to occur, such as names. For `gpt-transcribe`.",
    )
    prompt: str | None = Field(
        default=None, description="A text whose style and spelling the transcript follows."
    )
    response_format: AudioResponseFormat | str | None = Field(
        default=None,
        description="The format of the transcript. Default: `json`. The newer models have fewer.",
    )
    temperature: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="The sampling temperature, from 0 to 1. At 0 (default) the server raises it "
        "automatically if that helps.",
    )
    include: list[TranscriptionInclude | str] | None = Field(
        default=None, description="Additions to the response: `logprobs`, for the format `json`."
    )
    timestamp_granularities: list[Literal["word", "segment"] | str] | None = Field(
        default=None,
        description="The times in `verbose_json`: `segment` (default), `word`, or both.",
    )
    stream: bool | None = Field(
        default=None, description="Whether the response is a stream of events."
    )
    chunking_strategy: VadConfig | Literal["auto"] | str | None = Field(
        default=None, description="How to cut the recording: `auto`, or settings of your own."
    )
    known_speaker_names: list[str] | None = Field(
        default=None,
        max_length=_MAX_SPEAKERS,
        description="Names of speakers that may occur.",
    )
    known_speaker_references: list[str] | None = Field(
        default=None,
        max_length=_MAX_SPEAKERS,
        description="A sample of each of these speakers, as a data URL, 2 to 10 seconds long.",
    )

    @field_validator(
        "languages",
        "keywords",
        "include",
        "timestamp_granularities",
        "known_speaker_names",
        "known_speaker_references",
        mode="before",
    )
    @classmethod
    def _list_of_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value
