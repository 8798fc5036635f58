"""Certificates and proxies are as good or bad as the tests take them to be."""

from __future__ import annotations

import base64
import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING

import pytest
import socks

from wire import (
    Kind,
    Proxy,
    RecordingServer,
    SocksProxy,
    ca_file,
    client_files,
    server_context,
)
from wire.client import ask

if TYPE_CHECKING:
    from pathlib import Path

BIG = b"x" * 30_000_000  # more than the buffers of a connection hold


def test_tls_serves_a_trusting_client(tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=ca_file(tmp_path))
    with RecordingServer(tls=server_context()) as server:
        assert server.host == f"https://127.0.0.1:{server.port}/v1"
        with closing(HTTPSConnection("localhost", server.port, context=trusting)) as client:
            assert ask(client).read() == b'{"text": "hello"}'
        assert server.server_names == ["localhost"]


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        ("wrong_name", "not valid for"),
        ("expired", "certificate has expired"),
        ("unknown_ca", "unable to get local issuer|self.signed"),
    ],
)
def test_bad_certificates_are_bad_in_their_own_way(
    kind: Kind, complaint: str, tmp_path: Path
) -> None:
    trusting = ssl.create_default_context(cafile=ca_file(tmp_path))
    with RecordingServer(tls=server_context(kind)) as server:
        client = HTTPSConnection("127.0.0.1", server.port, context=trusting)
        with closing(client), pytest.raises(ssl.SSLCertVerificationError, match=complaint):
            client.connect()
        assert server.requests == []


def test_a_client_certificate_can_be_required(tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=ca_file(tmp_path))
    with RecordingServer(tls=server_context("client_certificate")) as server:
        client = HTTPSConnection("127.0.0.1", server.port, context=trusting)
        with (
            closing(client),
            pytest.raises(OSError, match=r"certificate required|reset|EOF|Broken pipe"),
        ):
            ask(client)
        trusting.load_cert_chain(*client_files(tmp_path))
        with closing(HTTPSConnection("127.0.0.1", server.port, context=trusting)) as client:
            assert ask(client).status == 200


def test_a_proxy_passes_plain_requests_on(recording: RecordingServer) -> None:
    with Proxy() as proxy, closing(HTTPConnection("127.0.0.1", proxy.port)) as client:
        headers = {"Proxy-Authorization": "Basic x"}
        client.request("POST", f"{recording.host}/x?y=1", body=BIG, headers=headers)
        assert client.getresponse().read() == b'{"text": "hello"}'
        assert proxy.request_lines == [f"POST {recording.host}/x?y=1 HTTP/1.1"]
        assert proxy.authorizations == ["Basic x"]
    assert (recording.last.target, recording.last.size) == ("/v1/x?y=1", len(BIG))
    assert "Proxy-Authorization" not in recording.last.headers


def test_a_proxy_tunnels_to_names_that_it_alone_knows(tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=ca_file(tmp_path))
    with RecordingServer(tls=server_context(names=("api.test",))) as server:
        routes = {"api.test": ("127.0.0.1", server.port)}
        with (
            Proxy(routes=routes) as proxy,
            closing(HTTPSConnection("127.0.0.1", proxy.port, context=trusting)) as client,
        ):
            client.set_tunnel("api.test", 443)
            assert ask(client).read() == b'{"text": "hello"}'
            assert proxy.request_lines[0].startswith("CONNECT api.test:443 HTTP/1.")
            assert proxy.authorizations == [None]


def test_a_proxy_asks_for_its_credentials(recording: RecordingServer) -> None:
    statuses = []
    with Proxy(username="user", password="p@ss") as proxy:
        for credentials in b"", b"user:wrong", b"user:p@ss":
            headers = {"Proxy-Authorization": f"Basic {base64.b64encode(credentials).decode()}"}
            with closing(HTTPConnection("127.0.0.1", proxy.port)) as client:
                client.request("GET", recording.host, headers=headers)
                statuses.append(client.getresponse().status)
        assert proxy.url_with_credentials == f"http://user:p%40ss@127.0.0.1:{proxy.port}"
    assert statuses == [407, 407, 200]
    assert len(recording.requests) == 1


def test_a_proxy_connects_only_to_this_machine() -> None:
    with Proxy() as proxy, closing(HTTPConnection("127.0.0.1", proxy.port)) as client:
        client.request("GET", "http://api.test/")
        assert client.getresponse().status == 502


@pytest.mark.parametrize("password", [None, "right"])
def test_socks_passes_a_connection_on(recording: RecordingServer, password: str | None) -> None:
    username = password and "user"
    routes = {"api.test": ("127.0.0.1", recording.port)}
    with (
        SocksProxy(username=username, password=password or "", routes=routes) as proxy,
        socks.socksocket() as client,
    ):
        client.set_proxy(
            socks.SOCKS5, "127.0.0.1", proxy.port, rdns=True, username=username, password=password
        )
        client.connect(("api.test", 80))
        client.sendall(b"GET /over HTTP/1.1\r\nHost: api.test\r\n\r\n")
        assert client.recv(15) == b"HTTP/1.1 200 OK"
        assert proxy.targets == [("api.test", 80)]
        assert proxy.credentials == ([("user", "right")] if password else [])
    assert recording.last.target == "/over"


def test_socks_refuses_wrong_passwords_and_other_machines() -> None:
    with SocksProxy(username="user", password="right") as proxy, socks.socksocket() as client:
        client.set_proxy(
            socks.SOCKS5, "127.0.0.1", proxy.port, rdns=True, username="user", password="wrong"
        )
        with pytest.raises(socks.ProxyError, match="authentication failed"):
            client.connect(("127.0.0.1", 80))
        assert (proxy.credentials, proxy.targets) == ([("user", "wrong")], [])
    with SocksProxy() as proxy, socks.socksocket() as client:
        client.set_proxy(socks.SOCKS5, "127.0.0.1", proxy.port)
        with pytest.raises(socks.ProxyError, match="refused"):
            client.connect(("api.test", 80))
        assert proxy.targets == [("api.test", 80)]
