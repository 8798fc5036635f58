"""The name of a speech-to-text model."""

from typing import TYPE_CHECKING

from pydantic import Field

from openapiopenai.models.base import Wrapper


class CreateTranscriptionRequestModel(Wrapper):
    """The model of a transcription or translation; a plain ``str`` is equivalent.

    :param actual_instance: the name.
    """

    actual_instance: str = Field(min_length=1, description="The name of the model.")

    if TYPE_CHECKING:
        # pydantic's own takes keywords only
        def __init__(self, actual_instance: str) -> None: ...
