"""A transcript in the format ``diarized_json``."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage import TranscriptTextUsage
from openapiopenai.models.transcription_diarized_segment import TranscriptionDiarizedSegment
from openapiopenai.models.transcription_language import TranscriptionLanguage
from openapiopenai.models.transcription_logprob import TranscriptionLogprob
from openapiopenai.models.transcription_word import TranscriptionWord


class CreateTranscriptionResponseDiarizedJson(Model):
    """A transcript that tells the speakers apart."""

    task: Literal["transcribe"] | str | None = Field(
        default=None, description="What was done: `transcribe`."
    )
    duration: float | None = Field(
        default=None, description="The duration of the audio, in seconds."
    )
    text: str = Field(description="What was said, by all speakers.")
    segments: list[TranscriptionDiarizedSegment] | None = Field(
        default=None, description="Segments with times and speakers."
    )
    words: list[TranscriptionWord] | None = Field(
        default=None, description="Words with times, where a server tells them here."
    )
    languages: list[TranscriptionLanguage] | None = Field(
        default=None, description="The languages that were heard, where a server tells them here."
    )
    logprobs: list[TranscriptionLogprob] | None = Field(
        default=None,
        description="How sure the model was of each token, where a server tells it here.",
    )
    usage: TranscriptTextUsage | None = Field(
        default=None, description="What the call cost: tokens, or seconds of audio."
    )
