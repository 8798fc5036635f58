"""A translation in the format ``json``."""

from pydantic import Field

from openapiopenai.models.base import Model


class CreateTranslationResponseJson(Model):
    """A translation without times."""

    text: str = Field(description="The translation.")
