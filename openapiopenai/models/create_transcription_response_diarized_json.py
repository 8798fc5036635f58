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
    """A transcript with speakers."""

    task: Literal["transcribe"] | str | None = Field(
        default=None, description="The task: `transcribe`."
    )
    duration: float | None = Field(
        default=None, description="The duration of the audio, in seconds."
    )
    text: str = Field(description="The transcript of all speakers.")
    segments: list[TranscriptionDiarizedSegment] | None = Field(
        default=None, description="Segments with times and speakers."
    )
    words: list[TranscriptionWord] | None = Field(
        default=None, description="Words with times, if the server sends them here."
    )
    languages: list[TranscriptionLanguage] | None = Field(
        default=None, description="The detected languages, if the server sends them here."
    )
    logprobs: list[TranscriptionLogprob] | None = Field(
        default=None,
        description="The log probability of each token, if the server sends it here.",
    )
    usage: TranscriptTextUsage | None = Field(
        default=None, description="The usage of the call: tokens, or seconds of audio."
    )
