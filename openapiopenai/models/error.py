"""The error of a response."""

from pydantic import Field

from openapiopenai.models.base import Model


class Error(Model):
    """The error in a response whose status is not 2xx."""

    code: int | str | None = Field(default=None, description="The error code, for programs.")
    message: str | None = Field(default=None, description="The message, for people.")
    param: str | None = Field(default=None, description="The parameter that caused the error.")
    type: str | None = Field(default=None, description="The type of the error.")
