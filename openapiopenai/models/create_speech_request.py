"""What is asked of a speech endpoint."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import RequestModel
from openapiopenai.models.create_speech_request_model import CreateSpeechRequestModel
from openapiopenai.models.custom_voice import CustomVoice
from openapiopenai.models.voice_ids_or_custom_voice import VoiceIdsOrCustomVoice
from openapiopenai.models.voice_ids_shared import VoiceIdsShared

#: The voices that the API's description and its documents name; a server may have others.
KnownVoice = Literal[
    "alloy",
    "ash",
    "ballad",
    "cedar",
    "coral",
    "echo",
    "fable",
    "marin",
    "nova",
    "onyx",
    "sage",
    "shimmer",
    "verse",
]

#: The models that the API's description names; a server may have others.
KnownSpeechModel = Literal["gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15", "tts-1", "tts-1-hd"]

#: The longest text that one request may hold (the API's description, ``maxLength``).
_LONGEST_TEXT = 4096


class CreateSpeechRequest(RequestModel):
    """Asks for a text to be spoken. Further keys are kept and sent."""

    model: KnownSpeechModel | str | CreateSpeechRequestModel = Field(
        description="The model that speaks: `gpt-4o-mini-tts`, `tts-1`, `tts-1-hd`, or any other "
        "that the server has."
    )
    input: str = Field(min_length=1, max_length=_LONGEST_TEXT, description="The text to be spoken.")
    instructions: str | None = Field(
        default=None,
        max_length=_LONGEST_TEXT,
        description="How to speak: tone, pace, accent. Not for `tts-1` and `tts-1-hd`.",
    )
    voice: KnownVoice | str | VoiceIdsOrCustomVoice | VoiceIdsShared | CustomVoice = Field(
        description='The voice: a name, or `{"id": ...}` for a custom voice.'
    )
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | str | None = Field(
        default="mp3",
        description="The format of the audio. `pcm` is 24 kHz, 16 bits, mono, without a header.",
    )
    speed: float | None = Field(
        default=1, ge=0.25, le=4, allow_inf_nan=False, description="How fast to speak; 1 is normal."
    )
    stream_format: Literal["audio", "sse"] | str | None = Field(
        default="audio",
        description="How the answer travels: as it is, or as server-sent events. "
        "`sse` is not for `tts-1` and `tts-1-hd`.",
    )
