"""A piece of speech, as it is made."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model


class SpeechAudioDeltaEvent(Model):
    """The next piece of speech that is streamed as events."""

    type: Literal["speech.audio.delta"] = Field(
        default="speech.audio.delta", description="The kind of the event."
    )
    audio: str = Field(description="The audio that comes next, in base64.")
