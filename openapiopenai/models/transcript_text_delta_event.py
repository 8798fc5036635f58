"""A piece of a transcript, as it is made."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcription_logprob import TranscriptionLogprob


class TranscriptTextDeltaEvent(Model):
    """The next piece of a transcript that is streamed."""

    type: Literal["transcript.text.delta"] = Field(
        default="transcript.text.delta", description="The kind of the event."
    )
    delta: str = Field(description="The text that comes next.")
    logprobs: list[TranscriptionLogprob] | None = Field(
        default=None,
        description="How sure the model was of each token, where `include` asked for it.",
    )
    segment_id: int | str | None = Field(
        default=None,
        description="The segment that the text belongs to, where speakers are told apart.",
    )
