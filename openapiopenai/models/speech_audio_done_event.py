"""The end of speech that was streamed as events."""

from typing import Literal

from pydantic import AliasChoices, Field

from openapiopenai.models.base import Model
from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage


class SpeechAudioDoneEvent(Model):
    """The last event of a speech stream."""

    type: Literal["speech.audio.done"] = Field(
        default="speech.audio.done", description="The kind of the event."
    )
    usage: SpeechAudioDoneEventUsage | None = Field(
        default=None,
        validation_alias=AliasChoices("usage", "token_usage"),
        description="What the call cost. Where a server calls it `token_usage` (speaches), it is "
        "read from there.",
    )
