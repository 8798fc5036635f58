"""The endpoints, as an ASGI application: which path leads where, and how failures are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from openapiopenai.local import codecs, speech
from openapiopenai.local.answers import speech_events
from openapiopenai.local.asked import (
    SpeechRequest,
    speech_request,
    transcription_request,
    translation_request,
)
from openapiopenai.local.errors import ApiError
from openapiopenai.local.guard import Guard
from openapiopenai.local.listening import Listening, Queue
from openapiopenai.local.recognition import RecognitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from openapiopenai.local.recognition import Recogniser


class Limits(NamedTuple):
    """How much the server takes on.

    :param max_body: bytes of a request; 25 MiB by default, which is OpenAI's limit for a file.
    :param max_seconds: seconds of a recording; an hour by default. Decoded, it is held in memory.
    :param max_queue: requests that may wait for recognition while every worker is busy.
    """

    max_body: int = 25 * 1024 * 1024
    max_seconds: float = 3600.0
    max_queue: int = 32


def make_app(recogniser: Recogniser, *, key: str | None, limits: Limits) -> ASGIApp:
    """Make the application.

    :param recogniser: what recordings are recognised with.
    :param key: the key that callers must present; None lets everybody in.
    :param limits: how much it takes on.
    :return: the application, which knows every path with and without ``/v1``.
    """
    queue = Queue(recogniser.workers + limits.max_queue)
    endpoints: dict[str, Callable[..., Any]] = {
        "/audio/speech": _speech,
        "/audio/transcriptions": Listening(recogniser, queue, transcription_request, limits),
        "/audio/translations": Listening(recogniser, queue, translation_request, limits),
    }
    routes = [
        Route(prefix + path, endpoint, methods=["POST"])
        for path, endpoint in endpoints.items()
        for prefix in ("/v1", "")
    ]
    app = Starlette(routes=routes, exception_handlers=_HANDLERS)
    app.router.redirect_slashes = False
    return Guard(app, key=key, max_body=limits.max_body)


async def _speech(request: Request) -> Response:
    asked = speech_request(await _json_object(request))
    spoken = _Spoken(asked)
    if asked.as_events:
        events = speech_events(spoken.encoded(), asked.text, spoken.seconds)
        return StreamingResponse(events, media_type="text/event-stream")
    media_type = codecs.FORMATS[asked.speech_format].content_type
    return StreamingResponse(spoken.encoded(), media_type=media_type)


async def _json_object(request: Request) -> dict[str, object]:
    try:
        body: Any = json.loads(await request.body())
    except ValueError as error:
        raise ApiError(400, f"The body is not JSON: {error}", code="invalid_json") from error
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object.", code="invalid_json")
    return cast("dict[str, object]", body)


class _Spoken:
    """Speech in the making: encoded as it is asked for, and how long it has become."""

    def __init__(self, asked: SpeechRequest) -> None:
        self._asked = asked
        self._tempo = speech.tempo(asked.speed)
        self._samples = 0

    def encoded(self) -> Iterator[bytes]:
        form = self._asked.speech_format
        return codecs.encode(self._counted(), speech.RATE, form, tempo=self._tempo)

    def seconds(self) -> float:
        return self._samples / speech.RATE / self._tempo

    def _counted(self) -> Iterator[bytes]:
        for samples in speech.speak(self._asked.text, self._asked.voice, self._asked.speed):
            self._samples += len(samples) // 2
            yield samples


async def _refused(_request: Request, error: ApiError) -> Response:
    return error.response()


async def _not_served(request: Request, error: HTTPException) -> Response:
    where = f"{request.method} {request.url.path}"
    message, code = {
        404: (f"Unknown request URL: {where}.", "unknown_url"),
        405: (f"Not allowed: {where}; this path takes POST.", "method_not_allowed"),
    }.get(error.status_code, (error.detail, None))
    return ApiError(error.status_code, message, code=code, headers=error.headers).response()


async def _failed(_request: Request, error: Exception) -> Response:
    known = isinstance(error, RecognitionError)
    return ApiError(500, str(error) if known else "The server failed over this request.").response()


async def _gone(_request: Request, _error: ClientDisconnect) -> Response:
    return Response(status_code=499)  # which nobody is there to read


_HANDLERS: dict[Any, Any] = {
    ApiError: _refused,
    HTTPException: _not_served,
    RecognitionError: _failed,
    ClientDisconnect: _gone,
    Exception: _failed,
}
