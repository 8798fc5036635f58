"""A response that comes while a recording is still being sent is what the caller gets."""

from __future__ import annotations

import time
from typing import Any

import pytest
from calls import BIG, client, transcribe, trusting
from wire import OK, Connection, RawServer, in_turn, replies, server_context, whole

from openapiopenai import ApiException


def refuses(status: int) -> Any:
    """Answer a first request, and refuse a second one after its head without reading further."""

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(OK)
        connection.read_head()
        connection.send(whole(status, {"error": {"message": "enough"}}))
        connection.wait()

    return script


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("timeout", [30.0, (30.0, 30.0)], ids=["whole", "pair"])
@pytest.mark.parametrize("status", [401, 413])
def test_an_early_refusal_ends_the_upload_and_the_connection(
    status: int, timeout: Any, *, tls: bool
) -> None:
    context = server_context() if tls else None
    script = in_turn(refuses(status), replies(OK))
    with (
        RawServer(script, tls=context) as server,
        client(server.host, **trusting(timeout=timeout)) as api,
    ):
        assert transcribe(api) == "hello"
        started = time.monotonic()
        with pytest.raises(ApiException, match="enough") as failure:
            transcribe(api, BIG)
        assert time.monotonic() - started < 15  # it does not wait for the timeout
        assert (failure.value.status, failure.value.attempts) == (status, 1)
        assert transcribe(api) == "hello"
        assert server.connections == 2


def test_a_ticket_of_tls_is_not_taken_for_a_response() -> None:
    """TLS 1.3 sends session tickets, which make a socket readable, when a handshake is over."""
    with (
        RawServer(replies(OK), tls=server_context()) as server,
        client(server.host, **trusting()) as api,
    ):
        assert transcribe(api, BIG) == "hello"
        assert server.requests_seen == 1
