"""Whatever a server sends is a value or our error, and never the response to the next call."""

from __future__ import annotations

import pytest
from calls import trusting
from fuzz.exchanges import CALLS, Exchange
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wire import server_context

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
    Exchange(choices).run()


@settings(max_examples=60)
@given(CHOICES)
def test_so_it_is_over_tls(choices: bytes) -> None:
    Exchange(choices, **trusting()).run(server_context())


def test_the_oracles_notice_a_response_of_another_call() -> None:
    exchange = Exchange(b"")
    exchange.is_warm = False
    exchange.sent = exchange.sent.replace(b"first", b"other")
    assert exchange.run() == "other"
    exchange.call = lambda *_, **__: ""
    with pytest.raises(AssertionError, match="nothing is no success"):
        exchange.run()
