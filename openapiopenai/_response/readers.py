"""What a stream reads: its answer, from the first byte to the last."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError

from openapiopenai._response import headers as _headers
from openapiopenai._response.events import (
    END,
    ServerSaysError,
    TranscriptionEvent,
    documented_event,
    event_of_dialect,
    speech_part,
)
from openapiopenai._response.json import as_object
from openapiopenai._response.lenient import WITHOUT_BODY, UnreadableError, decoded, fitted
from openapiopenai._response.sse import EventParser, EventTooLargeError
from openapiopenai._response.transcripts import HEAD_SIZE, is_doubtful
from openapiopenai.exceptions import ApiDecodeException, ApiException
from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from openapiopenai._request.request import Request
    from openapiopenai._response.sse import ServerSentEvent
    from openapiopenai._transport.open_response import OpenResponse
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage
    from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
    from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens

T = TypeVar("T")

_EVENT_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":", b"\xef\xbb\xbfdata:")

#: With what the data of an event begins: an object or ``[DONE]``, or nothing to stay alive.
_DATA_STARTS = (b"{", b"[", b"")

#: How JSON and pages begin; white space before them comes with more, in the same block.
_TEXT_STARTS = (b"{", b"<")

#: How much is taken from the connection at a time, in bytes; less where less has arrived.
_BLOCK_SIZE = 256 * 1024

_UNREADABLE = (UnreadableError, EventTooLargeError)


class Reading(Generic[T]):
    """An answer in the course of being read, from its first byte to its last.

    It does not know the stream that shows it to the caller: were each to refer to the other, a
    stream that somebody forgot would keep its connection until the garbage is collected.

    :param response: the unread answer, 2xx.
    :param request: what was asked.
    :param largest: how large an answer may become that is read whole, in bytes.
    """

    def __init__(self, response: OpenResponse, request: Request[Any], largest: int) -> None:
        self.response = response
        self.is_whole = False
        self.is_closed = False
        self._value_of = request.read  # and nothing else of it: it holds the recording
        self._largest = largest
        self._body: bytes | None = None  # of an answer that is read whole

    def __iter__(self) -> Generator[T, None, None]:
        try:
            yield from self._items(_headers.media_type(self.response.headers))
            self.is_whole = not self.is_closed
        except _UNREADABLE as error:
            raise self._failed(error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the connection: it is kept for the next call if all was read, else closed."""
        self.is_closed = True
        self.response.close()

    def _items(self, media_type: str) -> Iterator[T]:
        raise NotImplementedError

    def _blocks(self) -> Iterator[bytes]:
        """Give the bytes of the answer as they arrive."""
        return self.response.blocks()

    def _events(self, blocks: Iterable[bytes]) -> Iterator[ServerSentEvent]:
        return chain.from_iterable(map(EventParser().feed, blocks))

    def _whole(self) -> Any:
        """Give an answer that is not streamed after all."""
        self._body = self.response.read(self._largest)
        return self._value_of(self._body, self.response.headers)

    def _failed(self, error: Exception) -> ApiException:
        """Give our error for one in what was read."""
        headers = self.response.headers
        data = getattr(error, "data", None)
        data = self._body if data is None else data
        body = None if data is None else decoded(data, headers)
        kind = ApiException if isinstance(error, ServerSaysError) else ApiDecodeException
        reason = str(error) or "the stream tells of an error"
        return kind(self.response.status, reason, body=body, headers=headers)


class SpeechReading(Reading[bytes]):
    """Speech: its bytes, and what it has cost."""

    usage: SpeechAudioDoneEventUsage | None = None

    def _items(self, media_type: str) -> Iterator[bytes]:
        if media_type == _headers.EVENT_STREAM:
            return self._audio_of_events()
        if media_type.startswith("text/") or media_type.endswith("json"):
            return map(bytes, [self._whole()])
        return self._audio()

    def _audio(self) -> Iterator[bytes]:
        blocks = self._blocks()
        head = next(blocks, b"")
        while len(head) < HEAD_SIZE and head[:1] in _TEXT_STARTS and (block := next(blocks, b"")):
            head += block
        if is_doubtful(head) or not head:
            yield self._whole_after(head, blocks)
            return
        yield head
        yield from blocks

    def _whole_after(self, head: bytes, blocks: Iterator[bytes]) -> bytes:
        """Read to its end what begins as JSON or a page does."""
        body = bytearray(head)
        for block in blocks:
            body += block
            if len(body) > self._largest:
                raise UnreadableError(f"the answer is no audio, and larger than {self._largest}")
        self._body = bytes(body)
        return bytes(self._value_of(self._body, self.response.headers))

    def _audio_of_events(self) -> Iterator[bytes]:
        empty = True
        ended = False
        for sent in self._events(self._blocks()):
            _, data = sent
            part = speech_part(sent)
            if part.audio:
                empty = False
                yield part.audio
            ended = ended or part.is_end
            self.usage = part.usage or self.usage
            if data == END:
                break  # nothing follows, even where the server does not hang up
        if not ended:
            raise UnreadableError("the stream of events broke off before its end")
        if empty:
            raise UnreadableError("the answer holds no audio")


class TranscriptReading(Reading[TranscriptionEvent]):
    """A transcript: its events, and what they add up to."""

    done: TranscriptTextDoneEvent | None = None

    def __init__(self, response: OpenResponse, request: Request[Any], largest: int) -> None:
        super().__init__(response, request, largest)
        self._deltas: list[str] = []
        self._usage_chunk: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """The transcript so far."""
        return (self.done.text if self.done else "") or "".join(self._deltas)

    @property
    def usage(self) -> TranscriptTextUsageTokens | TranscriptTextUsageDuration | None:
        """What the call has cost: the last event says it, or a chunk of its own."""
        told = self.done.usage if self.done else None
        if told is None and self._usage_chunk:
            return fitted(TranscriptTextDoneEvent, {"text": "", "usage": self._usage_chunk}).usage
        return told

    def _items(self, media_type: str) -> Iterator[TranscriptionEvent]:
        if media_type == _headers.EVENT_STREAM:
            return self._typed(self._events(self._blocks()))
        return self._of_whole()

    def _typed(self, events: Iterator[ServerSentEvent]) -> Iterator[TranscriptionEvent]:
        documented = documented_event()
        for sent in events:
            _, data = sent
            try:
                event = documented(data)
            except ValidationError:
                if data == END:
                    return
                event = event_of_dialect(sent)
            if isinstance(event, TranscriptTextDeltaEvent):
                self._deltas.append(event.delta)
            else:
                self._note(event)
            yield event
        if self.done is None:
            raise UnreadableError("the stream of events broke off before its end")

    def _note(self, event: TranscriptionEvent) -> None:
        if isinstance(event, TranscriptTextDoneEvent):
            self.done = event
        else:
            self._usage_chunk = as_object(getattr(event, "usage", None)) or self._usage_chunk

    def _of_whole(self) -> Iterator[TranscriptionEvent]:
        """Read an answer that does not say it is a stream: often the server knows none."""
        if self.response.status in WITHOUT_BODY:
            raise UnreadableError("the answer has no content", b"")
        body = self._body = self.response.read(self._largest)
        if _is_event_stream(body):
            yield from self._typed(self._events(iter([body])))
            return
        result = self._value_of(body, self.response.headers).actual_instance
        data = {"text": result} if isinstance(result, str) else result.to_dict()
        done = fitted(TranscriptTextDoneEvent, {**data, "type": "transcript.text.done"})
        self._note(done)
        yield done


def _is_event_stream(body: bytes) -> bool:
    """Tell whether an answer of another content type is a stream of events all the same."""
    events = EventParser().feed(body) if body.startswith(_EVENT_STARTS) else []
    return bool(events) and all(data[:1] in _DATA_STARTS for _, data in events)
