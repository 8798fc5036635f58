"""A part of a streamed transcript."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcription_logprob import TranscriptionLogprob


class TranscriptTextDeltaEvent(Model):
    """The next part of a transcript that is streamed."""

    type: Literal["transcript.text.delta"] = Field(
        default="transcript.text.delta", description="The type of the event."
    )
    delta: str = Field(description="The next part of the text.")
    logprobs: list[TranscriptionLogprob] | None = Field(
        default=None,
        description="The log probability of each token, if `include` has `logprobs`.",
    )
    segment_id: int | str | None = Field(
        default=None,
        description="The segment of the text, in a stream with speakers.",
    )
