"""A translation in the format ``verbose_json``."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcription_segment import TranscriptionSegment


class CreateTranslationResponseVerboseJson(Model):
    """A translation with its segments."""

    language: str | None = Field(
        default=None, description="The language: `english`; some servers send that of the audio."
    )
    duration: float | None = Field(
        default=None, description="The duration of the audio, in seconds."
    )
    text: str = Field(description="The translation.")
    segments: list[TranscriptionSegment] | None = Field(
        default=None, description="Segments with times and statistics."
    )
