"""Responses that are read as they arrive: speech, and transcripts as events."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, TypeVar
from weakref import finalize

from openapiopenai._response import headers as _headers
from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from openapiopenai._request.request import Request
    from openapiopenai._response.events import TranscriptionEvent  # noqa: F401 - a forward reference
    from openapiopenai._response.readers import SpeechReader, StreamReader, TranscriptReader
    from openapiopenai.api_client import ApiClient
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage
    from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
    from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
    from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens

T = TypeVar("T")
R = TypeVar("R", bound="StreamReader[Any]")


class Stream(Generic[T, R]):
    """Base class of both kinds of stream: a context manager, and an iterator over one response.

    :param reader: the reader of the response.
    """

    def __init__(self, reader: R) -> None:
        self._reader = reader
        self._response = reader.response
        self._is_closed = False
        self._items: Generator[T, None, None] = iter(reader)
        finalize(self._items, reader.close)  # at the latest when Python ends

    @classmethod
    def of(cls, client: ApiClient, request: Request[Any]) -> Self:
        """Make a call, and return its response as a stream.

        :param client: the client that makes the call.
        :param request: the request.
        :return: the stream.
        :raises ApiException: when the status is not 2xx, or there is no response.
        """
        request = cls._streamed(request)
        reader = cls._reader_class()
        return cls(reader(client.open(request), request, client.configuration.largest_answer))

    @classmethod
    def _streamed(cls, request: Request[Any]) -> Request[Any]:
        """Return the request for a stream, where it differs from the plain one."""
        return request

    @classmethod
    def _reader_class(cls) -> type[R]:
        """Return the class of the reader, which is imported when the first stream is opened."""
        raise NotImplementedError

    @property
    def content_type(self) -> str:
        """The content type as the server sent it; empty if it sent none."""
        return self.headers.get("content-type", "")

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the response; their names are case-insensitive."""
        return self._response.headers

    @property
    def status_code(self) -> int:
        """The HTTP status, 2xx."""
        return self._response.status

    @property
    def request_id(self) -> str | None:
        """The server's identifier of the call, to quote in a report."""
        return _headers.request_id(self.headers)

    @property
    def closed(self) -> bool:
        """Whether the stream was closed."""
        return self._is_closed

    def close(self) -> None:
        """Release the connection. What was not read is lost; closing twice is harmless."""
        self._is_closed = self._reader.is_closed = True
        try:
            self._items.close()
        except ValueError:  # another thread waits in there: it wakes up, and closes the response
            with suppress(ValueError, RuntimeError, OSError):
                self._response.raw.shutdown()
        else:
            self._reader.close()

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
        self._reader.check_open()
        return self._iterate()

    def __next__(self) -> T:
        return next(iter(self))

    def _iterate(self) -> Iterator[T]:
        try:
            for item in self._items:  # noqa: UP028 - "yield from" would close them early
                yield item
        except ValueError as error:  # another thread is reading, or closing, at this moment
            self._reader.check_open()
            raise ApiValueError("another thread is reading the stream") from error
        self._reader.check_open()  # closing ends the items as their end does

    def __repr__(self) -> str:
        state = "closed" if self._reader.is_closed else "open"
        if self._reader.is_complete:
            state = "complete"
        return (
            f"<{type(self).__name__}: {state}, status {self.status_code}, "
            f"{self.content_type[:60]!r}, {self._response.raw.tell()} bytes so far>"
        )


class SpeechStream(Stream[bytes, "SpeechReader"], io.BufferedIOBase):
    """Speech as it is made: an iterator of bytes, and a readable binary file.

    Where the server sends events (``stream_format="sse"``), the bytes are the decoded audio.
    """

    #: What :meth:`read1` has left of a block.
    _pending = memoryview(b"")

    @classmethod
    def _reader_class(cls) -> type[SpeechReader]:
        from openapiopenai._response.readers import SpeechReader

        return SpeechReader

    @property
    def usage(self) -> SpeechAudioDoneEventUsage | None:
        """The cost of the call; None before the end, and where the server does not report it."""
        return self._reader.usage

    def __iter__(self) -> Iterator[bytes]:
        return chain(self._take_pending(), super().__iter__())

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes.

        :param size: how many; fewer are returned only at the end. Default: all that are left.
        :return: the bytes; none at the end.
        :raises ApiConnectionException: when the response is cut.
        """
        if size is None or size < 0:
            return b"".join(self)
        blocks: list[bytes] = []
        while size > 0 and (block := self.read1(size)):
            blocks.append(block)
            size -= len(block)
        return b"".join(blocks)

    def read1(self, size: int = -1, /) -> bytes:
        """Return the next bytes as they arrive.

        :param size: how many at most. Default: no limit.
        :return: the bytes; none at the end.
        :raises ApiConnectionException: when the response is cut.
        """
        self._reader.check_open()
        block = self._pending or memoryview(next(self, b""))
        end = len(block) if size < 0 else size
        self._pending = block[end:]
        return bytes(block[:end])

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Return an iterator over all that is left.

        :param chunk_size: the size of each block but the last. Default: as they arrive.
        :return: the blocks.
        :raises ApiValueError: when the size is not positive.
        """
        if chunk_size is None:
            return iter(self)
        if chunk_size < 1:
            raise ApiValueError(f"chunk_size is {chunk_size}; pass a number of bytes, 1 or more")
        return iter(partial(self.read, chunk_size), b"")

    def save(self, file: str | os.PathLike[str] | BinaryIO) -> None:
        """Write all that is left to a file.

        :param file: its path: there the file appears, or replaces another and keeps its mode, when
            it is complete. Or a file that is open for writing bytes.
        :raises ApiTypeError: when it is neither.
        :raises ApiValueError: when nothing is left, or the path is not one of a file.
        :raises ApiConnectionException: when the response is cut.
        :raises OSError: when the file cannot be written.
        """
        from openapiopenai._response.saving import save

        if self._reader.is_complete:
            raise ApiValueError("the stream was read to its end before; there is nothing to save")
        if isinstance(file, (str, os.PathLike)):
            save(self, file)
            return
        if isinstance(file, io.TextIOBase) or not hasattr(file, "write"):
            kind = type(file).__name__
            raise ApiTypeError(f"cannot save to a {kind}; pass a path, or a file opened with 'wb'")
        for block in self:
            file.write(block)

    def _take_pending(self) -> Iterator[bytes]:
        if self._pending:
            pending, self._pending = bytes(self._pending), memoryview(b"")
            yield pending


class TranscriptionStream(Stream["TranscriptionEvent", "TranscriptReader"]):
    """A transcript as it is made: an iterator of events.

    Besides the documented events there may be a :class:`openapiopenai.StreamEvent`, of a kind that
    this version does not know.
    """

    @classmethod
    def _reader_class(cls) -> type[TranscriptReader]:
        from openapiopenai._response.readers import TranscriptReader

        return TranscriptReader

    @classmethod
    def _streamed(cls, request: Request[Any]) -> Request[Any]:
        return request.adding(_headers.EVENT_STREAM, stream=True)

    def deltas(self) -> Iterator[str]:
        """Return an iterator over the text as it arrives.

        :return: the texts of the deltas; where the server sends none, all of the text at once.
        """
        from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent

        is_streamed = False
        for event in self:
            if isinstance(event, TranscriptTextDeltaEvent):
                is_streamed = True
                yield event.delta
        if not is_streamed:
            yield self.text

    @property
    def done(self) -> TranscriptTextDoneEvent | None:
        """The last event, with all of the transcript; None until it arrives."""
        return self._reader.transcript.done

    @property
    def text(self) -> str:
        """The transcript so far; at the end, all of it."""
        return self._reader.transcript.text

    @property
    def usage(self) -> TranscriptTextUsageTokens | TranscriptTextUsageDuration | None:
        """The cost of the call; None before the end, and where the server does not report it."""
        return self._reader.transcript.usage
