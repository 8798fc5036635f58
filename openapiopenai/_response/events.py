"""Events of a stream, typed, in whatever dialect the server speaks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from openapiopenai._response.audio import find_audio
from openapiopenai._response.json import UnreadableError, as_list, as_object, parse_json
from openapiopenai._response.lenient import validate_leniently
from openapiopenai._response.sse import EventParser
from openapiopenai.exceptions import ApiException
from openapiopenai.models.speech_audio_done_event import SpeechAudioDoneEvent
from openapiopenai.models.stream_event import StreamEvent
from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
from openapiopenai.models.transcript_text_segment_event import TranscriptTextSegmentEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from openapiopenai._response.sse import ServerSentEvent
    from openapiopenai.models.base import Model
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage
    from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
    from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens

TranscriptionEvent: TypeAlias = (
    TranscriptTextDeltaEvent | TranscriptTextDoneEvent | TranscriptTextSegmentEvent | StreamEvent
)

#: The data that ends a stream, where a server sends one.
END = b"[DONE]"

_DELTA = "transcript.text.delta"
DONE = "transcript.text.done"
_SEGMENT = "transcript.text.segment"
_SPEECH_DELTA = "speech.audio.delta"
_SPEECH_DONE = "speech.audio.done"

#: A server's name for an event -> OpenAI's. Mistral has names of its own; some mock servers send
#: ``event: done`` and nothing else.
_ALIASES = {
    "transcription.text.delta": _DELTA,
    "transcription.delta": _DELTA,
    "transcription.segment": _SEGMENT,
    "transcription.done": DONE,
    "done": DONE,
}

_MODELS: dict[str, type[TranscriptionEvent]] = {
    _DELTA: TranscriptTextDeltaEvent,
    _SEGMENT: TranscriptTextSegmentEvent,
    DONE: TranscriptTextDoneEvent,
}

#: The required text of an event -> the key that some servers have for it instead.
_TEXTS = {_DELTA: ("delta", "text"), DONE: ("text", "text")}

#: The name of an event that has none, by the standard, and that of an error.
_UNNAMED = "message"
_ERROR = "error"

#: Values of ``error`` that report none.
_NO_ERROR = (None, "", False)

#: Events of these names hold JSON; others may hold anything.
_JSON_EVENTS = {_UNNAMED, _ERROR, _SPEECH_DELTA, _SPEECH_DONE, *_MODELS, *_ALIASES}

#: How the source of a stream of events begins, and the data in it: an object, ``[DONE]``, or
#: nothing, to stay alive.
_SOURCE_STARTS = ("data:", "event:", "id:", "retry:", ":")
_DATA_STARTS = (b"{", b"[", b"")


class StreamError(UnreadableError):
    """An event reports an error.

    :param data: the data of the event.
    """

    def __init__(self, data: bytes) -> None:
        message = ApiException(body=data.decode("utf-8", "replace")).message
        super().__init__(message or "the stream reports an error", data)


class TranscriptEvents:
    """The events of a transcript, and what they add up to."""

    def __init__(self) -> None:
        self.done: TranscriptTextDoneEvent | None = None
        self._deltas: list[str] = []
        self._usage: dict[str, Any] = {}

    def parse(self, events: Iterable[ServerSentEvent]) -> Iterator[TranscriptionEvent]:
        """Parse events, and add them up.

        :param events: the events; what follows :data:`END` is not read.
        :return: the typed events, one by one.
        :raises UnreadableError: when one cannot be parsed, reports an error, or is missing.
        """
        documented = documented_event()
        for sent in events:
            _, data = sent
            try:
                event = documented(data)
            except ValidationError:
                if data == END:
                    return
                event = parse_event(sent)
            if isinstance(event, TranscriptTextDeltaEvent):
                self._deltas.append(event.delta)
            elif isinstance(event, TranscriptTextDoneEvent):
                self.done = event
            else:
                self._usage = as_object(getattr(event, "usage", None)) or self._usage
            yield event
        if self.done is None:
            raise UnreadableError("the event stream broke off before its end")

    @property
    def text(self) -> str:
        """The transcript so far."""
        return (self.done.text if self.done else "") or "".join(self._deltas)

    @property
    def usage(self) -> TranscriptTextUsageTokens | TranscriptTextUsageDuration | None:
        """The cost of the call: from the last event, or from one of its own (vLLM)."""
        usage = self.done.usage if self.done else None
        if usage is None and self._usage:
            done = {"text": "", "usage": self._usage}
            return validate_leniently(TranscriptTextDoneEvent, done).usage
        return usage


class SpeechPart(NamedTuple):
    """The content of one event of a speech stream.

    :param audio: the decoded audio; may be empty.
    :param is_end: whether the speech is complete.
    :param usage: the cost of the call, if reported.
    """

    audio: bytes
    is_end: bool
    usage: SpeechAudioDoneEventUsage | None


@cache
def documented_event() -> Callable[[bytes], TranscriptionEvent]:
    """Return a function that parses events as OpenAI documents them.

    :return: a function of an event's data, which raises :class:`pydantic.ValidationError` for
        anything else.
    """
    documented: TypeAdapter[TranscriptionEvent] = TypeAdapter(
        Annotated[
            TranscriptTextDeltaEvent | TranscriptTextSegmentEvent | TranscriptTextDoneEvent,
            Field(discriminator="type"),
        ]
    )
    # the adapter's own method does the same in Python, and takes a quarter longer
    return documented.validator.validate_json


def parse_event(sent: ServerSentEvent) -> TranscriptionEvent:
    """Parse an event that is not as OpenAI documents it.

    :param sent: an event, other than :data:`END`.
    :return: the event; one of an unknown kind as a :class:`StreamEvent` with all it holds.
    :raises StreamError: when it reports an error.
    :raises UnreadableError: when it cannot be parsed.
    """
    data = _object_in(sent)
    if isinstance(data.get("choices"), list):
        return _parse_chat_chunk(data)
    name = data.get("type") or sent[0]
    kind = _ALIASES.get(name, name) if isinstance(name, str) else ""
    model: type[Model] = _MODELS.get(kind, StreamEvent)
    return validate_leniently(model, {**data, **_required(kind, data)})  # type: ignore[return-value]


def find_events(text: str) -> list[ServerSentEvent]:
    """Return the events of a response that is not labelled as a stream of them.

    :param text: the body.
    :return: the events; none if it is something else.
    """
    if text.startswith(_SOURCE_STARTS):
        events = EventParser().feed(text.encode())
        return events if all(data[:1] in _DATA_STARTS for _, data in events) else []
    if "data:" not in text:
        return []
    try:
        inner = as_object(parse_json(text)).get("text")
    except UnreadableError:
        return []
    return unwrap_events(inner) if isinstance(inner, str) else []


def unwrap_events(text: str) -> list[ServerSentEvent]:
    """Return the events whose source is the text of a transcript, as LiteLLM sends it.

    :param text: the text of a transcript.
    :return: the events; none if the text is one that somebody may have said.
    """
    events = EventParser().feed(text.encode("utf-8", "replace"))
    try:
        kinds = {type(parse_event(sent)) for sent in events if sent[1] != END}
    except StreamError:
        return events
    except UnreadableError:
        return []
    return events if kinds - {StreamEvent} else []


def parse_speech(events: Iterable[ServerSentEvent]) -> Iterator[SpeechPart]:
    """Parse the events of speech.

    :param events: the events; what follows :data:`END` is not read.
    :return: what they hold, one by one.
    :raises UnreadableError: when one cannot be parsed or reports an error, or there is no end or
        no audio.
    """
    is_ended = has_audio = False
    for sent in events:
        part = parse_speech_event(sent)
        is_ended = is_ended or part.is_end
        has_audio = has_audio or bool(part.audio)
        yield part
        if sent[1] == END:
            break  # the server need not close the connection
    if not is_ended:
        raise UnreadableError("the event stream broke off before its end")
    if not has_audio:
        raise UnreadableError("the response has no audio")


def parse_speech_event(sent: ServerSentEvent) -> SpeechPart:
    """Parse an event of a speech stream.

    :param sent: an event.
    :return: its content.
    :raises StreamError: when it reports an error.
    :raises UnreadableError: when it is not JSON, or its audio is not base64.
    """
    name, text = sent
    data = _object_in(sent)
    is_done = data.get("type") == _SPEECH_DONE
    usage = validate_leniently(SpeechAudioDoneEvent, data).usage if is_done else None
    try:
        audio = find_audio(data)
    except UnreadableError as error:
        raise UnreadableError(str(error), text) from error
    return SpeechPart(audio, is_done or name == _SPEECH_DONE or text == END, usage)


def _required(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without which the documented event of a kind is invalid."""
    if kind not in _MODELS:
        return {"type": kind} if kind and kind != _UNNAMED and "type" not in data else {}
    if kind not in _TEXTS:
        return {"type": kind}
    key, other = _TEXTS[kind]
    text = data.get(key) if isinstance(data.get(key), str) else data.get(other)
    return {"type": kind, key: text if isinstance(text, str) else ""}


def _parse_chat_chunk(data: dict[str, Any]) -> TranscriptionEvent:
    """Return the delta in a chunk like a chat completion's (vLLM), with all else that it holds."""
    choices = [as_object(choice) for choice in as_list(data["choices"])]
    deltas = [as_object(choice["delta"]) for choice in choices if "delta" in choice]
    if not deltas:
        return validate_leniently(StreamEvent, data)  # the last chunk, which has only the usage
    texts = (delta.get("content") for delta in deltas)
    joined = "".join(text for text in texts if isinstance(text, str))
    return validate_leniently(TranscriptTextDeltaEvent, {**data, "type": _DELTA, "delta": joined})


def _object_in(sent: ServerSentEvent) -> dict[str, Any]:
    name, text = sent
    if name == _ERROR:
        raise StreamError(text)
    if text in (END, b""):
        return {}
    data = _json_in(sent)
    if not isinstance(data, dict):
        raise UnreadableError("an event is JSON, but not an object", text)
    found = as_object(data)
    if _ERROR in (found.get("type"), found.get("object")) or found.get("error") not in _NO_ERROR:
        raise StreamError(text)
    return found


def _json_in(sent: ServerSentEvent) -> Any:
    name, text = sent
    try:
        data = parse_json(text)
    except UnreadableError as error:
        if name in _JSON_EVENTS:
            raise UnreadableError(f"an event cannot be parsed: {error}", text) from error
        data = text.decode("utf-8", "replace")
    return as_object(data) or (data if name in _JSON_EVENTS else {"data": data})
