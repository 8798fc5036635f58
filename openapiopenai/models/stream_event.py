"""An event of a kind that this version does not know."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from openapiopenai.models.base import Model


class StreamEvent(Model):
    """An event that the API's description does not name; all it holds is readable."""

    type: str | None = Field(default=None, description="The kind of the event, where it says one.")

    if TYPE_CHECKING:
        # type checkers: whatever the server sent may be read, as it is at run time
        def __getattr__(self, name: str) -> Any: ...
