"""A voice: one that all may use, or one's own."""

from typing import TYPE_CHECKING

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.custom_voice import CustomVoice


class VoiceIdsOrCustomVoice(Wrapper):
    """Names a voice; a plain ``str`` or a :class:`CustomVoice` does the same.

    :param actual_instance: the name, such as ``alloy``, or a :class:`CustomVoice`.
    """

    actual_instance: CustomVoice | str = Field(description="The name, or the custom voice.")

    if TYPE_CHECKING:
        # pydantic's own is by keyword alone
        def __init__(self, actual_instance: CustomVoice | str) -> None: ...
