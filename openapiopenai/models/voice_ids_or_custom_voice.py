"""A voice: a shared or a custom one."""

from typing import TYPE_CHECKING

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.custom_voice import CustomVoice


class VoiceIdsOrCustomVoice(Wrapper):
    """A voice; a plain ``str`` or a :class:`CustomVoice` is equivalent.

    :param actual_instance: the name, such as ``alloy``, or a :class:`CustomVoice`.
    """

    actual_instance: CustomVoice | str = Field(description="The name, or the custom voice.")

    if TYPE_CHECKING:
        # pydantic's own takes keywords only
        def __init__(self, actual_instance: CustomVoice | str) -> None: ...
