"""The log probability of a token."""

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptionLogprob(Model):
    """A token of a transcript and its log probability."""

    token: str | None = Field(default=None, description="The token.")
    logprob: float | None = Field(default=None, description="The log probability, at most 0.")
    bytes: list[int] | None = Field(default=None, description="The token's UTF-8 bytes.")
