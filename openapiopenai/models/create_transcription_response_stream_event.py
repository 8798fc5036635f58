"""An event of a transcription stream."""

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.stream_event import StreamEvent
from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
from openapiopenai.models.transcript_text_segment_event import TranscriptTextSegmentEvent

_Event: TypeAlias = (
    TranscriptTextDeltaEvent | TranscriptTextDoneEvent | TranscriptTextSegmentEvent | StreamEvent
)


class CreateTranscriptionResponseStreamEvent(Wrapper):
    """An event of a transcription stream, of any type.

    :param actual_instance: the event.
    """

    actual_instance: _Event = Field(description="The exact event.")

    if TYPE_CHECKING:
        # pydantic's own takes keywords only
        def __init__(self, actual_instance: _Event) -> None: ...
