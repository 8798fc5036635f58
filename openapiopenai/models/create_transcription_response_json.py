"""A transcript in the format ``json``."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage import TranscriptTextUsage
from openapiopenai.models.transcription_language import TranscriptionLanguage
from openapiopenai.models.transcription_logprob import TranscriptionLogprob


class CreateTranscriptionResponseJson(Model):
    """A transcript without times."""

    text: str = Field(description="The text.")
    languages: list[TranscriptionLanguage] | None = Field(
        default=None, description="The detected languages."
    )
    logprobs: list[TranscriptionLogprob] | None = Field(
        default=None,
        description="The log probability of each token, if `include` has `logprobs`.",
    )
    usage: TranscriptTextUsage | None = Field(
        default=None, description="The usage of the call: tokens, or seconds of audio."
    )
