"""What went wrong, in a server's words."""

from pydantic import Field

from openapiopenai.models.base import Model


class Error(Model):
    """What went wrong, as a server reports it in an answer other than 2xx."""

    code: int | str | None = Field(
        default=None, description="What went wrong, for programs to read."
    )
    message: str | None = Field(default=None, description="What went wrong, for people to read.")
    param: str | None = Field(default=None, description="The parameter that is to blame.")
    type: str | None = Field(default=None, description="The kind of error.")
