"""Which calls go through a proxy, and what it is told."""

from __future__ import annotations

import base64
import socket
from typing import TYPE_CHECKING, Any

import pytest
from calls import BIG, client, transcribe, trusting
from wire import (
    Connection,
    Proxy,
    RawServer,
    RecordingServer,
    SocksProxy,
    refused_port,
    server_context,
)
from wire.tls import NAMES

from openapiopenai import ApiConnectionException, ApiException, ApiValueError, Configuration
from openapiopenai._transport.proxies import is_exempt

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "us er", "p@ss:/w\u00f6rd\u20ac"
PROVED = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def server(request: pytest.FixtureRequest) -> Iterator[RecordingServer]:
    tls = server_context(names=(*NAMES, "api.test")) if request.param else None
    with RecordingServer(tls=tls) as made:
        yield made


def test_a_proxy_passes_calls_on(server: RecordingServer) -> None:
    with Proxy() as proxy, client(server.host, **trusting(proxy=proxy.url)) as api:
        assert [transcribe(api, BIG), transcribe(api)] == ["hello", "hello"]
        place = f"127.0.0.1:{server.port}"
        plain = f"POST http://{place}/v1/audio/transcriptions HTTP/1.1"
        tunnel = f"CONNECT {place} HTTP/1."
        assert proxy.request_lines[0].startswith(tunnel if "https" in server.host else plain)
        assert proxy.authorizations[0] is None
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer sk-test"
    ] * 2
    assert server.last.target == "/v1/audio/transcriptions"


def test_a_proxy_knows_names_that_we_do_not(server: RecordingServer) -> None:
    scheme = server.host.partition(":")[0]
    with (
        Proxy(routes={"api.test": ("127.0.0.1", server.port)}) as proxy,
        client(f"{scheme}://api.test/v1", **trusting(proxy=proxy.url)) as api,
    ):
        assert transcribe(api) == "hello"


def test_credentials_go_to_the_proxy_alone(server: RecordingServer) -> None:
    with Proxy(username=USER, password=PASSWORD) as proxy:
        with client(server.host, **trusting(proxy=proxy.url_with_credentials)) as api:
            assert transcribe(api) == "hello"
        assert proxy.authorizations == [PROVED]
        tunnelled = "https" in server.host
        assert ("authorization" in proxy.requests[0].headers) is not tunnelled
    assert PROVED not in str(server.last.headers)
    assert "proxy-authorization" not in server.last.headers


def test_headers_for_the_proxy_go_to_it(server: RecordingServer) -> None:
    with Proxy() as proxy:
        settings = trusting(proxy=proxy.url, proxy_headers={"X-Team": "red"})
        with client(server.host, **settings) as api:
            assert transcribe(api) == "hello"
        assert proxy.requests[0].headers["x-team"] == "red"
    assert ("x-team" in server.last.headers) is not ("https" in server.host)


def test_wrong_credentials_are_an_error(server: RecordingServer) -> None:
    with Proxy(username=USER, password="right") as proxy:
        address = f"http://{USER.replace(' ', '%20')}:wrong@127.0.0.1:{proxy.port}"
        with (
            client(server.host, retries=False, **trusting(proxy=address)) as api,
            pytest.raises(ApiException, match="407"),
        ):
            transcribe(api)
    assert server.requests == []


def test_a_proxy_that_is_not_there_is_an_error_that_names_it(server: RecordingServer) -> None:
    with refused_port() as port:
        settings = trusting(proxy=f"http://user:sk-test@127.0.0.1:{port}", retries=False)
        with (
            client(server.host, **settings) as api,
            pytest.raises(ApiConnectionException, match=r"proxy.*refused") as failure,
        ):
            transcribe(api)
        assert not isinstance(failure.value, TimeoutError)


@pytest.mark.parametrize(
    "url", ["", "host:1", "ftp://host", "http://", "http://host:x", "socks9://h"]
)
def test_what_is_no_proxy_is_refused_without_quoting_it(url: str) -> None:
    if not url:
        assert Configuration(proxy=url).proxy in (None, "")
        return
    with pytest.raises(ApiValueError, match="proxy is not the URL of a proxy"):
        Configuration(proxy=url)


# -- SOCKS --------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", [None, "p@ss:w\u00f6rd"])
def test_socks_leaves_names_to_the_proxy(server: RecordingServer, password: str | None) -> None:
    scheme = server.host.partition(":")[0]
    settings = {"username": "user", "password": password} if password else {}
    with SocksProxy(routes={"api.test": ("127.0.0.1", server.port)}, **settings) as proxy:
        credentials = "user:p%40ss:w%C3%B6rd@" if password else ""
        address = f"socks5h://{credentials}127.0.0.1:{proxy.port}"
        with client(f"{scheme}://api.test/v1", **trusting(proxy=address)) as api:
            assert [transcribe(api, BIG), transcribe(api)] == ["hello", "hello"]
        assert proxy.targets == [("api.test", 443 if scheme == "https" else 80)]
        assert proxy.credentials == ([("user", password)] if password else [])


def test_an_escaped_colon_of_socks_belongs_to_the_name(server: RecordingServer) -> None:
    with SocksProxy(username="us:er", password="p:w@") as proxy:
        address = f"socks5h://us%3Aer:p%3Aw%40@127.0.0.1:{proxy.port}"
        with client(server.host, **trusting(proxy=address)) as api:
            assert transcribe(api) == "hello"
        assert proxy.credentials == [("us:er", "p:w@")]


def test_socks_without_names_resolves_here(server: RecordingServer) -> None:
    with SocksProxy() as proxy, client(server.host, **trusting(proxy=proxy.url)) as api:
        assert transcribe(api) == "hello"
        assert proxy.targets == [("127.0.0.1", server.port)]


@pytest.mark.parametrize("scheme", ["socks4", "socks4a", "socks5", "socks5h"])
def test_every_kind_of_socks_passes_calls_on(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    families: list[int] = []

    def resolve(host: str, port: int, family: int = 0, *_: int, **__: int) -> list[Any]:
        families.extend([family] if host == "api.test" else [])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    here = scheme in ("socks4", "socks5")
    host = server.host.replace("127.0.0.1", "api.test")
    with SocksProxy(routes={"api.test": ("127.0.0.1", server.port)}) as proxy:
        address = f"{scheme}://user@localhost:{proxy.port}"
        with client(host, **trusting(proxy=address)) as api:
            assert [transcribe(api, BIG), transcribe(api)] == ["hello", "hello"]
        assert proxy.targets == [("127.0.0.1" if here else "api.test", server.port)]
        assert proxy.credentials == ([("user", "")] if "4" in scheme else [])
    assert len(families) == here
    assert scheme != "socks4" or families == [socket.AF_INET]  # it has no room for another


@pytest.mark.parametrize("scheme", ["socks4a", "socks5h"])
def test_a_socks_proxy_that_does_not_connect_is_an_error(scheme: str) -> None:
    with SocksProxy() as proxy:
        address = f"{scheme}://127.0.0.1:{proxy.port}"
        with (
            client("http://api.test", proxy=address, retries=False) as api,
            pytest.raises(ApiConnectionException, match=r"api\.test.*refused|rejected"),
        ):
            transcribe(api)
        assert proxy.targets == [("api.test", 80)]
        assert proxy.wait_for(lambda: not proxy.open_connections)


def test_a_socks_proxy_that_is_not_there_is_an_error_that_names_it() -> None:
    with (
        refused_port() as port,
        client("http://api.test", proxy=f"socks5h://127.0.0.1:{port}", retries=False) as api,
        pytest.raises(
            ApiConnectionException,
            match=r"through the proxy 127\.0\.0\.1:\d+ failed: connection refused",
        ),
    ):
        transcribe(api)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\5\0\1\1\0\0"])
@pytest.mark.parametrize("scheme", ["socks4a", "socks5h"])
def test_what_speaks_no_socks_is_an_error(scheme: str, answer: bytes) -> None:
    def speaks(connection: Connection) -> None:
        connection.read_some(512)
        connection.send(answer)
        connection.finish()
        connection.drain()

    with (
        RawServer(speaks) as server,
        client(
            "http://api.test", proxy=f"{scheme}://127.0.0.1:{server.port}", retries=False
        ) as api,
        pytest.raises(ApiConnectionException, match=r"through the proxy 127\.0\.0\.1:\d+ failed"),
    ):
        transcribe(api)


@pytest.mark.parametrize("name", ["a" * 64 + ".test", "a..test"])
@pytest.mark.parametrize("scheme", ["socks4", "socks4a", "socks5", "socks5h"])
def test_a_name_that_no_name_can_be_is_an_error_through_socks_too(scheme: str, name: str) -> None:
    with SocksProxy() as proxy:
        address = f"{scheme}://127.0.0.1:{proxy.port}"
        with (
            client(f"http://{name}", proxy=address, retries=False) as api,
            pytest.raises(ApiConnectionException),
        ):
            transcribe(api)


def test_a_refusing_socks_proxy_is_an_error() -> None:
    with SocksProxy(username="user", password="right") as proxy:
        address = f"socks5h://user:wrong@127.0.0.1:{proxy.port}"
        with (
            client("http://api.test", proxy=address, retries=False) as api,
            pytest.raises(ApiConnectionException, match="authentication failed") as failure,
        ):
            transcribe(api)
        assert "wrong" not in str(failure.value)


# -- the environment ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "schemes"),
    [
        ("http_proxy", "http"),
        ("HTTP_PROXY", "http"),
        ("https_proxy", "https"),
        ("HTTPS_PROXY", "https"),
        ("all_proxy", "http https"),
        ("ALL_PROXY", "http https"),
    ],
)
def test_the_environment_may_name_a_proxy(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch, variable: str, schemes: str
) -> None:
    with Proxy(username="user", password="sk-test") as proxy:
        monkeypatch.setenv(variable, proxy.url_with_credentials.removeprefix("http://"))
        with client(server.host, **trusting()) as api:
            assert transcribe(api) == "hello"
        used = server.host.partition(":")[0] in schemes.split()
        assert len(proxy.requests) == used


def test_a_given_proxy_wins_over_the_environments(
    recording: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy() as proxy, refused_port() as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        with client(recording.host, proxy=proxy.url) as api:
            assert transcribe(api) == "hello"
        assert len(proxy.requests) == 1


def test_a_visitors_header_sets_no_proxy(
    recording: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUEST_METHOD", "GET")  # as on a CGI server
    with refused_port() as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        with client(recording.host) as api:
            assert transcribe(api) == "hello"


@pytest.mark.parametrize("how", ["no_proxy", "NO_PROXY", "setting"])
@pytest.mark.parametrize(
    ("exempt", "direct"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:{port}", True),
        ("127.0.0.1:1", False),
        ("127.0.0.0/8", True),
        ("10.0.0.0/8", False),
        ("*", True),
        ("example.test, 127.0.0.1", True),
        ("localhost", False),
    ],
)
def test_some_hosts_are_reached_without_the_proxy(
    recording: RecordingServer,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    exempt: str,
    direct: bool,  # noqa: FBT001
) -> None:
    value = exempt.format(port=recording.port)
    settings = {"no_proxy": value} if how == "setting" else {}
    if not settings:
        monkeypatch.setenv(how, value)
    with Proxy() as proxy, client(recording.host, proxy=proxy.url, **settings) as api:
        assert transcribe(api) == "hello"
        assert len(proxy.requests) == (not direct)


@pytest.mark.parametrize(
    ("entries", "covered", "not_covered"),
    [
        ("api.test", "api.test:443 a.api.test:443", "xapi.test:443 test:443 api.test.org:443"),
        (".api.test", "a.api.test:1 api.test:1", "xapi.test:1"),
        ("*.api.test", "a.api.test:1", "xapi.test:1"),
        ("API.Test", "api.test:1", ""),
        ("api.test:8080", "api.test:8080 a.api.test:8080", "api.test:80"),
        ("a.test b.test,c.test", "a.test:1 b.test:1 c.test:1", "d.test:1"),
        ("10.0.0.0/8", "10.1.2.3:1", "11.0.0.1:1 ten.test:1"),
        ("10.1.2.3/8", "10.9.9.9:1", ""),
        ("fd00::/8", "fd12::1:443", "fe80::1:443"),
        ("[::1]:8080", "::1:8080", "::1:80"),
        ("::1", "::1:80", "::2:80"),
        ("0:0:0:0:0:0:0:1", "::1:80 0:0:0:0:0:0:0:1:80", "::2:80"),
        ("::1", "0:0:0:0:0:0:0:1:80", ""),
        ("[0:0:0:0:0:0:0:1]:8080", "::1:8080", "::1:80"),
        ("api.test.", "api.test:1 api.test.:1 a.api.test:1", "test:1"),
        ("api.test", "api.test.:1", "xapi.test.:1"),
        ("a.test;b.test; c.test", "a.test:1 b.test:1 c.test:1", "d.test:1"),
        ("*", "anything.test:1 ::1:1", ""),
        ("", "", "api.test:1"),
        (",, ,", "", "api.test:1"),
        (".", "", "api.test:1"),
        ("10.0.0.0/99", "", "10.0.0.1:1"),
    ],
)
def test_exemptions_cover_what_they_say(entries: str, covered: str, not_covered: str) -> None:
    def exempt(place: str) -> bool:
        host, _, port = place.rpartition(":")
        return is_exempt(host, int(port), entries)

    assert [place for place in covered.split() if not exempt(place)] == []
    assert [place for place in not_covered.split() if exempt(place)] == []
