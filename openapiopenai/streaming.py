"""Answers that are read as they arrive: speech, and transcripts as events."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openapiopenai import headers as _headers
from openapiopenai.event_stream import EventParser, EventTooLargeError, ServerSentEvent
from openapiopenai.events import (
    END,
    ServerSaysError,
    TranscriptionEvent,
    is_speech_end,
    speech_audio,
    speech_usage,
    transcription_event,
)
from openapiopenai.exceptions import ApiDecodeException, ApiException
from openapiopenai.json_value import as_object
from openapiopenai.lenient import UnreadableError, fitted
from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
from openapiopenai.rest import NETWORK_ERRORS, network_error, read_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self
    from urllib3 import HTTPResponse

    from openapiopenai.api_client import ApiClient
    from openapiopenai.models.create_transcription200_response import (
        CreateTranscription200Response,
    )
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage
    from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
    from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens
    from openapiopenai.request import Request

T = TypeVar("T")
R = TypeVar("R")

_EVENTS = "text/event-stream"
_EVENT_STARTS = (b"data:", b"event:", b"id:", b":", b"\xef\xbb\xbfdata:")

#: How much is taken from the connection at a time, in bytes; less where less has arrived.
_BLOCK_SIZE = 256 * 1024


class Stream(Generic[T, R]):
    """What both kinds of stream share: a context manager and an iterator over one answer.

    :param response: the unread answer, 2xx.
    :param request: what was asked.
    :param largest: how large an answer may become that is read whole, in bytes.
    """

    def __init__(self, response: HTTPResponse, request: Request[R], largest: int) -> None:
        self._response = response
        self._request = request
        self._largest = largest
        self._items = self._read()

    @classmethod
    def of(cls, client: ApiClient, request: Request[R]) -> Self:
        """Make a call and give its answer as a stream.

        :param client: what makes the call.
        :param request: the call.
        :return: the stream.
        :raises ApiException: when the answer is not 2xx, or there is none.
        """
        asked = cls.asked(request)
        return cls(client.open(asked), asked, client.configuration.largest_answer)

    @classmethod
    def asked(cls, request: Request[R]) -> Request[R]:
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
        self._items.close()
        self._response.close()
        self._response.release_conn()

    def _read(self) -> Any:
        raise NotImplementedError

    def _blocks(self) -> Iterator[bytes]:
        """Give the bytes of the answer as they arrive."""
        try:
            while block := self._response.read1(_BLOCK_SIZE):
                yield block
        except NETWORK_ERRORS as error:
            self._response.close()
            raise network_error(error, self._response) from error

    def _events(self, blocks: Iterator[bytes]) -> Iterator[ServerSentEvent]:
        parser = EventParser()
        for block in blocks:
            yield from parser.feed(block)

    def _whole(self) -> R:
        """Give an answer that is not streamed after all."""
        return self._request.read(read_body(self._response, self._largest), self.headers)

    def _failed(self, error: Exception) -> ApiException:
        """Give our error for one in what was read."""
        body = error.data.decode("utf-8", "replace") if isinstance(error, ServerSaysError) else None
        kind = ApiException if isinstance(error, ServerSaysError) else ApiDecodeException
        reason = str(error) or "the stream tells of an error"
        return kind(self._response.status, reason, body=body, headers=self.headers)

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
        return self._items  # type: ignore[no-any-return]

    def __next__(self) -> T:
        return next(self._items)  # type: ignore[no-any-return]


_UNREADABLE = (ServerSaysError, UnreadableError, EventTooLargeError)


class SpeechStream(Stream[bytes, bytearray]):
    """Speech as it is made: iterate for its bytes, each handed on as it arrives.

    Where the server sends events (``stream_format="sse"``), the bytes are the decoded audio all
    the same. ``usage`` is there once such a stream has ended.
    """

    def __init__(self, response: HTTPResponse, request: Request[bytearray], largest: int) -> None:
        super().__init__(response, request, largest)
        #: What the call has cost; None until the end, and where the server does not tell.
        self.usage: SpeechAudioDoneEventUsage | None = None

    def read(self) -> bytes:
        """Give all that is left.

        :return: the audio.
        :raises ApiConnectionException: when it breaks off.
        """
        return b"".join(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all that is left to a file, which appears under its name only when it is whole.

        :param path: where to; a file that is there is replaced.
        :raises ApiConnectionException: when the audio breaks off.
        :raises OSError: when it cannot be written.
        """
        target = Path(path)
        part = target.with_name(f".{target.name}.{os.urandom(6).hex()}.part")
        try:
            with part.open("xb") as file:
                for block in self:
                    file.write(block)
            part.replace(target)
        except BaseException:
            self.close()
            with suppress(OSError):
                part.unlink()
            raise

    def _read(self) -> Iterator[bytes]:
        try:
            kind = _headers.media_type(self.headers)
            if kind == _EVENTS:
                yield from self._audio_of_events()
            elif kind.startswith("text/") or kind.endswith("json"):
                yield bytes(self._whole())
            else:
                yield from self._audio()
        except _UNREADABLE as error:
            self._response.close()
            raise self._failed(error) from error

    def _audio(self) -> Iterator[bytes]:
        blocks = self._blocks()
        first = next(blocks, b"")
        if not first:
            raise UnreadableError("the answer holds no audio")
        yield first
        yield from blocks

    def _audio_of_events(self) -> Iterator[bytes]:
        for event in self._events(self._blocks()):
            if audio := speech_audio(event):
                yield audio
            if is_speech_end(event):
                self.usage = speech_usage(event) or self.usage
                return
        raise UnreadableError("the stream of events broke off before its end")


class TranscriptionStream(Stream[TranscriptionEvent, "CreateTranscription200Response"]):
    """A transcript as it is made: iterate for its events.

    Beside the documented events there may be a :class:`openapiopenai.StreamEvent` of a kind that
    this version does not know.
    """

    def __init__(
        self,
        response: HTTPResponse,
        request: Request[CreateTranscription200Response],
        largest: int,
    ) -> None:
        super().__init__(response, request, largest)
        self._deltas: list[str] = []
        #: The last event with the whole transcript; None until it comes.
        self.done: TranscriptTextDoneEvent | None = None
        self._usage_chunk: dict[str, Any] = {}

    @classmethod
    def asked(
        cls, request: Request[CreateTranscription200Response]
    ) -> Request[CreateTranscription200Response]:
        """Give the call that asks for events."""
        return request.adding(_EVENTS, stream=True)

    @property
    def text(self) -> str:
        """The transcript so far; at the end, all of it."""
        return (self.done.text if self.done else "") or "".join(self._deltas)

    @property
    def usage(self) -> TranscriptTextUsageTokens | TranscriptTextUsageDuration | None:
        """What the call has cost; None until the end, and where the server does not tell."""
        told = self.done.usage if self.done else None
        if told is None and self._usage_chunk:
            return fitted(TranscriptTextDoneEvent, {"text": "", "usage": self._usage_chunk}).usage
        return told

    def _read(self) -> Iterator[TranscriptionEvent]:
        try:
            if _headers.media_type(self.headers) == _EVENTS:
                yield from self._typed(self._events(self._blocks()))
            else:
                yield from self._of_whole()
        except _UNREADABLE as error:
            self._response.close()
            raise self._failed(error) from error

    def _typed(self, events: Iterator[ServerSentEvent]) -> Iterator[TranscriptionEvent]:
        for sent in events:
            if sent.data == END:
                return
            event = transcription_event(sent)
            self._note(event)
            yield event
        if self.done is None:
            raise UnreadableError("the stream of events broke off before its end")

    def _note(self, event: TranscriptionEvent) -> None:
        if isinstance(event, TranscriptTextDeltaEvent):
            self._deltas.append(event.delta)
        elif isinstance(event, TranscriptTextDoneEvent):
            self.done = event
        else:
            self._usage_chunk = as_object(getattr(event, "usage", None)) or self._usage_chunk

    def _of_whole(self) -> Iterator[TranscriptionEvent]:
        """Read an answer that does not say it is a stream: often the server knows none."""
        body = read_body(self._response, self._largest)
        if body.startswith(_EVENT_STARTS):
            yield from self._typed(self._events(iter([body])))
            return
        result = self._request.read(body, self.headers).actual_instance
        data = {"text": result} if isinstance(result, str) else result.to_dict()
        self.done = fitted(TranscriptTextDoneEvent, {**data, "type": "transcript.text.done"})
        yield self.done
