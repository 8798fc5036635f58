"""The endpoints: from a request to synthesized speech or to a transcript."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from openapiopenai.local import codecs, synthesizer
from openapiopenai.local.errors import ApiError
from openapiopenai.local.recognizer import RecognitionError, Utterance
from openapiopenai.local.responses import (
    Transcript,
    format_event,
    speech_events,
    transcript_delta,
    transcript_done,
    transcript_response,
)
from openapiopenai.local.vad import RATE, Span, detect_speech
from openapiopenai.local.validation import parse_form, parse_speech

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator

    from starlette.types import Receive, Scope, Send

    from openapiopenai.local.limits import Limits
    from openapiopenai.local.recognizer import Recognizer
    from openapiopenai.local.schemas import SpeechRequest, TranscriptionRequest


class SpeechEndpoint:
    """``POST /audio/speech``.

    :param limits: limits on requests.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def handle(self, request: Request) -> Response:
        """Return the response to a request."""
        _require_media_type(request, "application/json")
        speech = parse_speech(await request.body(), self._limits)
        audio = _SpeechAudio(speech)
        if speech.stream_format == "sse":
            events = speech_events(audio.encode(), speech.input, audio.duration)
            return StreamingResponse(events, media_type="text/event-stream")
        media_type = codecs.FORMATS[speech.response_format].content_type
        return StreamingResponse(audio.encode(), media_type=media_type)


class _SpeechAudio:
    """Speech that is synthesized and encoded while it is read."""

    def __init__(self, request: SpeechRequest) -> None:
        self._request = request
        self._tempo = synthesizer.tempo(request.speed)
        self._samples = 0

    def encode(self) -> Iterator[bytes]:
        """Yield the encoded audio."""
        response_format = self._request.response_format
        return codecs.encode(
            self._synthesize(), synthesizer.RATE, response_format, tempo=self._tempo
        )

    def duration(self) -> float:
        """Return the seconds of audio synthesized so far."""
        return self._samples / synthesizer.RATE / self._tempo

    def _synthesize(self) -> Iterator[bytes]:
        request = self._request
        for samples in synthesizer.synthesize(request.input, request.voice_name, request.speed):
            self._samples += len(samples) // 2
            yield samples


class Queue:
    """A bounded number of places for requests that are recognized or wait for it.

    :param places: how many there are.
    """

    def __init__(self, places: int) -> None:
        self._free = places

    @contextlib.contextmanager
    def place(self) -> Generator[None]:
        """Occupy a place within a ``with`` block.

        :raises ApiError: 429 if none is free.
        """
        if not self._free:
            raise ApiError(
                429,
                "Too many requests are waiting for recognition; retry in a moment.",
                code="rate_limit_exceeded",
                headers={"Retry-After": "1"},
            )
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class _Recording(NamedTuple):
    """A decoded upload, and the spans that contain speech."""

    samples: array[int]
    spans: list[Span]

    def transcript(self, utterances: list[Utterance]) -> Transcript:
        return Transcript(utterances, len(self.samples) / RATE)


class TranscriptionEndpoint:
    """``POST /audio/transcriptions`` or ``POST /audio/translations``.

    An ASGI application, so that a request keeps its place in the queue until the last byte of its
    response is sent.

    :param recognizer: recognizes recordings.
    :param queue: the queue of requests, shared by both endpoints.
    :param schema: the request model.
    :param limits: limits on requests.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        queue: Queue,
        schema: type[TranscriptionRequest],
        limits: Limits,
    ) -> None:
        self._recognizer = recognizer
        self._queue = queue
        self._schema = schema
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        with self._queue.place():
            response = await self._respond(Request(scope, receive, send))
            await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        params, audio = await self._read(request)
        recording = await run_in_threadpool(_decode, audio, params, self._limits.max_seconds)
        if params.is_streamed:
            events = self._events(recording, params)
            return StreamingResponse(events, media_type="text/event-stream")
        utterances = [each async for each in self._recognize(recording, request)]
        return transcript_response(recording.transcript(utterances), params)

    async def _read(self, request: Request) -> tuple[TranscriptionRequest, bytes]:
        _require_media_type(request, "multipart/form-data")
        async with request.form(max_part_size=self._limits.max_body) as form:
            params = parse_form(self._schema, form)
            return params, await params.file.read()

    async def _recognize(self, recording: _Recording, request: Request) -> AsyncIterator[Utterance]:
        """Recognize a recording until it ends or the client disconnects."""
        async with self._utterances(recording) as utterances:
            async for utterance in utterances:
                if await request.is_disconnected():
                    raise ClientDisconnect
                yield utterance

    async def _events(
        self, recording: _Recording, params: TranscriptionRequest
    ) -> AsyncIterator[bytes]:
        done: list[Utterance] = []
        try:
            async with self._utterances(recording) as utterances:
                async for utterance in utterances:
                    yield format_event(transcript_delta(utterance, params, first=not done))
                    done.append(utterance)
        except RecognitionError as error:
            yield format_event({"type": "error", **ApiError(500, str(error)).to_dict()})
        else:
            yield format_event(transcript_done(recording.transcript(done), params))
        yield b"data: [DONE]\n\n"

    def _utterances(
        self, recording: _Recording
    ) -> contextlib.aclosing[AsyncGenerator[Utterance, None]]:
        return contextlib.aclosing(
            self._recognizer.recognize(recording.samples, recording.spans),
        )


def _decode(audio: bytes, params: TranscriptionRequest, max_seconds: float) -> _Recording:
    try:
        samples = codecs.decode(audio, RATE, max_seconds=max_seconds)
    except codecs.UndecodableAudioError as error:
        raise ApiError(400, str(error), param="file", code="unsupported_audio") from error
    except codecs.TooLongError as error:
        raise ApiError(400, str(error), param="file", code="audio_too_long") from error
    spans = detect_speech(
        samples, pause_seconds=params.pause_seconds, padding_seconds=params.padding_seconds
    )
    return _Recording(samples, spans)


def _require_media_type(request: Request, accepted: str) -> None:
    """Refuse other media types; browsers send only some of them to other sites unasked."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != accepted:
        raise ApiError(
            415,
            f"The Content-Type must be {accepted}, not {media_type[:50]!r}.",
            code="unsupported_content_type",
        )
