"""A voice: one that all may use, or one's own."""

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.custom_voice import CustomVoice


class VoiceIdsOrCustomVoice(Wrapper):
    """Names a voice; a plain ``str`` or a :class:`CustomVoice` does the same.

    :param actual_instance: the name, such as ``alloy``, or a :class:`CustomVoice`.
    """

    actual_instance: CustomVoice | str = Field(description="The name, or the custom voice.")
