"""Request body of POST /audio/speech."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import NotRequired, TypedDict

from openapiopenai.models.base import RequestModel
from openapiopenai.models.create_speech_request_model import CreateSpeechRequestModel
from openapiopenai.models.custom_voice import CustomVoice
from openapiopenai.models.voice_ids_or_custom_voice import VoiceIdsOrCustomVoice
from openapiopenai.models.voice_ids_shared import VoiceIdsShared

#: The voices that OpenAI documents; a server may have others.
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

#: The models that OpenAI documents; a server may have others.
KnownSpeechModel = Literal["gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15", "tts-1", "tts-1-hd"]

#: The formats that OpenAI documents; a server may have others.
KnownSpeechFormat = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]

#: The longest text of one request, in characters (the API's description, ``maxLength``).
MAX_TEXT = 4096


class CreateSpeechRequest(RequestModel):
    """Request for speech. Further keys are kept and sent."""

    model: KnownSpeechModel | Annotated[str, Field(min_length=1)] | CreateSpeechRequestModel = (
        Field(description="The name of the model: a known one, or any other that the server has.")
    )
    input: str = Field(min_length=1, max_length=MAX_TEXT, description="The text to speak.")
    instructions: str | None = Field(
        default=None,
        max_length=MAX_TEXT,
        description="How to speak: tone, pace, accent. Not supported by the `tts` models.",
    )
    voice: (
        KnownVoice
        | Annotated[str, Field(min_length=1)]
        | VoiceIdsOrCustomVoice
        | VoiceIdsShared
        | CustomVoice
    ) = Field(description='The voice: a name, or `{"id": ...}` for a custom voice.')
    response_format: KnownSpeechFormat | str | None = Field(
        default="mp3",
        description="The format of the audio. `pcm` is 24 kHz, 16 bits, mono, without a header.",
    )
    speed: float | None = Field(
        default=1, ge=0.25, le=4, allow_inf_nan=False, description="The speed; 1 is normal."
    )
    stream_format: Literal["audio", "sse"] | str | None = Field(
        default="audio",
        description="The format of the response: plain audio, or server-sent events. "
        "`sse` is not supported by the `tts` models.",
    )


class CreateSpeechRequestDict(TypedDict):
    """The keys of a :class:`CreateSpeechRequest`, for a request that is written as a ``dict``."""

    model: KnownSpeechModel | str | CreateSpeechRequestModel
    input: str
    voice: (
        KnownVoice | str | VoiceIdsOrCustomVoice | VoiceIdsShared | CustomVoice | Mapping[str, str]
    )
    instructions: NotRequired[str | None]
    response_format: NotRequired[KnownSpeechFormat | str | None]
    speed: NotRequired[float | None]
    stream_format: NotRequired[Literal["audio", "sse"] | str | None]
