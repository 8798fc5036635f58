"""How a server finds the pauses in a recording."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import RequestModel


class VadConfig(RequestModel):
    """Sets the voice activity detection that cuts a recording into chunks."""

    type: Literal["server_vad"] | str = Field(
        description="The kind of detection. Only `server_vad` is known."
    )
    prefix_padding_ms: int | None = Field(
        default=300, description="How much audio to keep before speech begins, in milliseconds."
    )
    silence_duration_ms: int | None = Field(
        default=200, description="How long a pause must last to end a chunk, in milliseconds."
    )
    threshold: float | None = Field(
        default=0.5,
        allow_inf_nan=False,
        description="How sure it must be that there is speech, from 0 to 1. "
        "Higher values suit noisy recordings.",
    )
