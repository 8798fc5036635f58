"""Readers of responses that are streamed, from the first byte to the last."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openapiopenai._response import headers as _headers
from openapiopenai._response.events import (
    DONE,
    StreamError,
    TranscriptEvents,
    TranscriptionEvent,
    find_events,
    parse_speech,
)
from openapiopenai._response.json import UnreadableError
from openapiopenai._response.lenient import validate_leniently
from openapiopenai._response.speech import HEAD_SIZE, looks_like_text
from openapiopenai._response.sse import EventParser
from openapiopenai._response.text import decode_text
from openapiopenai.exceptions import ApiDecodeException, ApiException, ApiValueError
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from openapiopenai._request.request import Request
    from openapiopenai._response.sse import ServerSentEvent
    from openapiopenai._transport.open_response import OpenResponse
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage

T = TypeVar("T")

#: How JSON and web pages begin; white space before them arrives with more, in the same block.
_TEXT_STARTS = (b"{", b"<")


class StreamReader(Generic[T]):
    """Reader of a response: an iterable of what it holds.

    It does not know the stream that the caller holds: were each to refer to the other, a
    forgotten stream would keep its connection until the garbage collector runs.

    :param response: the unread response, 2xx.
    :param request: the request.
    :param max_size: the limit for a response that is not streamed after all, in bytes.
    """

    def __init__(self, response: OpenResponse, request: Request[Any], max_size: int) -> None:
        self.response = response
        self.is_complete = False
        self.is_closed = False
        self._parse = request.read  # and nothing else of it: it holds the recording
        self._max_size = max_size
        self._body: bytes | None = None  # of a response that is not streamed

    def __iter__(self) -> Generator[T, None, None]:
        try:
            yield from self._items(_headers.media_type(self.response.headers))
            self.response.drain()
            self.is_complete = not self.is_closed
        except UnreadableError as error:
            raise self._exception(error) from error
        finally:
            self.close()

    def check_open(self) -> None:
        """Raise if the stream was closed, or failed, before its end.

        :raises ApiValueError: when it was.
        """
        if self.is_closed and not self.is_complete:
            raise ApiValueError("the stream was closed before its end; make the call again")

    def close(self) -> None:
        """Release the connection: kept for the next call if the response was read, else closed."""
        self.is_closed = True
        self.response.close()

    def _items(self, media_type: str) -> Iterator[T]:
        raise NotImplementedError

    def _events(self, blocks: Iterable[bytes]) -> Iterator[ServerSentEvent]:
        return chain.from_iterable(map(EventParser().feed, blocks))

    def _read_body(self) -> bytes:
        """Read a response that is not streamed after all."""
        self._body = self.response.read(self._max_size)
        return self._body

    def _exception(self, error: Exception) -> ApiException:
        headers = self.response.headers
        data = getattr(error, "data", None)
        data = self._body if data is None else data
        body = None if data is None else decode_text(data, headers)
        kind = ApiException if isinstance(error, StreamError) else ApiDecodeException
        return kind(self.response.status, str(error), body=body, headers=headers)


class SpeechReader(StreamReader[bytes]):
    """Reader of speech: its bytes, and its cost."""

    usage: SpeechAudioDoneEventUsage | None = None

    def _items(self, media_type: str) -> Iterator[bytes]:
        if media_type == _headers.EVENT_STREAM:
            return self._audio_of_events()
        if media_type.startswith("text/") or media_type.endswith("json"):
            return map(bytes, [self._parse(self._read_body(), self.response.headers)])
        return self._audio()

    def _audio(self) -> Iterator[bytes]:
        blocks = self.response.blocks()
        head = next(blocks, b"")
        while len(head) < HEAD_SIZE and head[:1] in _TEXT_STARTS and (block := next(blocks, b"")):
            head += block
        if looks_like_text(head) or not head:
            yield self._parse_rest(head, blocks)
            return
        yield head
        yield from blocks

    def _parse_rest(self, head: bytes, blocks: Iterator[bytes]) -> bytes:
        """Read all of a response that begins as JSON or a web page does."""
        body = bytearray(head)
        for block in blocks:
            body += block
            if len(body) > self._max_size:
                raise UnreadableError(
                    f"the response is not audio, and larger than {self._max_size} bytes"
                )
        self._body = bytes(body)
        return bytes(self._parse(self._body, self.response.headers))

    def _audio_of_events(self) -> Iterator[bytes]:
        for part in parse_speech(self._events(self.response.blocks())):
            self.usage = part.usage or self.usage
            if part.audio:
                yield part.audio


class TranscriptReader(StreamReader[TranscriptionEvent]):
    """Reader of a transcript: its events, and what they add up to."""

    def __init__(self, response: OpenResponse, request: Request[Any], max_size: int) -> None:
        super().__init__(response, request, max_size)
        self.transcript = TranscriptEvents()

    def _items(self, media_type: str) -> Iterator[TranscriptionEvent]:
        if media_type == _headers.EVENT_STREAM:
            return self.transcript.parse(self._events(self.response.blocks()))
        return self._unlabelled_events()

    def _unlabelled_events(self) -> Iterator[TranscriptionEvent]:
        """Return the events of a response that is not labelled as a stream of events.

        Often the server does not stream, and sends all of the transcript: one event here.
        """
        if self.response.status in _headers.NO_CONTENT:
            raise UnreadableError("the response has no content", b"")
        body = self._read_body()
        events = find_events(decode_text(body, self.response.headers))
        if events:
            yield from self.transcript.parse(events)
            return
        result = self._parse(body, self.response.headers).actual_instance
        data = {"text": result} if isinstance(result, str) else result.to_dict()
        done = validate_leniently(TranscriptTextDoneEvent, {**data, "type": DONE})
        self.transcript.done = done
        yield done
