"""What a call cost, in seconds of audio."""

from typing import Literal

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptTextUsageDuration(Model):
    """The seconds of audio in a call, for a model that is billed by time."""

    type: Literal["duration"] | str | None = Field(
        default=None, description="The kind of usage: `duration`. Some servers leave it out."
    )
    seconds: float | None = Field(
        default=None, description="The duration of the audio, in seconds."
    )
