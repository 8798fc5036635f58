"""Settings of voice activity detection."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import RequestModel


class VadConfig(RequestModel):
    """The settings of the voice activity detection that cuts a recording into chunks."""

    type: Literal["server_vad"] | str = Field(
        description="The type of detection. OpenAI has `server_vad`."
    )
    prefix_padding_ms: int | None = Field(
        default=300, description="The audio to keep before speech begins, in milliseconds."
    )
    silence_duration_ms: int | None = Field(
        default=200, description="The length of the pause that ends a chunk, in milliseconds."
    )
    threshold: float | None = Field(
        default=0.5,
        allow_inf_nan=False,
        description="The probability above which audio counts as speech, from 0 to 1. "
        "Higher values suit noisy recordings.",
    )
