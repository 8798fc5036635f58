"""What a call cost, in seconds of audio."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptTextUsageDuration(Model):
    """The duration that a model which is billed by time has heard."""

    type: Literal["duration"] | str | None = Field(
        default=None, description="The kind of usage: `duration`. Some servers leave it out."
    )
    seconds: float | None = Field(
        default=None, description="The duration of the audio, in seconds."
    )
