"""A custom voice."""

from pydantic import Field

from openapiopenai.models.base import RequestModel


class CustomVoice(RequestModel):
    """A custom voice, by its identifier."""

    id: str = Field(min_length=1, description="The identifier of the voice, such as `voice_1234`.")
