"""What is asked of a translation endpoint."""

from typing import Literal

from pydantic import Field

from openapiopenai._files.upload import UploadField
from openapiopenai.models.audio_response_format import AudioResponseFormat
from openapiopenai.models.base import RequestModel
from openapiopenai.models.create_transcription_request_model import (
    CreateTranscriptionRequestModel,
)


class CreateTranslationRequest(RequestModel):
    """Asks for a recording to be translated into English. Further keys are kept and sent."""

    file: UploadField = Field(description="The recording: flac, mp3, mp4, m4a, ogg, wav or webm.")
    model: Literal["whisper-1"] | str | CreateTranscriptionRequestModel = Field(
        description="The model that listens: `whisper-1`, or any other that the server has."
    )
    prompt: str | None = Field(
        default=None, description="A text in English whose style the translation follows."
    )
    response_format: AudioResponseFormat | str | None = Field(
        default=None,
        description="The format: `json` (default), `text`, `srt`, `verbose_json` or `vtt`.",
    )
    temperature: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="The sampling temperature, from 0 to 1. At 0 (default) the server raises it "
        "by itself where that helps.",
    )
