"""Form fields of POST /audio/translations."""

from typing import Annotated, Literal

from pydantic import Field

from openapiopenai._files.upload import UploadField
from openapiopenai.models.audio_response_format import AudioResponseFormat
from openapiopenai.models.base import RequestModel
from openapiopenai.models.create_transcription_request_model import (
    CreateTranscriptionRequestModel,
)

#: The models that OpenAI documents; a server may have others.
KnownTranslationModel = Literal["whisper-1"]


class CreateTranslationRequest(RequestModel):
    """Request for a translation into English. Further keys are kept and sent."""

    file: UploadField = Field(description="The recording: flac, mp3, mp4, m4a, ogg, wav or webm.")
    model: (
        KnownTranslationModel
        | Annotated[str, Field(min_length=1)]
        | CreateTranscriptionRequestModel
    ) = Field(description="The name of the model: a known one, or any other that the server has.")
    prompt: str | None = Field(
        default=None, description="A text in English whose style the translation follows."
    )
    response_format: AudioResponseFormat | str | None = Field(
        default=None,
        description="The format of the translation. Default: `json`.",
    )
    temperature: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="The sampling temperature, from 0 to 1. At 0 (default) the server raises it "
        "automatically if that helps.",
    )
