"""What one event of a stream says, in whatever dialect its server speaks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

from pydantic import Field, TypeAdapter

from openapiopenai._response.json import as_list, as_object
from openapiopenai._response.lenient import UnreadableError, decoded_audio, fitted, parsed
from openapiopenai.exceptions import ApiException
from openapiopenai.models.speech_audio_done_event import SpeechAudioDoneEvent
from openapiopenai.models.stream_event import StreamEvent
from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
from openapiopenai.models.transcript_text_segment_event import TranscriptTextSegmentEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openapiopenai._response.sse import ServerSentEvent
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

_SPEECH_DELTA = "speech.audio.delta"
_SPEECH_DONE = "speech.audio.done"

#: Under which names servers put audio into JSON (Mistral: ``audio_data``).
_AUDIO_KEYS = ("audio", "audio_data")

_MODELS: dict[str, type[TranscriptionEvent]] = {
    _DELTA: TranscriptTextDeltaEvent,
    _SEGMENT: TranscriptTextSegmentEvent,
    _DONE: TranscriptTextDoneEvent,
}

#: The required text of an event -> the key that servers have for it instead.
_TEXTS = {_DELTA: ("delta", "text"), _DONE: ("text", "text")}


_UNNAMED = "message"
_ERROR = "error"

#: What a server writes under ``error`` where there is none.
_NO_ERROR = (None, "", False)

#: Events of these names hold JSON; what others hold is their own affair.
_KNOWN = {_UNNAMED, _ERROR, _SPEECH_DELTA, _SPEECH_DONE, *_MODELS, *_KINDS}


class ServerSaysError(UnreadableError):
    """An event tells of an error.

    :param data: the data of the event.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(ApiException(body=data.decode("utf-8", "replace")).message, data)


class SpeechPart(NamedTuple):
    """What one event of a speech stream holds.

    :param audio: the decoded audio; empty where it holds none.
    :param is_end: whether all of the speech has come.
    :param usage: what the call has cost, where it tells.
    """

    audio: bytes
    is_end: bool
    usage: SpeechAudioDoneEventUsage | None


@cache
def documented_event() -> Callable[[bytes], TranscriptionEvent]:
    """Give what makes the typed event of an event's data, where it is as OpenAI documents it.

    :return: a function that raises :class:`pydantic.ValidationError` where it is not.
    """
    documented: TypeAdapter[TranscriptionEvent] = TypeAdapter(
        Annotated[
            TranscriptTextDeltaEvent | TranscriptTextSegmentEvent | TranscriptTextDoneEvent,
            Field(discriminator="type"),
        ]
    )
    # the adapter's own method does the same in Python, and takes a quarter longer
    return documented.validator.validate_json


def event_of_dialect(sent: ServerSentEvent) -> TranscriptionEvent:
    """Give the typed event that a server has sent, where it is not as OpenAI documents it.

    :param sent: an event, other than :data:`END`.
    :return: the event; of an unknown kind, a :class:`StreamEvent` with all it holds.
    :raises ServerSaysError: when it tells of an error.
    :raises UnreadableError: when nothing can be made of it.
    """
    name, _ = sent
    data = _object_of(sent)
    if isinstance(data.get("choices"), list):
        return _of_chat_chunk(data)
    named = data.get("type") or name
    kind = _KINDS.get(named, named) if isinstance(named, str) else ""
    model: type[Model] = _MODELS.get(kind, StreamEvent)
    return fitted(model, {**data, **_required(kind, data)})  # type: ignore[return-value]


def speech_part(sent: ServerSentEvent) -> SpeechPart:
    """Give what an event of a speech stream holds.

    :param sent: an event.
    :return: its part of the speech.
    :raises ServerSaysError: when it tells of an error.
    :raises UnreadableError: when it is not JSON, or its audio is not base64.
    """
    name, text = sent
    data = _object_of(sent)
    told_end = _SPEECH_DONE in (name, data.get("type"))
    usage = fitted(SpeechAudioDoneEvent, data).usage if data.get("type") == _SPEECH_DONE else None
    try:
        audio = audio_in(data)
    except UnreadableError as error:
        raise UnreadableError(str(error), text) from error
    return SpeechPart(audio, told_end or text == END, usage)


def audio_in(data: Mapping[str, Any]) -> bytes:
    """Give the audio that an object holds in base64; empty where it holds none.

    :param data: an answer, or an event.
    :return: the decoded audio.
    :raises UnreadableError: when it is not base64.
    """
    found = (data.get(key) for key in _AUDIO_KEYS)
    return decoded_audio(next((value for value in found if isinstance(value, str)), ""))


def _required(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the documented event of a kind cannot be without."""
    if kind not in _MODELS:
        return {"type": kind} if kind and kind != _UNNAMED and "type" not in data else {}
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
    name, text = sent
    if name == _ERROR:
        raise ServerSaysError(text)
    if text in (END, b""):
        return {}
    value = _json_of(sent)
    if not isinstance(value, dict):
        raise UnreadableError("an event is JSON, but not an object", text)
    data = as_object(value)
    if _ERROR in (data.get("type"), data.get("object")) or data.get("error") not in _NO_ERROR:
        raise ServerSaysError(text)
    return data


def _json_of(sent: ServerSentEvent) -> Any:
    name, text = sent
    try:
        data = parsed(text)
    except UnreadableError as error:
        if name in _KNOWN:
            raise UnreadableError(f"an event cannot be read: {error}", text) from error
        data = text.decode("utf-8", "replace")
    return as_object(data) or (data if name in _KNOWN else {"data": data})
