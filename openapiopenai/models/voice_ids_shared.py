"""The name of a shared voice."""

from typing import TYPE_CHECKING

from pydantic import Field

from openapiopenai.models.base import Wrapper


class VoiceIdsShared(Wrapper):
    """A shared voice; a plain ``str`` is equivalent.

    :param actual_instance: the name, such as ``alloy``.
    """

    actual_instance: str = Field(min_length=1, description="The name of the voice.")

    if TYPE_CHECKING:
        # pydantic's own takes keywords only
        def __init__(self, actual_instance: str) -> None: ...
