"""What is asked of a transcription endpoint."""

from typing import Literal

from pydantic import Field

from openapiopenai._files.upload import UploadField
from openapiopenai.models.audio_response_format import AudioResponseFormat
from openapiopenai.models.base import RequestModel
from openapiopenai.models.create_transcription_request_model import (
    CreateTranscriptionRequestModel,
)
from openapiopenai.models.transcription_include import TranscriptionInclude
from openapiopenai.models.vad_config import VadConfig

#: The models that the API's description names; a server may have others.
KnownTranscriptionModel = Literal[
    "whisper-1",
    "gpt-transcribe",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-mini-transcribe-2025-12-15",
    "gpt-4o-transcribe-diarize",
]

#: How many speakers one request may introduce (the API's description, ``maxItems``).
_MOST_SPEAKERS = 4


class CreateTranscriptionRequest(RequestModel):
    """Asks for a recording to be transcribed. Further keys are kept and sent."""

    file: UploadField = Field(description="The recording: flac, mp3, mp4, m4a, ogg, wav or webm.")
    model: KnownTranscriptionModel | str | CreateTranscriptionRequestModel = Field(
        description="The model that listens: `whisper-1`, `gpt-transcribe`, `gpt-4o-transcribe`, "
        "`gpt-4o-mini-transcribe`, `gpt-4o-transcribe-diarize`, or any other that the server has."
    )
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
        description="The format: `json` (default), `text`, `srt`, `verbose_json`, `vtt` or "
        "`diarized_json`. The newer models know fewer.",
    )
    temperature: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="The sampling temperature, from 0 to 1. At 0 (default) the server raises it "
        "by itself where that helps.",
    )
    include: list[TranscriptionInclude | str] | None = Field(
        default=None, description="What to add: `logprobs`, in the format `json`."
    )
    timestamp_granularities: list[Literal["word", "segment"] | str] | None = Field(
        default=None,
        description="Which times to give in `verbose_json`: `segment` (default), `word`.",
    )
    stream: bool | None = Field(
        default=None, description="Whether the answer comes as events; not for `whisper-1`."
    )
    chunking_strategy: VadConfig | Literal["auto"] | str | None = Field(
        default=None, description="How to cut the recording: `auto`, or settings of one's own."
    )
    known_speaker_names: list[str] | None = Field(
        default=None,
        max_length=_MOST_SPEAKERS,
        description="Names of speakers that may occur, at most 4.",
    )
    known_speaker_references: list[str] | None = Field(
        default=None,
        max_length=_MOST_SPEAKERS,
        description="A sample of each of these speakers, as a data URL, 2 to 10 seconds long.",
    )
