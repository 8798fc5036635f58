"""The usage of a speech call, in tokens."""

from pydantic import Field

from openapiopenai.models.base import Model


class SpeechAudioDoneEventUsage(Model):
    """The tokens of a speech call."""

    input_tokens: int | None = Field(default=None, description="Tokens of the text.")
    output_tokens: int | None = Field(default=None, description="Tokens of the audio.")
    total_tokens: int | None = Field(default=None, description="The sum of both.")
