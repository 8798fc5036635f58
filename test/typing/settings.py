"""Settings and the client as users write them: read by type checkers, never run."""

from __future__ import annotations

import urllib3
from pydantic import SecretStr
from typing_extensions import assert_type

import openapiopenai
from openapiopenai import ApiClient, AudioApi, Configuration, RetryPolicy
from openapiopenai.configuration import AuthSetting, HostSetting

configuration = openapiopenai.Configuration(
    host="https://api.openai.com/v1",
    access_token="sk-test",
    timeout=30,
    organization="org-1",
    project="proj-1",
    retries=3,
    proxy="http://127.0.0.1:3128",
    ssl_ca_cert="ca.pem",
    verify_ssl=True,
)
Configuration("http://127.0.0.1:8000/v1", {"main": "sk-test"}, {"main": "Token"}, "user", "secret")
Configuration(access_token=SecretStr("sk-test"), timeout=(5, 60), retries=False)
Configuration(access_token=lambda: "sk-test", retries=RetryPolicy(5))
Configuration(access_token=lambda: SecretStr("sk-test"), retries=urllib3.Retry(3))

assert_type(configuration.host, str)
assert_type(configuration.organization, str | None)
assert_type(configuration.auth_settings(), dict[str, AuthSetting])
assert_type(configuration.auth_settings()["ApiKeyAuth"]["value"], str)
assert_type(configuration.get_host_settings(), list[HostSetting])
assert_type(configuration.get_host_from_settings(0), str)
assert_type(configuration.get_api_key_with_prefix("main"), str | None)
assert_type(configuration.get_basic_auth_token(), str | None)
assert_type(configuration.to_debug_report(), str)
assert_type(configuration.debug, bool)
assert_type(configuration.logger_file, str | None)
assert_type(Configuration.get_default(), Configuration)
assert_type(Configuration.get_default_copy(), Configuration)
Configuration.set_default(configuration)
configuration.host = "https://example.org/v1"
configuration.access_token = "sk-test"
configuration.access_token = SecretStr("sk-test")
configuration.access_token = None
configuration.project = "proj-2"
configuration.timeout = (5, 60)
configuration.retries = None
configuration.debug = True
configuration.logger_file = "calls.log"


def refresh(settings: Configuration) -> None:
    """Fetch a key, as a hook does."""
    settings.api_key["main"] = "sk-test"


configuration.refresh_api_key_hook = refresh

with ApiClient(configuration, "api-key", "sk-test", cookie="a=1") as client:
    assert_type(client, ApiClient)
    assert_type(client.configuration, Configuration)
    assert_type(client.default_headers, dict[str, str])
    assert_type(client.user_agent, str)
    client.user_agent = "mine/1"
    client.set_default_header("X-Team", "a")
    assert_type(AudioApi(client), AudioApi)
    assert_type(client.rest_client.pool_manager, urllib3.PoolManager)
    assert_type(
        client.call_api("GET", "https://example.org/", {"Accept": "*/*"}, _request_timeout=5),
        urllib3.HTTPResponse,
    )
assert_type(ApiClient.get_default(), ApiClient)
ApiClient.set_default(None)
client.close()
version: str = openapiopenai.__version__
