"""The end of a streamed transcript."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage import TranscriptTextUsage
from openapiopenai.models.transcription_language import TranscriptionLanguage
from openapiopenai.models.transcription_logprob import TranscriptionLogprob


class TranscriptTextDoneEvent(Model):
    """The complete transcript and its usage: the last event of a stream."""

    type: Literal["transcript.text.done"] = Field(
        default="transcript.text.done", description="The type of the event."
    )
    text: str = Field(description="The complete transcript.")
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
