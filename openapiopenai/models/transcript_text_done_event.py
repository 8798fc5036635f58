"""The end of a transcript that was streamed."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage import TranscriptTextUsage
from openapiopenai.models.transcription_language import TranscriptionLanguage
from openapiopenai.models.transcription_logprob import TranscriptionLogprob


class TranscriptTextDoneEvent(Model):
    """The whole transcript, and what it cost: the last event of a stream."""

    type: Literal["transcript.text.done"] = Field(
        default="transcript.text.done", description="The kind of the event."
    )
    text: str = Field(description="What was said, all of it.")
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
