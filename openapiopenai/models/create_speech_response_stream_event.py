"""An event of speech that is streamed."""

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.speech_audio_delta_event import SpeechAudioDeltaEvent
from openapiopenai.models.speech_audio_done_event import SpeechAudioDoneEvent
from openapiopenai.models.stream_event import StreamEvent

_Event: TypeAlias = SpeechAudioDeltaEvent | SpeechAudioDoneEvent | StreamEvent


class CreateSpeechResponseStreamEvent(Wrapper):
    """One event of a speech stream, of whatever kind.

    :param actual_instance: the event.
    """

    actual_instance: _Event = Field(description="The exact event.")

    if TYPE_CHECKING:
        # pydantic's own is by keyword alone
        def __init__(self, actual_instance: _Event) -> None: ...
