"""ASGI middleware: request ids, access checks, and limits on the request body."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import ipaddress
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from openapiopenai.local.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Check = Callable[[Headers], None]

#: Seconds in which the rest of a request body is read and discarded.
_DRAIN_SECONDS = 30


class RequestIdMiddleware:
    """ASGI middleware that adds an ``x-request-id`` header to each response.

    :param app: the wrapped application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = f"req_{uuid.uuid4().hex}"
            await send(message)

        await self._app(scope, receive, send_with_id)


class DrainMiddleware:
    """ASGI middleware that reads the request body to its end before the response ends.

    Closing a connection with unread data resets it, and the client may lose a response that was
    sent early: 401, 413 and so on.

    :param app: the wrapped application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        body = _RequestBody(receive)

        async def send_after_body(message: Message) -> None:
            is_last = message["type"] == "http.response.body" and not message.get("more_body")
            if is_last and not body.is_complete:
                await send({**message, "more_body": True})
                await body.drain()
                message = {"type": "http.response.body"}
            await send(message)

        await self._app(scope, body.receive, send_after_body)


class _RequestBody:
    """The messages of a request body."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.is_complete = False

    async def receive(self) -> Message:
        message = await self._receive()
        self.is_complete = not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._read_to_end(), _DRAIN_SECONDS)

    async def _read_to_end(self) -> None:
        while not self.is_complete:
            await self.receive()


class CheckMiddleware:
    """ASGI middleware that refuses requests by their headers.

    :param app: the wrapped application.
    :param checks: called in order with the headers; each may raise ``ApiError``.
    """

    def __init__(self, app: ASGIApp, checks: Sequence[Check]) -> None:
        self._app = app
        self._checks = checks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        headers = Headers(scope=scope)
        try:
            for check in self._checks:
                check(headers)
        except ApiError as error:
            await error.response()(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class BodyLimitMiddleware:
    """ASGI middleware that limits the bytes read of a request body.

    A chunked body has no Content-Length, so bytes are counted as they arrive.

    :param app: the wrapped application, which must handle ``ApiError``.
    :param max_body: bytes per request.
    """

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body:
                raise _too_large(self._max_body)
            return message

        await self._app(scope, receive_limited, send)


def content_length_check(max_body: int) -> Check:
    """Return a check of the Content-Length header.

    :param max_body: bytes per request.
    :return: a check that raises 413.
    """

    def check(headers: Headers) -> None:
        if int(headers.get("content-length", 0)) > max_body:
            raise _too_large(max_body)

    return check


def host_check(server_name: str) -> Check:
    """Return a check of the Host header, which defeats DNS rebinding.

    A web page can make a name of its own resolve to this machine; the browser then treats the
    server as part of the page's site, but still sends that name as Host.

    :param server_name: the name or address that the server listens on.
    :return: a check that raises 403 unless Host is an IP address, ``localhost`` or that name.
    """
    names = {"localhost", server_name.lower()}

    def check(headers: Headers) -> None:
        name = _hostname(headers.get("host", ""))
        if name not in names and not _is_ip_address(name):
            raise ApiError(
                403,
                f"The Host header names {name[:100]!r}; use an IP address or 'localhost', or start "
                "the server with --host and that name.",
                code="host_not_allowed",
            )

    return check


def check_origin(headers: Headers) -> None:
    """Refuse requests that a browser sends for a page of another site.

    :param headers: the request's headers.
    :raises ApiError: 403 if there is an Origin header that is not this server's.
    """
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{headers.get('host', '').lower()}":
        raise ApiError(
            403,
            f"Requests from web pages of other sites are refused (Origin: {origin[:100]}).",
            code="origin_not_allowed",
        )


def key_check(key: str) -> Check:
    """Return a check of the API key.

    :param key: the key that clients must send.
    :return: a check that raises 401.
    """

    def check(headers: Headers) -> None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _unauthorized("No API key provided: send 'Authorization: Bearer KEY'.", None)
        # In constant time, so that response times do not reveal the key.
        if not hmac.compare_digest(token.strip().encode(), key.encode()):
            raise _unauthorized("Incorrect API key provided.", "invalid_api_key")

    return check


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_ip_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _too_large(max_body: int) -> ApiError:
    message = f"The request exceeds the maximum size of {max_body} bytes."
    return ApiError(413, message, code="request_too_large")


def _unauthorized(message: str, code: str | None) -> ApiError:
    return ApiError(401, message, code=code, headers={"WWW-Authenticate": "Bearer"})
