"""A detected language."""

from pydantic import Field

from openapiopenai.models.base import Model


class TranscriptionLanguage(Model):
    """A language that was detected in the audio."""

    code: str | None = Field(default=None, description="The code of the language, such as `en`.")
