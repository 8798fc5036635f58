"""An event of speech that is streamed."""

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.speech_audio_delta_event import SpeechAudioDeltaEvent
from openapiopenai.models.speech_audio_done_event import SpeechAudioDoneEvent
from openapiopenai.models.stream_event import StreamEvent


class CreateSpeechResponseStreamEvent(Wrapper):
    """One event of a speech stream, of whatever kind.

    :param actual_instance: the event.
    """

    actual_instance: SpeechAudioDeltaEvent | SpeechAudioDoneEvent | StreamEvent = Field(
        description="The exact event."
    )
