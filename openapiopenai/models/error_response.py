"""The body of an error response."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.error import Error


class ErrorResponse(Model):
    """The body of a response whose status is not 2xx, as OpenAI sends it."""

    error: Error | str = Field(description="The error; some servers send only its text.")
