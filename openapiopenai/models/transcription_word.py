"""A word, and when it was said."""

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptionWord(Model):
    """A word of a transcript with its times."""

    word: str | None = Field(
        default=None, description="The word. Where a server calls it `text`, it is read from there."
    )
    start: float | None = Field(default=None, description="When it begins, in seconds.")
    end: float | None = Field(default=None, description="When it ends, in seconds.")
