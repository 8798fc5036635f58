"""An answer that tells of an error."""

from pydantic import Field

from openapiopenai.models.base import Model
from openapiopenai.models.error import Error


class ErrorResponse(Model):
    """The body of an answer other than 2xx, as OpenAI writes it."""

    error: Error | str = Field(description="The error; some servers give only its text.")
