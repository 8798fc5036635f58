"""Answers that are read as they arrive, as a caller holds them: speech, and transcripts as events.

What a stream reads is in ``stream_reading.py``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import finalize

from openapiopenai._response import headers as _headers
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    import os
    from collections.abc import Generator, Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from openapiopenai._request.request import Request
    from openapiopenai._response.events import TranscriptionEvent  # noqa: F401 - the base is named in a text
    from openapiopenai._response.readers import Reading, SpeechReading, TranscriptReading
    from openapiopenai.api_client import ApiClient
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage
    from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
    from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
    from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens

T = TypeVar("T")
A = TypeVar("A", bound="Reading[Any]")


class Stream(Generic[T, A]):
    """What both kinds of stream share: a context manager and an iterator over one answer.

    :param reading: the answer.
    """

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
        reading = cls._kind()
        return cls(reading(client.open(asked), asked, client.configuration.largest_answer))

    @classmethod
    def asked(cls, request: Request[Any]) -> Request[Any]:
        """Give the call that asks for a stream where the plain one would not."""
        return request

    @classmethod
    def _kind(cls) -> type[A]:
        """Give what reads the answer, which only those load who stream."""
        raise NotImplementedError

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
                self._response.raw.shutdown()
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


class SpeechStream(Stream[bytes, "SpeechReading"]):
    """Speech as it is made: iterate for its bytes, each handed on as it arrives.

    Where the server sends events (``stream_format="sse"``), the bytes are the decoded audio all
    the same.
    """

    @classmethod
    def _kind(cls) -> type[SpeechReading]:
        from openapiopenai._response.readers import SpeechReading

        return SpeechReading

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
        from openapiopenai._response.saving import save

        if self._reading.is_whole:
            raise ApiValueError("the stream was read to its end before; there is nothing to save")
        save(self, path)


class TranscriptionStream(Stream["TranscriptionEvent", "TranscriptReading"]):
    """A transcript as it is made: iterate for its events.

    Beside the documented events there may be a :class:`openapiopenai.StreamEvent` of a kind that
    this version does not know.
    """

    @classmethod
    def _kind(cls) -> type[TranscriptReading]:
        from openapiopenai._response.readers import TranscriptReading

        return TranscriptReading

    @classmethod
    def asked(cls, request: Request[Any]) -> Request[Any]:
        """Give the call that asks for events."""
        return request.adding(_headers.EVENT_STREAM, stream=True)

    @property
    def done(self) -> TranscriptTextDoneEvent | None:
        """The last event, with the whole transcript; None until it comes."""
        return self._reading.done

    @property
    def text(self) -> str:
        """The transcript so far; at the end, all of it."""
        return self._reading.text

    @property
    def usage(self) -> TranscriptTextUsageTokens | TranscriptTextUsageDuration | None:
        """What the call has cost; None until the end, and where the server does not tell."""
        return self._reading.usage
