"""The usage of a call, in tokens."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage_tokens_input_token_details import (
    TranscriptTextUsageTokensInputTokenDetails,
)


class TranscriptTextUsageTokens(Model):
    """The usage of a model that is billed by token."""

    type: Literal["tokens"] | str | None = Field(
        default=None, description="The type of usage: `tokens`. Some servers omit it."
    )
    input_tokens: int | None = Field(
        default=None, description="Tokens of the audio and the prompt."
    )
    input_token_details: TranscriptTextUsageTokensInputTokenDetails | None = Field(
        default=None, description="The input tokens by kind."
    )
    output_tokens: int | None = Field(default=None, description="Tokens of the transcript.")
    total_tokens: int | None = Field(default=None, description="The sum of both.")
