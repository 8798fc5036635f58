"""A word with its times."""

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptionWord(Model):
    """A word of a transcript with its times."""

    word: str | None = Field(
        default=None, description="The word. Some servers send it as `text`, which is read too."
    )
    start: float | None = Field(default=None, description="The start time, in seconds.")
    end: float | None = Field(default=None, description="The end time, in seconds.")
