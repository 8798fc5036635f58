"""Before any request is looked at: its id, the caller's key, and how much it may send."""

from __future__ import annotations

import hmac
import uuid
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from openapiopenai.local.errors import ApiError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Guard:
    """An ASGI application around another: whatever is answered has an ``x-request-id``.

    :param app: the application that is guarded.
    :param key: the key that callers must present; None lets everybody in.
    :param max_body: the longest request body, in bytes.
    """

    def __init__(self, app: ASGIApp, *, key: str | None, max_body: int) -> None:
        self._app = app
        self._key = key
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _identified(send)
        try:
            self._check(Headers(scope=scope))
        except ApiError as error:
            await error.response()(scope, receive, send)
        else:
            await self._app(scope, self._limited(receive), send)

    def _check(self, headers: Headers) -> None:
        self._check_key(headers.get("authorization", ""))
        if int(headers.get("content-length", 0)) > self._max_body:
            raise self._too_large()

    def _check_key(self, authorization: str) -> None:
        if self._key is None:
            return
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _unauthorized(
                "No API key was given: send it as 'Authorization: Bearer KEY'.", None
            )
        # In constant time, so that a key cannot be found letter by letter.
        if not hmac.compare_digest(token.strip().encode(), self._key.encode()):
            raise _unauthorized(
                "The API key that was given is not this server's.", "invalid_api_key"
            )

    def _limited(self, receive: Receive) -> Receive:
        """Count what arrives: a chunked body does not say how long it is."""
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body:
                raise self._too_large()
            return message

        return limited

    def _too_large(self) -> ApiError:
        return ApiError(
            413,
            f"The request is larger than the limit of {self._max_body} bytes.",
            code="request_too_large",
        )


def _identified(send: Send) -> Send:
    async def identified(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["x-request-id"] = f"req_{uuid.uuid4().hex}"
        await send(message)

    return identified


def _unauthorized(message: str, code: str | None) -> ApiError:
    return ApiError(401, message, code=code, headers={"WWW-Authenticate": "Bearer"})
