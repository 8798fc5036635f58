"""The end of speech that was streamed as events."""

from typing import Literal

from pydantic import AliasChoices, Field

from openapiopenai.models.base import Model
from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage


class SpeechAudioDoneEvent(Model):
    """The last event of a speech stream."""

    type: Literal["speech.audio.done"] = Field(
        default="speech.audio.done", description="The type of the event."
    )
    usage: SpeechAudioDoneEventUsage | None = Field(
        default=None,
        validation_alias=AliasChoices("usage", "token_usage"),
        description="The usage of the call. speaches sends it as `token_usage`, which is read too.",
    )
