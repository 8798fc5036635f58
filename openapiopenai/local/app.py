"""The ASGI application: routes, middleware and error handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from openapiopenai.local.endpoints import Queue, SpeechEndpoint, TranscriptionEndpoint
from openapiopenai.local.errors import ApiError
from openapiopenai.local.middleware import (
    BodyLimitMiddleware,
    CheckMiddleware,
    DrainMiddleware,
    RequestIdMiddleware,
    check_origin,
    content_length_check,
    host_check,
    key_check,
)
from openapiopenai.local.recognizer import RecognitionError
from openapiopenai.local.schemas import TranscriptionRequest, TranslationRequest

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from openapiopenai.local.limits import Limits
    from openapiopenai.local.recognizer import Recognizer

_PREFIX = "/v1"
_SPEECH = "/audio/speech"
_TRANSCRIPTIONS = "/audio/transcriptions"
_TRANSLATIONS = "/audio/translations"


def create_app(recognizer: Recognizer, *, host: str, key: str | None, limits: Limits) -> ASGIApp:
    """Create the application.

    :param recognizer: recognizes recordings.
    :param host: the name or address that the server listens on.
    :param key: the key that clients must send; None accepts every client.
    :param limits: limits on requests.
    :return: the application.
    """
    starlette = Starlette(routes=_routes(recognizer, limits), exception_handlers=_HANDLERS)
    starlette.router.redirect_slashes = False
    checks = [host_check(host), check_origin, *([key_check(key)] if key else [])]
    app: ASGIApp = BodyLimitMiddleware(starlette, limits.max_body)
    app = CheckMiddleware(app, [*checks, content_length_check(limits.max_body)])
    return RequestIdMiddleware(DrainMiddleware(app))


def _routes(recognizer: Recognizer, limits: Limits) -> list[Route]:
    queue = Queue(recognizer.workers + limits.max_queue)
    endpoints: dict[str, Any] = {
        _SPEECH: SpeechEndpoint(limits).handle,
        _TRANSCRIPTIONS: TranscriptionEndpoint(recognizer, queue, TranscriptionRequest, limits),
        _TRANSLATIONS: TranscriptionEndpoint(recognizer, queue, TranslationRequest, limits),
    }
    return [Route(_PREFIX + path, each, methods=["POST"]) for path, each in endpoints.items()]


async def _handle_api_error(_request: Request, error: ApiError) -> Response:
    return error.response()


async def _handle_http_exception(request: Request, error: HTTPException) -> Response:
    path = request.url.path
    message, code = {
        404: (f"Unknown request URL: {request.method} {path}.{_hint(path)}", "unknown_url"),
        405: (f"{request.method} is not allowed for {path}; use POST.", "method_not_allowed"),
    }.get(error.status_code, (error.detail, None))
    return ApiError(error.status_code, message, code=code, headers=error.headers).response()


def _hint(path: str) -> str:
    """Return a sentence with the path that was probably meant, or nothing."""
    for endpoint in _SPEECH, _TRANSCRIPTIONS, _TRANSLATIONS:
        if path.rstrip("/").endswith(endpoint):
            return f" Use {_PREFIX}{endpoint}."
    return ""


async def _handle_recognition_error(_request: Request, error: RecognitionError) -> Response:
    return ApiError(500, str(error)).response()


async def _handle_exception(_request: Request, _error: Exception) -> Response:
    return ApiError(500, "The server failed to process the request.").response()


async def _handle_disconnect(_request: Request, _error: ClientDisconnect) -> Response:
    return Response(status_code=499)  # nobody is left to read it


_HANDLERS: dict[Any, Any] = {
    ApiError: _handle_api_error,
    HTTPException: _handle_http_exception,
    RecognitionError: _handle_recognition_error,
    ClientDisconnect: _handle_disconnect,
    Exception: _handle_exception,
}
