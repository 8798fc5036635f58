"""A segment of a transcript, as it is finished."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptTextSegmentEvent(Model):
    """A segment of a transcript that is streamed, with its speaker."""

    type: Literal["transcript.text.segment"] = Field(
        default="transcript.text.segment", description="The kind of the event."
    )
    id: int | str | None = Field(default=None, description="The identifier of the segment.")
    start: float | None = Field(default=None, description="When it begins, in seconds.")
    end: float | None = Field(default=None, description="When it ends, in seconds.")
    text: str | None = Field(default=None, description="What was said.")
    speaker: int | str | None = Field(
        default=None,
        description="Who said it: one of `known_speaker_names`, or a label such as `A`.",
    )
