"""Transcriptions and translations: from an upload to what was said in it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from openapiopenai.local.answers import (
    Transcript,
    event,
    transcript_delta,
    transcript_done,
    transcript_response,
)
from openapiopenai.local.codecs import TooLongError, UndecodableAudioError, decode
from openapiopenai.local.errors import ApiError
from openapiopenai.local.pauses import RATE, Span, utterances
from openapiopenai.local.recognition import RecognitionError, Utterance

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator

    from starlette.datastructures import FormData
    from starlette.types import Receive, Scope, Send

    from openapiopenai.local.app import Limits
    from openapiopenai.local.asked import TranscriptRequest
    from openapiopenai.local.recognition import Recogniser


class Queue:
    """How many requests are listened to or wait for it; one more is refused.

    :param places: how many there may be.
    """

    def __init__(self, places: int) -> None:
        self._free = places

    @contextlib.contextmanager
    def place(self) -> Generator[None]:
        """Take a place for as long as the block lasts.

        :raises ApiError: 429 when there is none.
        """
        if not self._free:
            raise ApiError(
                429,
                "Too many requests wait for recognition; try again in a moment.",
                code="rate_limit_exceeded",
                headers={"Retry-After": "1"},
            )
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class _Recording(NamedTuple):
    """A decoded upload, and where in it something is said."""

    samples: array[int]
    spans: list[Span]

    def transcript(self, spoken: list[Utterance]) -> Transcript:
        return Transcript(spoken, len(self.samples) / RATE)


class Listening:
    """One of the two endpoints that take a recording, an ASGI application of its own.

    So that it keeps its place in the queue until the last byte of the answer is sent.

    :param recogniser: what it is recognised with.
    :param queue: who else waits.
    :param read: reads the form of a request.
    :param limits: how much it takes on.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        queue: Queue,
        read: Callable[[FormData], Awaitable[TranscriptRequest]],
        limits: Limits,
    ) -> None:
        self._recogniser = recogniser
        self._queue = queue
        self._read = read
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI has it."""
        with self._queue.place():
            response = await self._answer(Request(scope, receive, send))
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        asked = await self._asked(request)
        recording = await run_in_threadpool(_recording, asked, self._limits.max_seconds)
        if asked.stream:
            return StreamingResponse(self._events(recording, asked), media_type="text/event-stream")
        spoken = [utterance async for utterance in self._spoken(recording, request)]
        return transcript_response(recording.transcript(spoken), asked)

    async def _asked(self, request: Request) -> TranscriptRequest:
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise ApiError(415, "The body must be multipart/form-data.")
        async with request.form(max_part_size=self._limits.max_body) as form:
            return await self._read(form)

    async def _spoken(self, recording: _Recording, request: Request) -> AsyncIterator[Utterance]:
        """Recognise for as long as somebody waits for it."""
        async with self._recognised(recording) as spoken:
            async for utterance in spoken:
                if await request.is_disconnected():
                    raise ClientDisconnect
                yield utterance

    async def _events(
        self, recording: _Recording, asked: TranscriptRequest
    ) -> AsyncIterator[bytes]:
        spoken: list[Utterance] = []
        try:
            async with self._recognised(recording) as recognised:
                async for utterance in recognised:
                    yield event(transcript_delta(utterance, asked, first=not spoken))
                    spoken.append(utterance)
        except RecognitionError as error:
            yield event({"type": "error", **ApiError(500, str(error)).body()})
        else:
            yield event(transcript_done(recording.transcript(spoken), asked))
        yield b"data: [DONE]\n\n"

    def _recognised(
        self, recording: _Recording
    ) -> contextlib.aclosing[AsyncGenerator[Utterance, None]]:
        recognised = self._recogniser.recognise(recording.samples, recording.spans)
        return contextlib.aclosing(recognised)


def _recording(asked: TranscriptRequest, max_seconds: float) -> _Recording:
    try:
        samples = decode(asked.audio, RATE, max_seconds=max_seconds)
    except UndecodableAudioError as error:
        raise ApiError(415, str(error), param="file", code="unsupported_audio") from error
    except TooLongError as error:
        raise ApiError(400, str(error), param="file", code="audio_too_long") from error
    spans = utterances(
        samples, pause_seconds=asked.pause_seconds, padding_seconds=asked.padding_seconds
    )
    return _Recording(samples, spans)
