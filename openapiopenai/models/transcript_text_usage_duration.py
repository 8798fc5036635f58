"""The usage of a call, in seconds of audio."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptTextUsageDuration(Model):
    """The usage of a model that is billed by time."""

    type: Literal["duration"] | str | None = Field(
        default=None, description="The type of usage: `duration`. Some servers omit it."
    )
    seconds: float | None = Field(
        default=None, description="The duration of the audio, in seconds."
    )
