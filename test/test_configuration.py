"""Who asks, of whom, and with which settings; shown by what reaches a server."""

from __future__ import annotations

import copy
import logging
import os
import pickle
import subprocess
import sys
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from calls import WAV
from pydantic import SecretStr
from wire import RecordingServer

import openapiopenai
from openapiopenai import (
    ApiAttributeError,
    ApiClient,
    ApiTypeError,
    ApiValueError,
    AudioApi,
    Configuration,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wire import Recorded

OPENAI = "https://api.openai.com/v1"
AZURE = "/openai/deployments/whisper"
REFUSED_TOKENS = ["sk-\ntest", "sk-test\x00", "sk-te\x7fst", "sk-\u201ctest\u201d", "sk-\u044f"]


def ask(configuration: Configuration, **options: Any) -> None:
    """Make one call."""
    with ApiClient(configuration) as client:
        AudioApi(client).create_transcription(WAV, "whisper-1", **options)


def authorization(recording: RecordingServer) -> str | None:
    return recording.last.headers.get("authorization")


# -- the token ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        "sk-test",
        " sk-test\n",
        SecretStr("sk-test"),
        SecretStr("sk-test\r\n"),
        lambda: "sk-test",
        lambda: SecretStr("sk-test"),
    ],
)
def test_a_token_of_any_kind_is_sent_as_bearer(recording: RecordingServer, token: Any) -> None:
    ask(Configuration(host=recording.host, access_token=token))
    assert authorization(recording) == "Bearer sk-test"


def test_a_token_that_is_a_function_is_asked_anew_for_each_call(
    recording: RecordingServer,
) -> None:
    tokens = iter(["sk-test-1", "sk-test-2"])
    with ApiClient(Configuration(host=recording.host, access_token=lambda: next(tokens))) as client:
        for _ in range(2):
            AudioApi(client).create_transcription(WAV, "whisper-1")
    sent = [request.headers["authorization"] for request in recording.requests]
    assert sent == ["Bearer sk-test-1", "Bearer sk-test-2"]


def test_a_token_can_be_exchanged_on_a_living_client(recording: RecordingServer) -> None:
    configuration = Configuration(host=recording.host, access_token="sk-test-1")
    ask(configuration)
    configuration.access_token = "sk-test-2"
    ask(configuration)
    assert authorization(recording) == "Bearer sk-test-2"


@pytest.mark.parametrize("token", [None, "", "  ", lambda: "", SecretStr("")])
def test_a_local_server_without_keys_is_called_without_one(
    recording: RecordingServer, token: Any
) -> None:
    ask(Configuration(host=recording.host, access_token=token))
    assert authorization(recording) is None


@pytest.mark.parametrize("token", REFUSED_TOKENS)
def test_a_token_that_no_header_can_hold_is_refused_unquoted(
    recording: RecordingServer, token: str
) -> None:
    with pytest.raises(ApiValueError, match="access_token holds a character") as caught:
        ask(Configuration(host=recording.host, access_token=token))
    assert token not in str(caught.value)
    assert "test" not in repr(caught.value)
    assert recording.requests == []


def test_a_token_in_latin_1_is_sent_as_it_is(recording: RecordingServer) -> None:
    ask(Configuration(host=recording.host, access_token="sk-t\xe9st"))
    assert authorization(recording) == "Bearer sk-t\xe9st"


def test_a_token_of_another_type_is_refused_by_name(recording: RecordingServer) -> None:
    wrong: Any = 12345
    with pytest.raises(ApiTypeError, match="access_token is int; pass a str, a SecretStr, or a fu"):
        ask(Configuration(host=recording.host, access_token=wrong))
    assert recording.requests == []


def test_a_name_and_a_password_are_sent_where_there_is_no_token(
    recording: RecordingServer,
) -> None:
    ask(Configuration(host=recording.host, username="user", password="p\xe4ss"))
    pair = b64encode("user:p\xe4ss".encode()).decode()
    assert authorization(recording) == f"Basic {pair}"
    ask(Configuration(host=recording.host, username="user", password="p", access_token="sk-test"))
    assert authorization(recording) == "Bearer sk-test"


def test_credentials_in_the_host_are_sent_and_not_shown(recording: RecordingServer) -> None:
    host = recording.host.replace("://", "://user:p%40ss@")
    configuration = Configuration(host=host)
    assert configuration.host == recording.host
    assert (configuration.username, configuration.password) == ("user", "p@ss")
    ask(configuration)
    assert authorization(recording) == f"Basic {b64encode(b'user:p@ss').decode()}"
    assert "p@ss" not in recording.last.target + recording.last.headers["host"]


# -- the environment ------------------------------------------------------------------------


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    return monkeypatch


def personal(request: Recorded) -> tuple[str | None, ...]:
    names = ("authorization", "openai-organization", "openai-project")
    return tuple(request.headers.get(name) for name in names)


def test_everything_can_come_from_the_environment(
    recording: RecordingServer, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_BASE_URL", f" {recording.host}/\n")
    environment.setenv("OPENAI_ORG_ID", "org-1\n")
    ask(Configuration())
    assert recording.last.path == "/v1/audio/transcriptions"
    assert personal(recording.last) == ("Bearer sk-test", "org-1", "proj-1")


def test_what_is_given_wins_over_the_environment(
    recording: RecordingServer, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_BASE_URL", recording.host)
    ask(Configuration(access_token="sk-test-2", organization="org-2", project="proj-2"))
    assert personal(recording.last) == ("Bearer sk-test-2", "org-2", "proj-2")


def test_the_class_shows_that_a_setting_has_a_default_of_its_own() -> None:
    for name in ("access_token", "organization", "project"):
        assert getattr(Configuration, name) is vars(Configuration)[name]


def test_an_empty_setting_is_given_too(
    recording: RecordingServer, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_BASE_URL", recording.host)
    ask(Configuration(access_token="", organization="", project=""))
    assert personal(recording.last) == (None, None, None)


@pytest.mark.usefixtures("environment")
def test_the_environments_key_is_not_sent_to_another_host(recording: RecordingServer) -> None:
    ask(Configuration(host=recording.host))
    assert personal(recording.last) == (None, None, None)


def test_the_environments_key_is_not_sent_to_another_port(
    recording: RecordingServer, environment: pytest.MonkeyPatch
) -> None:
    with RecordingServer() as other:
        environment.setenv("OPENAI_BASE_URL", other.host)
        ask(Configuration(host=recording.host))
        assert other.requests == []
    assert personal(recording.last) == (None, None, None)


def test_a_host_that_is_set_later_loses_the_environments_key(
    recording: RecordingServer, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_BASE_URL", OPENAI)
    configuration = Configuration()
    assert configuration.access_token == "sk-test"
    configuration.host = recording.host
    ask(configuration)
    assert personal(recording.last) == (None, None, None)


@pytest.mark.usefixtures("environment")
def test_openai_itself_gets_the_environments_key() -> None:
    configuration = Configuration()
    assert configuration.host == OPENAI
    assert configuration.auth_settings() == {
        "ApiKeyAuth": {
            "type": "bearer",
            "in": "header",
            "key": "Authorization",
            "value": "Bearer sk-test",
        }
    }
    assert (configuration.organization, configuration.project) == ("org-1", "proj-1")


def test_a_base_url_of_the_environment_is_blamed_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "localhost:8000/v1")
    with pytest.raises(ApiValueError, match="OPENAI_BASE_URL has no scheme"):
        Configuration()
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1/audio/speech")
    with pytest.raises(ApiValueError, match="OPENAI_BASE_URL ends in /audio/speech"):
        Configuration()


def test_a_bad_base_url_of_the_environment_is_no_concern_of_who_passes_a_host(
    recording: RecordingServer, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_BASE_URL", "localhost:8000/v1")
    ask(Configuration(host=recording.host))
    assert personal(recording.last) == (None, None, None)


def test_a_key_that_is_withheld_is_told(environment: pytest.MonkeyPatch) -> None:
    assert not Configuration().key_is_withheld
    configuration = Configuration(host="http://localhost:8000/v1")
    assert configuration.key_is_withheld
    configuration.access_token = "sk-test-2"
    assert not configuration.key_is_withheld
    environment.delenv("OPENAI_API_KEY")
    assert not Configuration(host="http://localhost:8000/v1").key_is_withheld


# -- without a key --------------------------------------------------------------------------
#
# OpenAI is out of reach for a test; a proxy on this machine sees what would be sent to it.


@pytest.mark.parametrize("server", ["api.openai.com", "eu.api.openai.com"])
def test_openai_is_not_called_without_a_key(recording: RecordingServer, server: str) -> None:
    configuration = Configuration(host=f"http://{server}/v1", proxy=recording.origin)
    with pytest.raises(ApiValueError, match=r"no API key.*OPENAI_API_KEY.*access_token="):
        ask(configuration)
    assert recording.requests == []


@pytest.mark.parametrize("name", ["Authorization", "api-key"])
def test_a_key_that_is_a_header_counts(recording: RecordingServer, name: str) -> None:
    configuration = Configuration(host="http://api.openai.com/v1", proxy=recording.origin)
    with ApiClient(configuration, name, "sk-test") as client:
        AudioApi(client).create_transcription(WAV, "whisper-1")
    ask(configuration, _headers={name.upper(): "sk-test"})
    for request in recording.requests:
        assert request.target == "http://api.openai.com/v1/audio/transcriptions"
        assert request.headers[name] == "sk-test"


def test_a_name_that_only_looks_like_openais_needs_no_key(recording: RecordingServer) -> None:
    ask(Configuration(host="http://notapi.openai.com/v1", proxy=recording.origin))
    assert authorization(recording) is None


# -- a single call --------------------------------------------------------------------------


def test_the_auth_of_a_call_replaces_the_clients(recording: RecordingServer) -> None:
    given = {"in": "header", "key": "Authorization", "value": "Bearer sk-other "}
    ask(Configuration(host=recording.host, access_token="sk-test"), _request_auth=given)
    assert recording.last.headers.get_all("authorization") == ["Bearer sk-other"]


def test_the_auth_of_a_call_may_be_a_cookie(recording: RecordingServer) -> None:
    given = {"in": "cookie", "key": "session", "value": "s1"}
    ask(Configuration(host=recording.host, access_token="sk-test"), _request_auth=given)
    assert recording.last.headers["cookie"] == "session=s1"
    assert authorization(recording) is None


def test_an_auth_setting_can_be_given_back(recording: RecordingServer) -> None:
    other = Configuration(access_token="sk-other").auth_settings()["ApiKeyAuth"]
    ask(Configuration(host=recording.host, access_token="sk-test"), _request_auth=other)
    assert authorization(recording) == "Bearer sk-other"


def test_a_header_of_none_is_taken_away(recording: RecordingServer) -> None:
    taken = ["authorization", "Accept", "user-AGENT", "OpenAI-Project"]
    ask(
        Configuration(host=recording.host, access_token="sk-test", project="p"),
        _headers=dict.fromkeys(taken),
    )
    assert not {name.lower() for name in taken} & set(recording.last.headers)


def test_the_boundary_of_a_form_is_never_overwritten(recording: RecordingServer) -> None:
    wrong = {"content-type": "multipart/form-data; boundary=x"}
    ask(Configuration(host=recording.host), _headers=wrong)
    assert [part.name for part in recording.last.form] == ["file", "model"]


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_a_header_that_frames_the_body_is_refused_as_a_default_too(
    recording: RecordingServer, name: str
) -> None:
    with (
        ApiClient(Configuration(host=recording.host), name, "3") as made,
        pytest.raises(ApiValueError, match=f"the header '{name.lower()}' describes the body"),
    ):
        AudioApi(made).create_transcription(WAV, "whisper-1")
    assert recording.requests == recording.unfinished == []


# -- where to -------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["/v1", "/v1/", "/v1//", "", "/", "/a%20b/v1", "/\xfc/v1"])
def test_a_slash_at_the_end_of_the_host_is_harmless(
    recording: RecordingServer, ending: str
) -> None:
    ask(Configuration(host=f"{recording.origin}{ending}"))
    path = ending.rstrip("/").replace("\xfc", "%C3%BC")
    assert recording.last.target == f"{path}/audio/transcriptions"


def test_white_space_around_the_host_is_harmless(recording: RecordingServer) -> None:
    ask(Configuration(host=f" {recording.host}\n"))
    assert recording.last.target == "/v1/audio/transcriptions"


def test_azure_is_called_with_its_key_its_path_and_its_query(recording: RecordingServer) -> None:
    configuration = Configuration(host=f"{recording.origin}{AZURE}/?api-version=2024-10-21")
    with ApiClient(configuration, "api-key", "sk-test") as client:
        AudioApi(client).create_transcription(WAV, "whisper")
    assert recording.last.target == f"{AZURE}/audio/transcriptions?api-version=2024-10-21"
    assert recording.last.headers["api-key"] == "sk-test"
    assert authorization(recording) is None
    assert configuration.host == f"{recording.origin}{AZURE}?api-version=2024-10-21"


def test_an_ipv6_host_is_written_in_brackets() -> None:
    assert Configuration(host="http://[::1]:8000/v1").host == "http://[::1]:8000/v1"
    assert Configuration(host="HTTPS://Example.org:443/V1").host == "https://example.org/V1"


def test_the_servers_of_the_description_can_be_chosen() -> None:
    configuration = Configuration(server_index=0)
    assert configuration.host == OPENAI
    assert configuration.get_host_settings() == [{"url": OPENAI, "description": "OpenAI"}]
    assert configuration.get_host_from_settings(None) == OPENAI
    servers: Any = [{"url": "http://{region}.local/v1", "description": ""}]
    assert configuration.get_host_from_settings(0, {"region": "eu"}, servers) == (
        "http://eu.local/v1"
    )
    with pytest.raises(ApiValueError, match=r"there is no server 1; there are 1, from 0"):
        configuration.get_host_from_settings(1)


# -- organization, project and other headers ------------------------------------------------


def test_organization_and_project_are_sent(recording: RecordingServer) -> None:
    ask(Configuration(host=recording.host, organization="org-9", project="proj-9"))
    assert personal(recording.last)[1:] == ("org-9", "proj-9")


def test_default_headers_and_the_cookie_go_with_every_call(recording: RecordingServer) -> None:
    with ApiClient(Configuration(host=recording.host), "X-Team", "a", cookie="c=1") as client:
        client.set_default_header("x-TEAM", "b")
        client.set_default_header("X-Other", "o")
        AudioApi(client).create_transcription(WAV, "whisper-1")
    sent = recording.last.headers
    assert sent.get_all("x-team") == ["b"]
    assert (sent["x-other"], sent["cookie"]) == ("o", "c=1")


def test_a_client_can_be_renamed(recording: RecordingServer) -> None:
    with ApiClient(Configuration(host=recording.host)) as client:
        client.set_default_header("user-agent", "one/1")
        assert client.user_agent == "one/1"
        client.user_agent = "two/2"
        AudioApi(client).create_transcription(WAV, "whisper-1")
    assert recording.last.headers.get_all("user-agent") == ["two/2"]


def test_a_client_whose_name_was_taken_away_still_knows_its_own() -> None:
    client = ApiClient(Configuration())
    client.default_headers.clear()
    assert client.user_agent.startswith("openapiopenai/")


# -- defaults -------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_defaults")
def test_the_default_configuration_serves_clients_that_are_given_none(
    recording: RecordingServer,
) -> None:
    given = Configuration(host=recording.host, access_token="sk-test")
    Configuration.set_default(given)
    given.access_token = "sk-changed"  # a copy was kept
    with ApiClient() as client:
        AudioApi(client).create_transcription(WAV, "whisper-1")
    assert authorization(recording) == "Bearer sk-test"


@pytest.mark.usefixtures("no_defaults")
def test_the_copy_of_the_default_is_the_default() -> None:
    default = Configuration.get_default()
    assert Configuration.get_default() is default
    assert Configuration.get_default_copy() is default


# -- checks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("acces_token", "access_token"),
        ("timeou", "timeout"),
        ("retrys", "retries"),
        ("ssl_cacert", "ssl_ca_cert"),
        ("Host", "host"),
    ],
)
def test_a_misspelt_attribute_is_refused_with_the_nearest_name(slip: str, meant: str) -> None:
    configuration = Configuration()
    with pytest.raises(ApiAttributeError) as caught:
        setattr(configuration, slip, None)
    message = f"Configuration has no attribute {slip!r}; did you mean {meant!r}?"
    assert str(caught.value) == message
    with pytest.raises(ApiAttributeError, match=r"has no attribute 'xyzzy'$"):
        configuration.xyzzy = 1  # type: ignore[attr-defined] # which is the point


WRONG: list[tuple[str, Any, type[Exception], str]] = [
    ("timeout", -1, ApiValueError, "timeout is -1; pass a number of seconds"),
    ("timeout", "30", ApiTypeError, "timeout is str; pass seconds"),
    ("timeout", (1, 2, 3), ApiValueError, "timeout has 3 parts"),
    ("retries", "3", ApiValueError, "retries is '3'; pass"),
    ("retries", -1, ApiValueError, "retries is -1; pass"),
    ("access_token", 5, ApiTypeError, "access_token is int; pass a str, a SecretStr, or a funct"),
    ("api_key", "sk-test", ApiTypeError, "api_key is str; pass the key as access_token"),
    ("api_key", ["sk-test"], ApiTypeError, "api_key is list; pass a dict"),
    ("verify_ssl", "false", ApiTypeError, "verify_ssl is str; pass True or False"),
    ("verify_ssl", None, ApiTypeError, "verify_ssl is NoneType; pass True or False"),
    ("ssl_ca_cert", 5, ApiTypeError, "ssl_ca_cert is int; pass a path"),
    ("ca_cert_data", 5, ApiTypeError, "ca_cert_data is int; pass a string or bytes"),
    ("assert_hostname", 5, ApiTypeError, "assert_hostname is int; pass a string or False"),
    ("connection_pool_maxsize", 1.5, ApiTypeError, "maxsize is float; pass a whole number"),
    ("connection_pool_maxsize", -1, ApiValueError, "maxsize is -1; pass a number of at least 1"),
    ("proxy", 5, ApiTypeError, "proxy is int; pass a string"),
    ("proxy", "ftp://localhost", ApiValueError, "proxy is not the URL of a proxy"),
    ("proxy_headers", [("a", "b")], ApiTypeError, "proxy_headers is list; pass a dict"),
    ("socket_options", "x", ApiTypeError, r"socket_options is str; pass a list of \(level, name"),
    ("socket_options", 5, ApiTypeError, "socket_options is int; pass a list"),
    ("no_proxy", ["a"], ApiTypeError, "no_proxy is list; pass a string"),
    ("organization", 5, ApiTypeError, "organization is int; pass a string"),
    ("debug", "yes", ApiTypeError, "debug is str; pass True or False"),
    ("date_format", 5, ApiTypeError, "date_format is int; pass a string"),
]


@pytest.mark.parametrize(("name", "value", "kind", "message"), WRONG)
def test_a_setting_is_checked_when_it_is_set(
    name: str, value: Any, kind: type[Exception], message: str
) -> None:
    configuration = Configuration()
    before = getattr(configuration, name)
    with pytest.raises(kind, match=message) as caught:
        setattr(configuration, name, value)
    assert "sk-test" not in str(caught.value)
    assert getattr(configuration, name) == before
    with pytest.raises(kind, match=message):
        Configuration(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "kind", "message"),
    [
        ("largest_answer", 0, ApiValueError, "largest_answer is 0; pass a number of at least 1"),
        ("logger_file", 5, ApiTypeError, "logger_file is int; pass a path"),
        ("logger_format", None, ApiTypeError, "logger_format is NoneType; pass a string"),
        ("refresh_api_key_hook", "x", ApiTypeError, "refresh_api_key_hook is str; pass a function"),
    ],
)
def test_an_attribute_that_is_no_parameter_is_checked_too(
    name: str, value: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        setattr(Configuration(), name, value)


@pytest.mark.parametrize("endpoint", ["speech", "transcriptions", "translations"])
@pytest.mark.parametrize("ending", ["", "/", "?api-version=1"])
def test_a_host_that_is_an_endpoint_is_refused_with_the_host_to_use(
    endpoint: str, ending: str
) -> None:
    url = f"https://localhost:8000/v1/audio/{endpoint}{ending}"
    with pytest.raises(ApiValueError) as caught:
        Configuration(host=url)
    assert str(caught.value) == (
        f"host ends in /audio/{endpoint}, which the client appends; "
        "pass 'https://localhost:8000/v1'"
    )
    with pytest.raises(ApiValueError, match="host ends in"):
        Configuration().host = url


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_key_in_quotes_is_refused_unquoted(
    recording: RecordingServer, environment: pytest.MonkeyPatch, quote: str
) -> None:
    environment.setenv("OPENAI_API_KEY", f"{quote}sk-test{quote}")
    environment.setenv("OPENAI_BASE_URL", recording.host)
    for configuration in (
        Configuration(),
        Configuration(host=recording.host, access_token=f"{quote}sk-test{quote}"),
    ):
        with pytest.raises(ApiValueError, match=r"access_token is in quotes, .*; remove") as caught:
            ask(configuration)
        assert "sk-test" not in str(caught.value)
    assert recording.requests == []


# -- keys by name ---------------------------------------------------------------------------


def test_api_keys_are_found_by_name_alias_and_prefix() -> None:
    configuration = Configuration(
        api_key={"main": "sk-test", "other": "sk-test-2"}, api_key_prefix={"main": "Token"}
    )
    assert configuration.get_api_key_with_prefix("main") == "Token sk-test"
    assert configuration.get_api_key_with_prefix("other") == "sk-test-2"
    assert configuration.get_api_key_with_prefix("none") is None
    assert configuration.get_api_key_with_prefix("none", "other") == "sk-test-2"
    assert configuration.get_api_key_with_prefix("none", "nothing") is None


def test_the_hook_refreshes_a_key_before_it_is_given() -> None:
    configuration = Configuration(api_key={"main": "sk-old"})
    configuration.refresh_api_key_hook = lambda self: self.api_key.update(main="sk-new")
    assert configuration.get_api_key_with_prefix("main") == "sk-new"


def test_basic_auth_needs_a_name_or_a_password() -> None:
    assert Configuration().get_basic_auth_token() is None
    for name, password, pair in (("user", None, b"user:"), (None, "p", b":p")):
        token = Configuration(username=name, password=password).get_basic_auth_token()
        assert token == f"Basic {b64encode(pair).decode()}"
    assert Configuration(username="u", password="p").auth_settings()["BasicAuth"]["in"] == "header"
    assert Configuration().auth_settings() == {}


# -- copies ---------------------------------------------------------------------------------


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_copies_of_a_client_make_calls_of_their_own(
    recording: RecordingServer, duplicate: Any
) -> None:
    configuration = Configuration(host=recording.host, access_token="sk-test", timeout=20)
    with ApiClient(configuration, "X-Team", "a") as client:
        AudioApi(client).create_transcription(WAV, "whisper-1")
        twin = duplicate(AudioApi(client))
        with twin.api_client:
            assert twin.create_transcription(WAV, "whisper-1").text == "hello"
    first, second = recording.requests
    assert first.connection != second.connection
    assert second.headers["authorization"] == "Bearer sk-test"
    assert second.headers["x-team"] == "a"
    assert repr(twin.api_client.configuration) == repr(configuration)


def test_closing_twice_is_fine_and_a_later_call_opens_anew(recording: RecordingServer) -> None:
    client = ApiClient(Configuration(host=recording.host))
    for _ in range(2):
        AudioApi(client).create_transcription(WAV, "whisper-1")
        client.close()
        client.close()
    assert [request.connection for request in recording.requests] == [1, 2]


# -- what is told ---------------------------------------------------------------------------


def secretive(host: str = OPENAI) -> Configuration:
    return Configuration(
        host=host,
        access_token="sk-test",
        password="sk-test",
        username="user",
        api_key={"main": "sk-test"},
        proxy="http://user:sk-test@127.0.0.1:1",
    )


def test_no_secret_is_in_what_describes_the_settings() -> None:
    configuration = secretive()
    for text in (repr(configuration), str(configuration), configuration.to_debug_report()):
        assert "sk-test" not in text
        assert OPENAI in text


def test_a_key_in_the_query_of_the_host_is_not_shown() -> None:
    configuration = Configuration(host="https://h/v1?key=sk-test&api-version=7&flag&b=sk-test")
    for text in (repr(configuration), configuration.to_debug_report()):
        assert "sk-test" not in text
        assert "host='https://h/v1?key=***&api-version=7&flag=***&b=***'" in text


def test_a_debug_report_names_the_versions() -> None:
    report = Configuration(timeout=7).to_debug_report()
    assert openapiopenai.__version__ in report
    assert "Python Version: 3." in report
    assert "timeout=7" in report


@pytest.fixture
def package_logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("openapiopenai")
    before = logger.level
    yield logger
    logger.setLevel(before)
    Configuration().logger_file = None


def test_debug_only_raises_the_packages_own_logger(package_logger: logging.Logger) -> None:
    root, below = logging.getLogger().level, logging.getLogger("urllib3").level
    configuration = Configuration(debug=True)
    assert configuration.debug
    assert package_logger.level == logging.DEBUG
    assert (logging.getLogger().level, logging.getLogger("urllib3").level) == (root, below)
    configuration.debug = False
    assert not configuration.debug
    assert package_logger.level == logging.WARNING
    assert configuration.logger["package_logger"] is package_logger


def test_debug_of_one_configuration_is_not_ended_by_another(
    package_logger: logging.Logger,
) -> None:
    one, other = Configuration(debug=True), Configuration(debug=True)
    other.debug = False
    assert (one.debug, other.debug) == (True, False)
    assert package_logger.level == logging.DEBUG
    twin = copy.deepcopy(one)
    one.debug = False
    assert twin.debug
    assert package_logger.level == logging.DEBUG
    twin.debug = False
    assert package_logger.level == logging.WARNING


SHOWS = """
import logging, sys
from openapiopenai import ApiClient, AudioApi, Configuration
if sys.argv[2:]:
    logging.basicConfig(format="configured: %(message)s", stream=sys.stderr)
configuration = Configuration(sys.argv[1], debug=True)
with ApiClient(configuration) as client:
    AudioApi(client).create_transcription(b"RIFF", "whisper-1")
    configuration.debug = False
    AudioApi(client).create_transcription(b"RIFF", "whisper-1")
"""


@pytest.mark.parametrize("configured", [[], ["basicConfig"]])
def test_debug_shows_each_call_once_with_and_without_a_configured_log(
    recording: RecordingServer, configured: list[str]
) -> None:
    command = [sys.executable, "-c", SHOWS, recording.host, *configured]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    assert f"POST {recording.host}/audio/transcriptions -> 200 in " in line
    assert line.startswith("configured: ") == bool(configured)


@pytest.mark.usefixtures("package_logger")
def test_calls_are_logged_to_a_file_without_a_secret(
    recording: RecordingServer, tmp_path: Path
) -> None:
    recording.answers_always(200, {"text": "private"}, {"x-request-id": "req_1"})
    configuration = Configuration(host=recording.host, access_token="sk-test", debug=True)
    configuration.logger_file = str(tmp_path / "log")
    assert configuration.logger_file == str(tmp_path / "log")
    ask(configuration)
    configuration.logger_format = "as one likes: %(message)s"
    assert configuration.logger_format == "as one likes: %(message)s"
    ask(configuration)
    configuration.logger_file = None
    ask(configuration)
    first, second = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    url = f"{recording.host}/audio/transcriptions"
    assert f"POST {url} -> 200 in " in first
    assert "attempt 1, request id req_1" in first
    assert second.startswith(f"as one likes: POST {url}")
    for secret in ("sk-test", "private", "whisper-1"):
        assert secret not in first + second


def test_two_log_files_do_not_both_write(
    recording: RecordingServer, tmp_path: Path, package_logger: logging.Logger
) -> None:
    configuration = Configuration(host=recording.host, debug=True)
    for name in ("one", "two"):
        configuration.logger_file = str(tmp_path / name)
    ask(configuration)
    assert (tmp_path / "one").read_text(encoding="utf-8") == ""
    assert (tmp_path / "two").read_text(encoding="utf-8").count("POST") == 1
    assert len([handler for handler in package_logger.handlers if handler.name]) == 1
