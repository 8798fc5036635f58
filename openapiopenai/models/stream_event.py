"""An event of an unknown type."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from openapiopenai.models.base import Model


class StreamEvent(Model):
    """An event of a type that is not documented; all of its fields are readable."""

    type: str | None = Field(default=None, description="The type of the event, if it has one.")

    if TYPE_CHECKING:
        # type checkers: whatever the server sent may be read, as it is at run time
        def __getattr__(self, name: str) -> Any: ...
