"""An event of a kind that this version does not know."""

from pydantic import Field

from openapiopenai.models.base import Model


class StreamEvent(Model):
    """An event that the API's description does not name; all it holds is readable."""

    type: str | None = Field(default=None, description="The kind of the event, where it says one.")
