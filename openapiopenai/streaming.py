"""Answers that are read as they arrive: speech, and transcripts as events."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Generic, TypeVar
from weakref import finalize

from pydantic import ValidationError

from openapiopenai import headers as _headers
from openapiopenai.answer import HEAD_SIZE, is_doubtful
from openapiopenai.event_stream import EventParser, EventTooLargeError, ServerSentEvent
from openapiopenai.events import (
    END,
    ServerSaysError,
    TranscriptionEvent,
    documented_event,
    event_of_dialect,
    speech_part,
)
from openapiopenai.exceptions import ApiDecodeException, ApiException, ApiValueError
from openapiopenai.json_value import as_object
from openapiopenai.lenient import WITHOUT_BODY, UnreadableError, decoded, fitted, settle_usage
from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
from openapiopenai.rest import NETWORK_ERRORS, network_error, read_body

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self
    from urllib3 import HTTPResponse

    from openapiopenai.api_client import ApiClient
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage
    from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
    from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens
    from openapiopenai.request import Request

T = TypeVar("T")


_EVENTS = "text/event-stream"
_EVENT_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":", b"\xef\xbb\xbfdata:")

#: With what the data of an event begins: an object or ``[DONE]``, or nothing to stay alive.
_DATA_STARTS = (b"{", b"[", b"")

#: How JSON and pages begin; white space before them comes with more, in the same block.
_TEXT_STARTS = (b"{", b"<")

#: How much is taken from the connection at a time, in bytes; less where less has arrived.
_BLOCK_SIZE = 256 * 1024

_UNREADABLE = (UnreadableError, EventTooLargeError)


class _Reading(Generic[T]):
    """An answer in the course of being read, from its first byte to its last.

    It does not know the stream that shows it to the caller: were each to refer to the other, a
    stream that somebody forgot would keep its connection until the garbage is collected.

    :param response: the unread answer, 2xx.
    :param request: what was asked.
    :param largest: how large an answer may become that is read whole, in bytes.
    """

    def __init__(self, response: HTTPResponse, request: Request[Any], largest: int) -> None:
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
        self.response.release_conn()

    def _items(self, media_type: str) -> Iterator[T]:
        raise NotImplementedError

    def _blocks(self) -> Iterator[bytes]:
        """Give the bytes of the answer as they arrive."""
        try:
            while block := self.response.read1(_BLOCK_SIZE):
                yield block
        except NETWORK_ERRORS as error:
            raise network_error(error, self.response) from error

    def _events(self, blocks: Iterable[bytes]) -> Iterator[ServerSentEvent]:
        return chain.from_iterable(map(EventParser().feed, blocks))

    def _whole(self) -> Any:
        """Give an answer that is not streamed after all."""
        self._body = read_body(self.response, self._largest)
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


class _SpeechReading(_Reading[bytes]):
    """Speech: its bytes, and what it has cost."""

    usage: SpeechAudioDoneEventUsage | None = None

    def _items(self, media_type: str) -> Iterator[bytes]:
        if media_type == _EVENTS:
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
        for event in self._events(self._blocks()):
            part = speech_part(event)
            if part.audio:
                empty = False
                yield part.audio
            ended = ended or part.is_end
            self.usage = part.usage or self.usage
            if event.data == END:
                break  # nothing follows, even where the server does not hang up
        if not ended:
            raise UnreadableError("the stream of events broke off before its end")
        if empty:
            raise UnreadableError("the answer holds no audio")


class _TranscriptReading(_Reading[TranscriptionEvent]):
    """A transcript: its events, and what they add up to."""

    done: TranscriptTextDoneEvent | None = None

    def __init__(self, response: HTTPResponse, request: Request[Any], largest: int) -> None:
        super().__init__(response, request, largest)
        self.deltas: list[str] = []
        self.usage_chunk: dict[str, Any] = {}

    def _items(self, media_type: str) -> Iterator[TranscriptionEvent]:
        if media_type == _EVENTS:
            return self._typed(self._events(self._blocks()))
        return self._of_whole()

    def _typed(self, events: Iterator[ServerSentEvent]) -> Iterator[TranscriptionEvent]:
        documented = documented_event()
        for sent in events:
            try:
                event = documented(sent.data)
            except ValidationError:
                if sent.data == END:
                    return
                event = event_of_dialect(sent)
            if isinstance(event, TranscriptTextDeltaEvent):
                self.deltas.append(event.delta)
            else:
                self._note(event)
            yield event
        if self.done is None:
            raise UnreadableError("the stream of events broke off before its end")

    def _note(self, event: TranscriptionEvent) -> None:
        if isinstance(event, TranscriptTextDoneEvent):
            settle_usage(event)
            self.done = event
        else:
            self.usage_chunk = as_object(getattr(event, "usage", None)) or self.usage_chunk

    def _of_whole(self) -> Iterator[TranscriptionEvent]:
        """Read an answer that does not say it is a stream: often the server knows none."""
        if self.response.status in WITHOUT_BODY:
            raise UnreadableError("the answer has no content", b"")
        body = self._body = read_body(self.response, self._largest)
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
    return bool(events) and all(event.data[:1] in _DATA_STARTS for event in events)


A = TypeVar("A", bound=_Reading[Any])


class Stream(Generic[T, A]):
    """What both kinds of stream share: a context manager and an iterator over one answer.

    :param reading: the answer.
    """

    _kind: ClassVar[type[_Reading[Any]]]

    def __init__(self, reading: A) -> None:
        self._reading = reading
        self._response = reading.response
        self._items: Generator[T, None, None] = iter(reading)
        finalize(self._items, reading.close)  # at the latest when Python ends

    @classmethod
    def of(cls, client: ApiClient, request: Request[Any]) -> Self:
        """Make a call and give its answer as a stream.

        :param client: what makes the call.
        :param request: the call.
        :return: the stream.
        :raises ApiException: when the answer is not 2xx, or there is none.
        """
        asked = cls.asked(request)
        largest = client.configuration.largest_answer
        reading: Any = cls._kind(client.open(asked), asked, largest)
        return cls(reading)

    @classmethod
    def asked(cls, request: Request[Any]) -> Request[Any]:
        """Give the call that asks for a stream where the plain one would not."""
        return request

    @property
    def content_type(self) -> str:
        """The content type as the server wrote it; empty where it wrote none."""
        return self.headers.get("content-type", "")

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer; names are found in any letter case."""
        return self._response.headers

    @property
    def status_code(self) -> int:
        """The HTTP status, 2xx."""
        return self._response.status

    @property
    def request_id(self) -> str | None:
        """The server's name for the call, to quote in a report."""
        return _headers.request_id(self.headers)

    def close(self) -> None:
        """Let go of the connection. What was not read is lost; closing twice is fine."""
        self._reading.is_closed = True
        try:
            self._items.close()
        except ValueError:  # another thread waits in there: it is woken, and closes what it read
            with suppress(ValueError, RuntimeError, OSError):
                self._response.shutdown()
        else:
            self._reading.close()

    def _refuse_closed(self) -> None:
        if self._reading.is_closed and not self._reading.is_whole:
            raise ApiValueError("the stream was closed before its end; make the call again")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[T]:
        self._refuse_closed()
        return self._items

    def __next__(self) -> T:
        self._refuse_closed()
        return next(self._items)


class SpeechStream(Stream[bytes, _SpeechReading]):
    """Speech as it is made: iterate for its bytes, each handed on as it arrives.

    Where the server sends events (``stream_format="sse"``), the bytes are the decoded audio all
    the same.
    """

    _kind = _SpeechReading

    @property
    def usage(self) -> SpeechAudioDoneEventUsage | None:
        """What the call has cost; None until the end, and where the server does not tell."""
        return self._reading.usage

    def read(self) -> bytes:
        """Give all that is left.

        :return: the audio.
        :raises ApiConnectionException: when it breaks off.
        """
        return b"".join(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all that is left to a file, which appears under its name only when it is whole.

        :param path: where to; a file that is there is replaced.
        :raises ApiValueError: when nothing is left, or the path is not one of a file.
        :raises ApiConnectionException: when the audio breaks off.
        :raises OSError: when it cannot be written.
        """
        if self._reading.is_whole:
            raise ApiValueError("the stream was read to its end before; there is nothing to save")
        target = Path(path).resolve()  # a link goes on leading to where it led
        if target.exists() and not target.is_file():
            raise ApiValueError(f"{str(path)!r} is not a file; write what the stream gives to it")
        with _appearing(target) as file:
            file.writelines(self)


@contextmanager
def _appearing(target: Path) -> Generator[BinaryIO, None, None]:
    """Open a file that is there, whole, when the block has ended; and never if the block fails."""
    part = target.with_name(f".{os.urandom(8).hex()}.part")
    try:
        file = part.open("xb")
    except OSError as error:
        error.filename = str(target)  # the name that the caller knows
        raise
    try:
        with file:
            yield file
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


class TranscriptionStream(Stream[TranscriptionEvent, _TranscriptReading]):
    """A transcript as it is made: iterate for its events.

    Beside the documented events there may be a :class:`openapiopenai.StreamEvent` of a kind that
    this version does not know.
    """

    _kind = _TranscriptReading

    @classmethod
    def asked(cls, request: Request[Any]) -> Request[Any]:
        """Give the call that asks for events."""
        return request.adding(_EVENTS, stream=True)

    @property
    def done(self) -> TranscriptTextDoneEvent | None:
        """The last event, with the whole transcript; None until it comes."""
        return self._reading.done

    @property
    def text(self) -> str:
        """The transcript so far; at the end, all of it."""
        return (self.done.text if self.done else "") or "".join(self._reading.deltas)

    @property
    def usage(self) -> TranscriptTextUsageTokens | TranscriptTextUsageDuration | None:
        """What the call has cost; None until the end, and where the server does not tell."""
        told = self.done.usage if self.done else None
        chunk = self._reading.usage_chunk
        if told is None and chunk:
            return fitted(TranscriptTextDoneEvent, {"text": "", "usage": chunk}).usage
        return told
