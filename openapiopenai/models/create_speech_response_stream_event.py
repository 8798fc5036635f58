"""An event of a speech stream."""

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.speech_audio_delta_event import SpeechAudioDeltaEvent
from openapiopenai.models.speech_audio_done_event import SpeechAudioDoneEvent
from openapiopenai.models.stream_event import StreamEvent

_Event: TypeAlias = SpeechAudioDeltaEvent | SpeechAudioDoneEvent | StreamEvent


class CreateSpeechResponseStreamEvent(Wrapper):
    """An event of a speech stream, of any type.

    :param actual_instance: the event.
    """

    actual_instance: _Event = Field(description="The exact event.")

    if TYPE_CHECKING:
        # pydantic's own takes keywords only
        def __init__(self, actual_instance: _Event) -> None: ...
