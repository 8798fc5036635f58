"""The name of a model that speaks."""

from typing import TYPE_CHECKING

from pydantic import Field

from openapiopenai.models.base import Wrapper


class CreateSpeechRequestModel(Wrapper):
    """Names the model of a speech request; a plain ``str`` does the same.

    :param actual_instance: the name.
    """

    actual_instance: str = Field(min_length=1, description="The name of the model.")

    if TYPE_CHECKING:
        # pydantic's own is by keyword alone
        def __init__(self, actual_instance: str) -> None: ...
