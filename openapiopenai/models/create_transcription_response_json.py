"""A transcript in the format ``json``."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage import TranscriptTextUsage
from openapiopenai.models.transcription_language import TranscriptionLanguage
from openapiopenai.models.transcription_logprob import TranscriptionLogprob


class CreateTranscriptionResponseJson(Model):
    """A transcript without times."""

    text: str = Field(description="What was said.")
    languages: list[TranscriptionLanguage] | None = Field(
        default=None, description="The languages that were heard."
    )
    logprobs: list[TranscriptionLogprob] | None = Field(
        default=None,
        description="How sure the model was of each token, where `include` asked for it.",
    )
    usage: TranscriptTextUsage | None = Field(
        default=None, description="What the call cost: tokens, or seconds of audio."
    )
