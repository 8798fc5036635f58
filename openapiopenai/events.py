"""What one event of a stream says, in whatever dialect its server speaks."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from openapiopenai.json_value import as_list, as_object
from openapiopenai.lenient import UnreadableError, fitted, parsed
from openapiopenai.models.speech_audio_done_event import SpeechAudioDoneEvent
from openapiopenai.models.stream_event import StreamEvent
from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
from openapiopenai.models.transcript_text_segment_event import TranscriptTextSegmentEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openapiopenai.event_stream import ServerSentEvent
    from openapiopenai.models.base import Model
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage

TranscriptionEvent: TypeAlias = (
    TranscriptTextDeltaEvent | TranscriptTextDoneEvent | TranscriptTextSegmentEvent | StreamEvent
)

#: The data that ends a stream, where a server sends one.
END = b"[DONE]"

_DELTA = "transcript.text.delta"
_DONE = "transcript.text.done"
_SEGMENT = "transcript.text.segment"

#: What servers call an event -> what OpenAI calls it. Mistral has names of its own; some mock
#: servers send ``event: done`` and nothing else.
_KINDS = {
    "transcription.text.delta": _DELTA,
    "transcription.delta": _DELTA,
    "transcription.segment": _SEGMENT,
    "transcription.done": _DONE,
    "done": _DONE,
}

_SPEECH_DONE = "speech.audio.done"

_MODELS: dict[str, type[TranscriptionEvent]] = {
    _DELTA: TranscriptTextDeltaEvent,
    _SEGMENT: TranscriptTextSegmentEvent,
    _DONE: TranscriptTextDoneEvent,
}

#: The required text of an event -> the key that servers have for it instead.
_TEXTS = {_DELTA: ("delta", "text"), _DONE: ("text", "text")}


class ServerSaysError(Exception):
    """An event tells of an error.

    :param data: the data of the event.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


def transcription_event(sent: ServerSentEvent) -> TranscriptionEvent:
    """Give the typed event that a server has sent.

    :param sent: an event, other than :data:`END`.
    :return: the event; of an unknown kind, a :class:`StreamEvent` with all it holds.
    :raises ServerSaysError: when it tells of an error.
    :raises UnreadableError: when nothing can be made of it.
    """
    try:
        return _as_documented().validate_json(sent.data)  # type: ignore[no-any-return]
    except ValidationError:
        return _of_dialect(sent)


def speech_audio(sent: ServerSentEvent) -> bytes:
    """Give the audio that an event of a speech stream holds, if any.

    :param sent: an event.
    :return: the decoded audio; empty where the event holds none.
    :raises ServerSaysError: when it tells of an error.
    :raises UnreadableError: when it is not JSON, or its audio is not base64.
    """
    data = _object_of(sent)
    audio = data.get("audio")
    if not isinstance(audio, str):
        return b""
    try:
        return base64.b64decode(audio, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError(f"the audio of an event is not base64: {error}") from error


def speech_usage(sent: ServerSentEvent) -> SpeechAudioDoneEventUsage | None:
    """Give what a speech call has cost, where an event tells it."""
    data = _object_of(sent)
    return fitted(SpeechAudioDoneEvent, data).usage if data.get("type") == _SPEECH_DONE else None


def is_speech_end(sent: ServerSentEvent) -> bool:
    """Tell whether an event is the last of a speech stream."""
    return sent.data == END or _SPEECH_DONE in (sent.event, _object_of(sent).get("type"))


@cache
def _as_documented() -> TypeAdapter[Any]:
    return TypeAdapter(
        Annotated[
            TranscriptTextDeltaEvent | TranscriptTextSegmentEvent | TranscriptTextDoneEvent,
            Field(discriminator="type"),
        ]
    )


def _of_dialect(sent: ServerSentEvent) -> TranscriptionEvent:
    data = _object_of(sent)
    if isinstance(data.get("choices"), list):
        return _of_chat_chunk(data)
    named = data.get("type") or sent.event
    kind = _KINDS.get(named, named) if isinstance(named, str) else ""
    model: type[Model] = _MODELS.get(kind, StreamEvent)
    return fitted(model, {**data, **_required(kind, data)})  # type: ignore[return-value]


def _required(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the documented event of a kind cannot be without."""
    if kind not in _MODELS:
        return {}
    if kind not in _TEXTS:
        return {"type": kind}
    key, other = _TEXTS[kind]
    text = data.get(key) if isinstance(data.get(key), str) else data.get(other)
    return {"type": kind, key: text if isinstance(text, str) else ""}


def _of_chat_chunk(data: dict[str, Any]) -> TranscriptionEvent:
    """Give the delta in a chunk that looks like a chat completion's (vLLM); all else is kept."""
    choices = [as_object(choice) for choice in as_list(data["choices"])]
    deltas = [as_object(choice["delta"]) for choice in choices if "delta" in choice]
    if not deltas:
        return fitted(StreamEvent, data)  # the last chunk, with nothing but the usage
    texts = (delta.get("content") for delta in deltas)
    joined = "".join(text for text in texts if isinstance(text, str))
    return fitted(TranscriptTextDeltaEvent, {**data, "type": _DELTA, "delta": joined})


def _object_of(sent: ServerSentEvent) -> dict[str, Any]:
    if sent.data == END:
        return {}
    value = parsed(sent.data)
    if not isinstance(value, dict):
        raise UnreadableError("an event is JSON, but not an object")
    data = as_object(value)
    if "error" in (data.get("type"), sent.event) or isinstance(data.get("error"), (dict, str)):
        raise ServerSaysError(sent.data)
    return data
