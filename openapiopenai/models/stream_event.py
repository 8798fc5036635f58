"""An event of an unknown type."""

from pydantic import Field

from openapiopenai.models.base import Model


class StreamEvent(Model):
    """An event of a type that is not documented; all of its fields are readable."""

    type: str | None = Field(default=None, description="The type of the event, if it has one.")
