"""A part of streamed speech."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model


class SpeechAudioDeltaEvent(Model):
    """The next part of speech that is streamed as events."""

    type: Literal["speech.audio.delta"] = Field(
        default="speech.audio.delta", description="The type of the event."
    )
    audio: str = Field(description="The next part of the audio, in base64.")
