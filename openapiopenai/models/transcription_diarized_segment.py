"""A segment of a transcript, with its speaker."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcription_word import TranscriptionWord


class TranscriptionDiarizedSegment(Model):
    """A segment of a transcript with speakers."""

    type: Literal["transcript.text.segment"] | str | None = Field(
        default=None, description="The type of the segment: `transcript.text.segment`."
    )
    id: int | str | None = Field(default=None, description="The identifier of the segment.")
    start: float | None = Field(default=None, description="The start time, in seconds.")
    end: float | None = Field(default=None, description="The end time, in seconds.")
    text: str | None = Field(default=None, description="The text.")
    speaker: int | str | None = Field(
        default=None,
        description="The speaker: one of `known_speaker_names`, or a label such as `A`.",
    )
    words: list[TranscriptionWord] | None = Field(
        default=None, description="The words, if the server sends them here."
    )
