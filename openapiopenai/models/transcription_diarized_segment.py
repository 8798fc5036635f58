"""A stretch of a transcript, and who said it."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcription_word import TranscriptionWord


class TranscriptionDiarizedSegment(Model):
    """A segment of a transcript that tells the speakers apart."""

    type: Literal["transcript.text.segment"] | str | None = Field(
        default=None, description="The kind of the segment: `transcript.text.segment`."
    )
    id: int | str | None = Field(default=None, description="The identifier of the segment.")
    start: float | None = Field(default=None, description="When it begins, in seconds.")
    end: float | None = Field(default=None, description="When it ends, in seconds.")
    text: str | None = Field(default=None, description="What was said.")
    speaker: int | str | None = Field(
        default=None,
        description="Who said it: one of `known_speaker_names`, or a label such as `A`.",
    )
    words: list[TranscriptionWord] | None = Field(
        default=None, description="Its words, where a server puts them here."
    )
