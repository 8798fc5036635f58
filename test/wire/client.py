"""A client of the standard library, for the tests of the servers themselves."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection, HTTPResponse


def ask(client: HTTPConnection, **request: object) -> HTTPResponse:
    """Send a POST; the response is still to be read."""
    client.request("POST", "/v1/x?y=1", **request)  # type: ignore[arg-type]
    return client.getresponse()


def post(port: int, body: bytes = b"question", *, seconds: float = 5.0) -> bytes:
    """Send a POST on a connection of its own, and read the response."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=seconds)) as client:
        return ask(client, body=body).read()
