"""A segment of a verbose transcript."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcription_word import TranscriptionWord


class TranscriptionSegment(Model):
    """A segment of a verbose transcript. Servers may omit any of its values."""

    id: int | str | None = Field(default=None, description="The number of the segment.")
    seek: int | None = Field(
        default=None, description="The start of its window in the audio, in frames."
    )
    start: float | None = Field(default=None, description="The start time, in seconds.")
    end: float | None = Field(default=None, description="The end time, in seconds.")
    text: str | None = Field(default=None, description="The text.")
    tokens: list[int] | None = Field(default=None, description="The tokens of the text.")
    temperature: float | None = Field(default=None, description="The sampling temperature.")
    avg_logprob: float | None = Field(
        default=None,
        description="The mean log probability; below -1 decoding has likely failed.",
    )
    compression_ratio: float | None = Field(
        default=None,
        description="The compression ratio of the text; above 2.4 decoding has likely failed.",
    )
    no_speech_prob: float | None = Field(
        default=None, description="The probability that there is no speech, from 0 to 1."
    )
    words: list[TranscriptionWord] | None = Field(
        default=None, description="The words, if the server sends them here (whisper.cpp, LocalAI)."
    )
    speaker: int | str | None = Field(
        default=None, description="The speaker, if the server sends it here (LocalAI)."
    )
