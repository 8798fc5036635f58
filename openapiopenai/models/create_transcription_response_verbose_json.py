"""A transcript in the format ``verbose_json``."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage import TranscriptTextUsage
from openapiopenai.models.transcription_language import TranscriptionLanguage
from openapiopenai.models.transcription_logprob import TranscriptionLogprob
from openapiopenai.models.transcription_segment import TranscriptionSegment
from openapiopenai.models.transcription_word import TranscriptionWord


class CreateTranscriptionResponseVerboseJson(Model):
    """A transcript with its language, duration, segments and words."""

    language: str | None = Field(
        default=None,
        description="The language: a code or an English name, as the server sends it.",
    )
    duration: float | None = Field(
        default=None, description="The duration of the audio, in seconds."
    )
    text: str = Field(description="The text.")
    words: list[TranscriptionWord] | None = Field(
        default=None,
        description="Words with times, if `timestamp_granularities` has `word`.",
    )
    segments: list[TranscriptionSegment] | None = Field(
        default=None, description="Segments with times and statistics."
    )
    languages: list[TranscriptionLanguage] | None = Field(
        default=None, description="The detected languages, if the server sends them here."
    )
    logprobs: list[TranscriptionLogprob] | None = Field(
        default=None,
        description="The log probability of each token, if the server sends it here.",
    )
    usage: TranscriptTextUsage | None = Field(
        default=None, description="The usage of the call: seconds of audio, or tokens."
    )
