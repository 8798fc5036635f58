"""A segment of a streamed transcript."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptTextSegmentEvent(Model):
    """A segment of a transcript that is streamed, with its speaker."""

    type: Literal["transcript.text.segment"] = Field(
        default="transcript.text.segment", description="The type of the event."
    )
    id: int | str | None = Field(default=None, description="The identifier of the segment.")
    start: float | None = Field(default=None, description="The start time, in seconds.")
    end: float | None = Field(default=None, description="The end time, in seconds.")
    text: str | None = Field(default=None, description="The text.")
    speaker: int | str | None = Field(
        default=None,
        description="The speaker: one of `known_speaker_names`, or a label such as `A`.",
    )
