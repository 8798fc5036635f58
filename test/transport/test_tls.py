"""Who a server says it is, and who we are: certificates good and bad."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import pytest
from calls import client, transcribe
from urllib3.exceptions import InsecureRequestWarning
from wire import (
    Kind,
    Proxy,
    RecordingServer,
    authority,
    ca_file,
    ca_pem,
    client_files,
    server_context,
)

from openapiopenai import ApiConnectionException, ApiTimeoutException, ApiValueError, Configuration
from openapiopenai._transport import tls as tls_module

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def secure() -> Iterator[RecordingServer]:
    with RecordingServer(tls=server_context()) as server:
        yield server


def as_file(path: Path) -> dict[str, Any]:
    return {"ssl_ca_cert": str(ca_file(path))}


def as_text(_: Path) -> dict[str, Any]:
    return {"ca_cert_data": ca_pem().decode()}


def as_der(_: Path) -> dict[str, Any]:
    return {"ca_cert_data": ssl.PEM_cert_to_DER_cert(ca_pem().decode())}


@pytest.mark.parametrize("given", [as_file, as_text, as_der])
def test_an_authority_is_trusted_however_it_is_given(
    secure: RecordingServer, tmp_path: Path, given: Any
) -> None:
    with client(secure.host, **given(tmp_path)) as api:
        assert transcribe(api) == "hello"
    assert secure.last.headers["authorization"] == "Bearer sk-test"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_environment_may_name_the_authorities(
    secure: RecordingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    path = ca_file(tmp_path)
    if variable == "SSL_CERT_DIR":
        path = hashed(path)
    monkeypatch.setenv(variable, str(path))
    with client(secure.host) as api:
        assert transcribe(api) == "hello"


def hashed(path: Path) -> Path:
    """Return the directory of a certificate, where OpenSSL finds it by its subject's hash."""
    import subprocess

    asked = ["openssl", "x509", "-subject_hash", "-noout", "-in", str(path)]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("no openssl command to name the file with")
    path.rename(path.with_name(f"{found.stdout.strip()}.0"))
    return path.parent


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        ("wrong_name", "not valid for '127.0.0.1'"),
        ("expired", "certificate has expired"),
        ("unknown_ca", "unable to get local issuer|self.signed"),
    ],
)
def test_a_bad_certificate_ends_the_call_at_once(
    kind: Kind, complaint: str, tmp_path: Path
) -> None:
    with RecordingServer(tls=server_context(kind)) as server:
        with (
            client(server.host, **as_file(tmp_path)) as api,
            pytest.raises(ApiConnectionException, match=complaint) as failure,
        ):
            transcribe(api)
        assert (server.requests, server.connections, failure.value.attempts) == ([], 1, 1)
        assert not isinstance(failure.value, ApiTimeoutException)


def test_an_authority_of_ones_own_is_not_trusted_by_default(secure: RecordingServer) -> None:
    with client(secure.host) as api, pytest.raises(ApiConnectionException, match="verify failed"):
        transcribe(api)
    assert secure.requests == []


@pytest.mark.parametrize("kind", ["wrong_name", "expired", "unknown_ca"])
def test_verification_can_be_left_out_and_is_then_warned_of(kind: Kind) -> None:
    with (
        RecordingServer(tls=server_context(kind)) as server,
        client(server.host, verify_ssl=False) as api,
        pytest.warns(InsecureRequestWarning),
    ):
        assert transcribe(api) == "hello"


@pytest.mark.parametrize(
    ("settings", "asked_for"),
    [
        ({"tls_server_name": "api.test"}, "api.test"),
        ({"assert_hostname": "api.test"}, None),
        ({"assert_hostname": False}, None),
    ],
)
def test_another_name_may_be_expected(
    tmp_path: Path, settings: dict[str, Any], asked_for: str | None
) -> None:
    with RecordingServer(tls=server_context(names=("api.test",))) as server:
        with client(server.host, **as_file(tmp_path), **settings) as api:
            assert transcribe(api) == "hello"
        assert server.server_names == [asked_for]


@pytest.mark.parametrize(
    "settings", [{"tls_server_name": "other.test"}, {"assert_hostname": "other.test"}]
)
def test_another_name_than_the_expected_is_refused(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    with (
        RecordingServer(tls=server_context(names=("api.test",))) as server,
        client(server.host, **as_file(tmp_path), **settings) as api,
        pytest.raises(ApiConnectionException, match=r"other\.test"),
    ):
        transcribe(api)


def test_a_client_shows_its_certificate(tmp_path: Path) -> None:
    certificate, key = map(str, client_files(tmp_path))
    with RecordingServer(tls=server_context("client_certificate")) as server:
        own = {"cert_file": certificate, "key_file": key}
        with client(server.host, **as_file(tmp_path), **own) as api:
            assert transcribe(api) == "hello"
        with (
            client(server.host, retries=False, **as_file(tmp_path)) as api,
            pytest.raises(ApiConnectionException),
        ):
            transcribe(api)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"ssl_ca_cert": "missing.pem"},
        {"ca_cert_data": "-----BEGIN CERTIFICATE-----"},
        {"cert_file": "missing.pem"},
        {"cert_file": __file__},
    ],
)
def test_a_certificate_that_cannot_be_read_is_named(
    secure: RecordingServer, settings: dict[str, Any]
) -> None:
    (setting,) = settings
    with client(secure.host, **settings) as api, pytest.raises(ApiValueError, match=setting):
        transcribe(api)
    assert secure.connections == 0


def test_nothing_older_than_tls_1_2_is_spoken(secure: RecordingServer, tmp_path: Path) -> None:
    speech = {"model": "m", "voice": "v", "input": "i"}
    with client(secure.host, **as_file(tmp_path)) as api:
        unread = api.create_speech_without_preload_content(speech)
        connection: Any = unread.connection
        assert connection.sock.context.minimum_version >= ssl.TLSVersion.TLSv1_2
        unread.close()


def test_one_context_serves_all_connections_of_a_client(
    secure: RecordingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Configuration] = []
    original = tls_module.ssl_context
    monkeypatch.setattr(
        tls_module, "ssl_context", lambda settings: made.append(settings) or original(settings)
    )
    with client(secure.host, **as_file(tmp_path)) as api:
        unread = [
            api.create_speech_without_preload_content({"model": "m", "voice": "v", "input": "i"})
            for _ in range(5)
        ]
        for answer in unread:
            answer.read()
            answer.release_conn()
    assert (secure.connections, len(made)) == (5, 1)


def test_a_proxy_over_tls_is_verified_too(secure: RecordingServer, tmp_path: Path) -> None:
    with Proxy(username="user", password="sk-test", tls=server_context()) as proxy:
        address = proxy.url_with_credentials
        with client(secure.host, proxy=address, **as_file(tmp_path)) as api:
            assert transcribe(api) == "hello"
        assert proxy.authorizations == ["Basic dXNlcjpzay10ZXN0"]
        with (
            client(secure.host, proxy=address, retries=False) as api,
            pytest.raises(ApiConnectionException, match="verify failed"),
        ):
            transcribe(api)
    assert len(secure.requests) == 1


def test_the_authority_of_these_tests_is_nobody_elses() -> None:
    assert authority() is authority()
    assert ca_pem() not in ssl.create_default_context().get_ca_certs()
