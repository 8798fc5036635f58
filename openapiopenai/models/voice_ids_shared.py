"""The name of a voice."""

from typing import TYPE_CHECKING

from pydantic import Field

from openapiopenai.models.base import Wrapper


class VoiceIdsShared(Wrapper):
    """Names one of the voices that all may use; a plain ``str`` does the same.

    :param actual_instance: the name, such as ``alloy``.
    """

    actual_instance: str = Field(min_length=1, description="The name of the voice.")

    if TYPE_CHECKING:
        # pydantic's own is by keyword alone
        def __init__(self, actual_instance: str) -> None: ...
