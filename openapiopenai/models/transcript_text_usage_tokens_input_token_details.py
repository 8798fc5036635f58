"""The input tokens of a call, by kind."""

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptTextUsageTokensInputTokenDetails(Model):
    """The input tokens of a call, by kind."""

    text_tokens: int | None = Field(default=None, description="Tokens of the prompt.")
    audio_tokens: int | None = Field(default=None, description="Tokens of the audio.")
