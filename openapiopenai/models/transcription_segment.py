"""A stretch of a transcript, and how sure the model was of it."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcription_word import TranscriptionWord


class TranscriptionSegment(Model):
    """A segment of a verbose transcript. Servers may leave out any of its values."""

    id: int | str | None = Field(default=None, description="The number of the segment.")
    seek: int | None = Field(
        default=None, description="Where in the audio its window begins, in frames."
    )
    start: float | None = Field(default=None, description="When it begins, in seconds.")
    end: float | None = Field(default=None, description="When it ends, in seconds.")
    text: str | None = Field(default=None, description="What was said.")
    tokens: list[int] | None = Field(default=None, description="The tokens of the text.")
    temperature: float | None = Field(default=None, description="The sampling temperature it took.")
    avg_logprob: float | None = Field(
        default=None,
        description="The mean log probability; below -1 the decoding has likely failed.",
    )
    compression_ratio: float | None = Field(
        default=None, description="How repetitive it is; above 2.4 the decoding has likely failed."
    )
    no_speech_prob: float | None = Field(
        default=None, description="How likely it holds no speech, from 0 to 1."
    )
    words: list[TranscriptionWord] | None = Field(
        default=None, description="Its words, where a server puts them here (whisper.cpp, LocalAI)."
    )
    speaker: int | str | None = Field(
        default=None, description="Who said it, where a server tells it here (LocalAI)."
    )
