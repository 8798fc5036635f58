"""What a call cost, in tokens."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.transcript_text_usage_tokens_input_token_details import (
    TranscriptTextUsageTokensInputTokenDetails,
)


class TranscriptTextUsageTokens(Model):
    """The tokens that a call has used, for a model that is billed by token."""

    type: Literal["tokens"] | str | None = Field(
        default=None, description="The kind of usage: `tokens`. Some servers leave it out."
    )
    input_tokens: int | None = Field(
        default=None, description="Tokens of the audio and the prompt."
    )
    input_token_details: TranscriptTextUsageTokensInputTokenDetails | None = Field(
        default=None, description="The same by kind."
    )
    output_tokens: int | None = Field(default=None, description="Tokens of the transcript.")
    total_tokens: int | None = Field(default=None, description="The sum of both.")
