"""Whatever a server sends is a value or our error, and never the response to the next call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from calls import client, transcribe, trusting
from fuzz.exchanges import CALLS, Exchange
from fuzz.targets import check
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wire import RawServer, server_context

from openapiopenai import ApiConnectionException

if TYPE_CHECKING:
    from wire import Connection, Script

CHOICES = st.binary(max_size=48)


@pytest.mark.parametrize("call", range(len(CALLS)))
def test_no_choices_are_a_sound_response(call: int) -> None:
    exchange = Exchange(bytes([call]))
    if exchange.call.__name__.endswith("speech"):
        exchange.sent = exchange.sent.replace(b'{"text": "', b"ID3\0\0\0\0\0\0\0")
    assert "first" in str(exchange.run())


@settings(max_examples=200)
@given(CHOICES)
@example(b"\0\1\2\1\1")
@example(b"\xff" * 40)
def test_any_response_is_a_value_or_our_error(choices: bytes) -> None:
    check(Exchange(choices).run())


@settings(max_examples=60)
@given(CHOICES)
def test_so_it_is_over_tls(choices: bytes) -> None:
    check(Exchange(choices, **trusting()).run(server_context()))


@settings(max_examples=60)
@given(CHOICES)
def test_any_response_of_a_proxy_to_connect_is_our_error(choices: bytes) -> None:
    sent = Exchange(choices).sent

    def responds(connection: Connection) -> None:
        connection.read_head()
        connection.send(sent)

    is_refused_by("http", responds)


@settings(max_examples=60)
@given(st.sampled_from(["socks4a", "socks5h"]), st.binary(max_size=20))
@example("socks5h", b"\5\0\5\0\0\3\xff")
@example("socks5h", b"\5\0\5\0\0\1\0\0\0\0\0\0HTTP/1.1 200 OK\r\n\r\n")
@example("socks4a", b"\0\x5a\0\0\0\0\0\0")
def test_any_response_of_socks_is_our_error(scheme: str, sent: bytes) -> None:
    def responds(connection: Connection) -> None:
        connection.read_some(100)
        connection.send(sent)

    is_refused_by(scheme, responds)


def is_refused_by(scheme: str, script: Script) -> None:
    """Assert that a call through a proxy that speaks to nobody is an error of ours."""
    with (
        RawServer(script) as server,
        client(
            "https://api.test", proxy=f"{scheme}://127.0.0.1:{server.port}", retries=False
        ) as api,
        pytest.raises(ApiConnectionException) as failure,
    ):
        transcribe(api, _request_timeout=30.0)
    assert str(failure.value).isprintable()


def test_the_oracles_notice_a_response_of_another_call() -> None:
    exchange = Exchange(b"")
    exchange.is_warm = False
    exchange.sent = exchange.sent.replace(b"first", b"other")
    assert exchange.run() == "other"
    exchange.call = lambda *_, **__: b""
    with pytest.raises(AssertionError, match="nothing is no audio"):
        exchange.run()
