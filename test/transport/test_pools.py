"""What a client keeps is made once, is of the settings as they are, and survives its closing."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from calls import client, transcribe, trusting
from wire import (
    OK,
    Connection,
    Proxy,
    RawServer,
    RecordingServer,
    replies,
    server_context,
)

from openapiopenai import ApiClient, Configuration, OpenApiException
from openapiopenai._transport.pools import Pools
from openapiopenai._transport.settings import TransportSettings
from openapiopenai._transport.url import BaseURL

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS = 16
ROUNDS = 20
#: How often threads take turns, in seconds: so often that they meet between two lines.
SWITCH_SECONDS = 1e-6
SECURE = BaseURL.parse("https://127.0.0.1:1/v1")


def at_once(call: Callable[[], Any]) -> list[Any]:
    """Return what many threads get that make the same call at the same moment."""
    barrier = threading.Barrier(THREADS)
    usual = sys.getswitchinterval()

    def run(_: int) -> Any:
        barrier.wait()
        return call()

    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(run, range(THREADS)))
    finally:
        sys.setswitchinterval(usual)


def settings_of(**given: Any) -> TransportSettings:
    configuration = Configuration("http://127.0.0.1:1", **given)
    return TransportSettings._make(
        getattr(configuration, name) for name in TransportSettings._fields
    )


# -- made once ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_defaults")
@pytest.mark.parametrize("kind", [ApiClient, Configuration])
def test_there_is_one_default_however_many_ask_for_it_first(kind: Any) -> None:
    for _ in range(ROUNDS):
        kind.set_default(None)
        assert len(set(map(id, at_once(kind.get_default)))) == 1


def test_a_pool_is_made_once() -> None:
    for _ in range(ROUNDS):
        pools = Pools(settings_of)
        routes = at_once(lambda pools=pools: pools.route(SECURE))
        assert len(set(map(id, routes))) == 1
        pools.close()


def test_a_pool_of_changed_settings_is_made_once() -> None:
    current = settings_of()
    pools = Pools(lambda: current)
    seen = {id(pools.route(SECURE).pool): pools.route(SECURE)}
    for number in range(ROUNDS):
        current = settings_of(connection_pool_maxsize=2 + number)
        routes = at_once(lambda: pools.route(SECURE))
        assert len(set(map(id, routes))) == 1
        seen[id(routes[0].pool)] = routes[0]
    assert len(seen) == ROUNDS + 1
    pools.close()


# -- settings as they are -----------------------------------------------------------------------


def test_a_proxy_that_is_set_after_the_first_call_is_used(recording: RecordingServer) -> None:
    with Proxy() as first, Proxy() as second, client(recording.host) as api:
        settings = api.api_client.configuration
        for proxy, requests in ((None, (0, 0)), (first, (1, 0)), (second, (1, 1)), (None, (1, 1))):
            settings.proxy = proxy.url if proxy else None
            assert transcribe(api) == "hello"
            assert (len(first.requests), len(second.requests)) == requests


def test_an_exemption_that_is_set_after_the_first_call_is_used(recording: RecordingServer) -> None:
    with Proxy() as proxy, client(recording.host, proxy=proxy.url) as api:
        assert transcribe(api) == "hello"
        api.api_client.configuration.no_proxy = "127.0.0.1"
        assert transcribe(api) == "hello"
        assert len(proxy.requests) == 1


def test_an_authority_that_is_set_after_the_first_call_is_trusted() -> None:
    with (
        RecordingServer(tls=server_context()) as server,
        client(server.host, retries=False) as api,
    ):
        with pytest.raises(OpenApiException, match="ssl_ca_cert"):
            transcribe(api)
        api.api_client.configuration.ca_cert_data = trusting()["ca_cert_data"]
        assert transcribe(api) == "hello"


# -- closing ------------------------------------------------------------------------------------


def test_closing_while_a_response_comes_lets_it_come(way_of_tls: Any) -> None:
    begun, closed = threading.Event(), threading.Event()

    def halts(connection: Connection) -> None:
        connection.read_request()
        connection.send(OK[:-5])
        begun.set()
        connection.wait(closed)
        connection.send(OK[-5:])

    with (
        RawServer(halts, tls=way_of_tls) as server,
        client(server.host, **trusting(retries=False)) as api,
        ThreadPoolExecutor(1) as threads,
    ):
        waiting = threads.submit(transcribe, api)
        assert begun.wait(20)
        api.api_client.close()
        closed.set()
        assert waiting.result() == "hello"


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def way_of_tls(request: pytest.FixtureRequest) -> Any:
    return server_context() if request.param else None


def test_closing_one_server_s_pool_keeps_those_of_another(recording: RecordingServer) -> None:
    with RawServer(replies(OK, OK)) as other, client(recording.host) as api:
        transcribe(api)
        pools = api.api_client.rest_client._pools
        found = pools.route(BaseURL.parse(recording.host))
        api.api_client.configuration.host = other.host
        transcribe(api)
        pools.discard(found)
        assert transcribe(api) == "hello"
        assert other.connections == 1
