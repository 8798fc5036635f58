"""A secret is seen on the wire, at the right server, and nowhere else."""

from __future__ import annotations

import base64
import contextlib
import copy
import gc
import io
import logging
import pickle
import traceback
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV, client, transcribe
from pydantic import SecretStr
from wire import (
    Proxy,
    RawServer,
    RecordingServer,
    closes_without_answer,
    early_answer,
    refused_port,
    replies,
    resets_after_request,
    says_nothing,
    truncates,
    whole,
)

from openapiopenai import (
    ApiClient,
    ApiException,
    ApiValueError,
    AudioApi,
    Configuration,
    OpenApiException,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARK = "sk-test-MARK-6QhZ"
LONG = WAV + bytes(3_000_000)
OPENAI = "https://api.openai.com/v1"

#: Where a secret can be -> the settings and the options of a call that put it there.
PLACES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "token": ({"access_token": MARK}, {}),
    "secret": ({"access_token": SecretStr(MARK)}, {}),
    "function": ({"access_token": lambda: MARK}, {}),
    "function of a secret": ({"access_token": lambda: SecretStr(MARK)}, {}),
    "auth of a call": (
        {},
        {"_request_auth": {"in": "header", "key": "Authorization", "value": f"Bearer {MARK}"}},
    ),
    "cookie of a call": ({}, {"_request_auth": {"in": "cookie", "key": "a", "value": MARK}}),
    "header": ({}, {"_headers": {"api-key": MARK}}),
    "name of a header": ({}, {"_headers": {f"X-{MARK}": "1"}}),
    "password": ({"access_token": None, "username": "user", "password": f"{MARK}"}, {}),
    "user name": ({"access_token": None, "username": MARK}, {}),
}

#: What a server does with a call; every one of them is an error.
FAULTS = {
    "400": replies(whole(400, {"error": {"message": "no"}})),
    "401": replies(whole(401, {"error": {"message": "who"}}, {"WWW-Authenticate": "Bearer"})),
    "429": replies(whole(429, b"{}", {"x-should-retry": "false"})),
    "500": replies(whole(500, b"<title>x</title>", {"x-should-retry": "false"})),
    "redirect": replies(whole(302, b"", {"Location": "http://other.test/"})),
    "not JSON": replies(whole(200, b"<html>", {"Content-Type": "text/html"})),
    "truncated": truncates(),
    "reset": resets_after_request,
    "closed": closes_without_answer,
    "bad header": replies(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"),
    "strange header": replies(b"HTTP/1.1 400 OK\r\nno colon here\r\n\r\n"),
    "early": early_answer(413),
    "late": says_nothing,
}


def everything_about(error: BaseException) -> str:
    """Return whatever can be shown of an exception, and of those that caused it."""
    shown = traceback.format_exception(error)
    seen: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in seen:
        seen.append(at)
        shown += [str(at), repr(at), repr(at.args), repr(getattr(at, "errors", lambda: ())())]
        at = at.__cause__ or at.__context__
    if isinstance(error, OpenApiException):
        shown += [repr(vars(error)), repr(pickle.dumps(error)), repr(vars(copy.copy(error)))]
    return "\n".join(shown)


@contextlib.contextmanager
def overheard() -> Iterator[Callable[[], str]]:
    """Yield a function that returns what was logged meanwhile, at any level, and the warnings."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s"))
    root, levels = logging.getLogger(), {}
    for name in (None, "openapiopenai", "urllib3"):
        levels[name] = logging.getLogger(name).level
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.addHandler(handler)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            yield lambda: stream.getvalue() + "".join(str(warning.message) for warning in warned)
        finally:
            gc.collect()  # what is left unclosed is warned of now
            root.removeHandler(handler)
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)


def call_in_every_way(
    api: AudioApi, options: dict[str, Any], file: bytes = WAV
) -> list[BaseException]:
    """Return the errors of the calls that fail."""

    def streamed() -> None:
        with api.create_speech_streaming(SPEECH, **options) as stream:
            stream.read()

    def typed() -> None:
        with api.create_transcription_streaming(WAV, "m", **options) as stream:
            list(stream)

    calls = (
        lambda: api.create_transcription(file, "m", **options),
        lambda: api.create_speech_with_http_info(SPEECH, **options),
        lambda: api.create_translation(WAV, "m", **options),
        streamed,
        typed,
    )
    return [error for call in calls if (error := error_of(call))]


def error_of(call: Callable[[], object]) -> OpenApiException | None:
    try:
        call()
    except OpenApiException as error:
        return error
    return None


def everything_of(api: AudioApi) -> str:
    """Return whatever a client shows of itself."""
    settings = api.api_client.configuration
    objects = (api, api.api_client, settings, api.api_client.rest_client, settings.retries)
    shown = [f"{thing!r} {thing}" for thing in objects]
    return "\n".join([*shown, settings.to_debug_report(), settings.host])


class TestASecretIsNotShown:
    """Whatever goes wrong, and whoever listens."""

    @pytest.mark.parametrize("place", PLACES)
    def test_by_errors_of_the_server(self, place: str) -> None:
        settings, options = PLACES[place]
        shown: list[str] = []
        with overheard() as heard:
            for name, fault in FAULTS.items():
                limited = {**options, "_request_timeout": (5, 0.05 if name == "late" else 5)}
                settings = {"retries": False, "debug": True, **settings}
                with RawServer(fault) as server, client(server.host, **settings) as api:
                    errors = call_in_every_way(api, limited, LONG if name == "early" else WAV)
                    shown += [everything_of(api), *map(everything_about, errors)]
                assert len(errors) == 5
            assert MARK not in "\n".join(shown)
            assert MARK not in heard()
            assert "openapiopenai DEBUG POST" in heard()

    @pytest.mark.parametrize("place", PLACES)
    def test_by_a_server_that_is_not_there(self, place: str) -> None:
        settings, options = PLACES[place]
        with refused_port() as port, overheard() as heard:
            with client(f"http://127.0.0.1:{port}", retries=1, **settings) as api:
                api.api_client.rest_client.sleep = lambda _: None
                errors = call_in_every_way(api, options)
            assert len(errors) == 5
            assert MARK not in "\n".join(map(everything_about, errors))
            assert MARK not in heard()

    @pytest.mark.parametrize("place", PLACES)
    def test_by_calls_that_go_well(self, place: str, recording: RecordingServer) -> None:
        settings, options = PLACES[place]
        recording.answers_always(body={"text": "hello"}, headers={"Set-Cookie": "a=b"})
        with overheard() as heard:
            with client(recording.host, **settings) as api:
                answer = api.create_transcription_with_http_info(WAV, "m", **options)
                shown = f"{everything_of(api)} {answer!r} {answer} {answer.headers!r}"
            assert MARK not in shown
            assert MARK not in heard()
        sent = recording.last.head.decode()
        assert (
            MARK in sent
            or MARK.lower() in sent  # where it is the name of a header
            or base64.b64encode(MARK.encode())[:16].decode() in sent
            or (place == "password" and "authorization: Basic " in sent)
        )

    @pytest.mark.parametrize(
        "url",
        [
            "http://user:{mark}@127.0.0.1:{port}",
            "http://{mark}@127.0.0.1:{port}",
            "socks5h://user:{mark}@127.0.0.1:{port}",
        ],
    )
    def test_by_a_proxy_that_is_not_there(self, url: str) -> None:
        with refused_port() as port, overheard() as heard:
            proxy = url.format(mark=MARK, port=port)
            for host in ("http://api.test", "https://api.test"):
                with client(host, retries=False, proxy=proxy) as api:
                    errors = call_in_every_way(api, {})
                    shown = "\n".join([everything_of(api), *map(everything_about, errors)])
                    assert len(errors) == 5
                    assert MARK not in shown
                    assert MARK not in repr(api.api_client.rest_client.pool_manager)
            assert MARK not in heard()

    def test_by_a_proxy_that_refuses(self) -> None:
        with Proxy(username="user", password="other") as proxy, overheard() as heard:
            url = proxy.url.replace("//", f"//user:{MARK}@")
            for host in ("http://api.test", "https://api.test"):
                with client(host, retries=False, proxy=url) as api:
                    errors = call_in_every_way(api, {})
                assert len(errors) == 5
                assert MARK not in "\n".join(map(everything_about, errors))
            assert MARK not in heard()

    def test_by_a_host_with_credentials(self) -> None:
        with RawServer(FAULTS["401"]) as server, overheard() as heard:
            host = server.host.replace("//", f"//user:{MARK}@")
            with client(host, access_token=None) as api:
                errors = call_in_every_way(api, {})
                shown = "\n".join([everything_of(api), *map(everything_about, errors)])
            assert len(errors) == 5
            assert MARK not in shown
            assert MARK not in heard()
            assert b"\r\nauthorization: Basic " in server.heads[0]

    @pytest.mark.parametrize(
        "settings",
        [
            {"access_token": f"{MARK}\nX: y"},
            {"access_token": f"{MARK}\u20ac"},
            {"access_token": SecretStr(f"{MARK}\0")},
            {"access_token": lambda: f"{MARK}\rX"},
            {"access_token": [MARK]},
            {"access_token": lambda: {"key": MARK}},
            {"proxy": f"nonsense://user:{MARK}@127.0.0.1"},
            {"proxy": f"http://user:{MARK}@host:port"},
            {"proxy": f"{MARK}:x"},
            {"proxy": "http://127.0.0.1:1", "proxy_headers": {"X-Key": f"{MARK}\n"}},
            {"proxy": "http://127.0.0.1:1", "proxy_headers": {f"{MARK}\n": "x"}},
            {"host": f"https://user:{MARK}@"},
            {"host": f"https://user:{MARK}/@host"},
            {"host": f"https://user:{MARK}@host:port"},
            {"host": f"https://user:{MARK}\u2100@host"},
            {"host": f"https://user:{MARK}@host name"},
            {"host": f"https://user:{MARK}@[::1"},
            {"host": f"user:{MARK}@host"},
            {"host": f"{MARK}:x"},
            {"organization": f"{MARK}\n"},
            {"timeout": MARK},
        ],
    )
    def test_by_a_setting_that_is_wrong(self, settings: dict[str, Any]) -> None:
        with overheard() as heard:
            with pytest.raises(OpenApiException) as failure:  # noqa: SIM117
                with client(**{"host": "http://127.0.0.1:1", "retries": False, **settings}) as api:
                    transcribe(api)
            assert not isinstance(failure.value, ApiException)
            assert MARK not in everything_about(failure.value)
            assert MARK not in heard()

    @pytest.mark.parametrize(
        "options",
        [
            {"_headers": {"X-Key": f"{MARK}\r\nX: y"}},
            {"_headers": {"X-Key": f"{MARK}\u20ac"}},
            {"_headers": {f"{MARK} : x": "y"}},
            {"_headers": {f"{MARK}\n": "y"}},
            {"_headers": {"X-Key": [MARK]}},
            {"_headers": MARK},
            {"_headers": [MARK]},
            {"_request_auth": MARK},
            {"_request_auth": {"value": MARK}},
            {"_request_auth": {"in": "query", "key": "k", "value": MARK}},
            {"_request_auth": {"in": "header", "key": f"{MARK}\n", "value": "x"}},
            {"_request_auth": {"in": "header", "key": "k", "value": f"{MARK}\n{MARK}"}},
        ],
    )
    def test_by_an_option_that_is_wrong(
        self, options: dict[str, Any], recording: RecordingServer
    ) -> None:
        with client(recording.host, retries=False) as api, overheard() as heard:
            for call in (api.create_speech, api.create_speech_streaming):
                with pytest.raises((OpenApiException, ValueError)) as failure:
                    call(SPEECH, **options)
                assert MARK not in everything_about(failure.value)
            assert MARK not in heard()
        assert recording.requests == []

    @pytest.mark.parametrize("headers", [{"X-Key": f"{MARK}\n"}, {f"{MARK}\n": "x"}])
    def test_by_a_call_of_ones_own(
        self, headers: dict[str, str], recording: RecordingServer
    ) -> None:
        with client(recording.host) as api, pytest.raises(ApiValueError) as failure:
            api.api_client.call_api("GET", recording.host, headers)
        assert MARK not in everything_about(failure.value)

    def test_by_the_query_of_a_host_but_in_the_log_of_urllib3(
        self, recording: RecordingServer
    ) -> None:
        with overheard() as heard:
            with client(f"{recording.host}?key={MARK}", debug=True) as api:
                recording.answer(401)
                errors = call_in_every_way(api, {})
                settings = api.api_client.configuration
                shown = everything_of(api).removesuffix(settings.host)  # the setting itself
            assert MARK not in "\n".join([shown, *map(everything_about, errors)])
            lines = [line for line in heard().splitlines() if MARK in line]
        assert {line.split()[0] for line in lines} == {"urllib3.connectionpool"}
        assert all(request.target.endswith(f"?key={MARK}") for request in recording.requests)

    @pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
    def test_by_a_recording(self, fault: Any) -> None:
        with overheard() as heard:
            with RawServer(fault) as server, client(server.host, retries=False) as api:
                error = error_of(
                    lambda: transcribe(
                        api, WAV + MARK.encode(), prompt=MARK, _request_timeout=(5, 0.1)
                    )
                )
            assert error is not None
            assert MARK not in everything_about(error)
            assert MARK not in heard()

    def test_but_a_pickled_configuration_holds_its_key(self) -> None:
        settings = Configuration(access_token=MARK)
        assert MARK.encode() in pickle.dumps(settings)
        assert MARK.encode() in pickle.dumps(ApiClient(settings))

    def test_by_what_is_left_unclosed(self, recording: RecordingServer) -> None:
        with overheard() as heard:
            with client(recording.host, access_token=MARK) as api:
                api.create_speech_without_preload_content(SPEECH)
                api.create_speech_streaming(SPEECH)
            del api
            gc.collect()
            assert MARK not in heard()


class TestAKeyGoesWhereItBelongs:
    """Only to the server that it is meant for."""

    @pytest.fixture(autouse=True)
    def key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
            monkeypatch.setenv(name, MARK)

    def test_the_environments_goes_where_the_environment_points(
        self, recording: RecordingServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", recording.host)
        with ApiClient(Configuration()) as made:
            assert transcribe(AudioApi(made)) == "hello"
        assert recording.last.headers["authorization"] == f"Bearer {MARK}"
        assert recording.last.headers["openai-organization"] == MARK
        assert recording.last.headers["openai-project"] == MARK

    @pytest.mark.parametrize("base", [None, "http://127.0.0.1:1/v1", "https://127.0.0.1/v1"])
    def test_the_environments_goes_nowhere_else(
        self, recording: RecordingServer, monkeypatch: pytest.MonkeyPatch, base: str | None
    ) -> None:
        if base:
            monkeypatch.setenv("OPENAI_BASE_URL", base)
        with ApiClient(Configuration(recording.host)) as made:
            assert transcribe(AudioApi(made)) == "hello"
            made.configuration.host = OPENAI  # and back
            made.configuration.host = recording.host
            assert transcribe(AudioApi(made)) == "hello"
        assert MARK.encode() not in b"".join(request.head for request in recording.requests)

    def test_a_given_one_goes_to_the_given_host(self, recording: RecordingServer) -> None:
        with client(recording.host, access_token="sk-test") as api:
            transcribe(api)
        assert recording.last.headers["authorization"] == "Bearer sk-test"
        assert MARK.encode() not in recording.last.head

    def test_none_is_an_error_before_anything_is_sent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        with ApiClient(Configuration()) as made, pytest.raises(ApiValueError, match="no API key"):
            transcribe(AudioApi(made))

    def test_the_environments_is_shown_nowhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_ORG_ID")
        monkeypatch.delenv("OPENAI_PROJECT_ID")
        with RawServer(FAULTS["401"]) as server, overheard() as heard:
            monkeypatch.setenv("OPENAI_BASE_URL", server.host)
            with ApiClient(Configuration(retries=False)) as made:
                errors = call_in_every_way(AudioApi(made), {})
                shown = "\n".join([everything_of(AudioApi(made)), *map(everything_about, errors)])
            assert len(errors) == 5
            assert MARK not in shown
            assert MARK not in heard()
            assert all(MARK.encode() in head for head in server.heads)

    def test_the_environments_proxy_is_shown_nowhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with refused_port() as port, overheard() as heard:
            monkeypatch.setenv("HTTP_PROXY", f"http://user:{MARK}@127.0.0.1:{port}")
            with client("http://api.test", retries=False) as api:
                errors = call_in_every_way(api, {})
            assert len(errors) == 5
            assert MARK not in "\n".join(map(everything_about, errors))
            assert MARK not in heard()

    def test_a_retry_goes_to_the_same_server_and_a_redirect_to_no_other(
        self, recording: RecordingServer
    ) -> None:
        with RecordingServer() as other:
            recording.answer(503, headers={"Location": other.host, "Retry-After": "0"})
            recording.answer(307, headers={"Location": other.host})
            with client(recording.host, access_token=MARK) as api, pytest.raises(ApiException):
                transcribe(api)
            assert len(recording.requests) == 2
        assert other.connections == 0

    def test_a_sound_server_hears_it_and_no_proxy_of_a_tunnel_does(self) -> None:
        from wire import ca_pem, server_context

        with RecordingServer(tls=server_context()) as server, Proxy() as proxy:
            settings = {"proxy": proxy.url, "ca_cert_data": ca_pem().decode()}
            with client(server.host, access_token=MARK, **settings) as api:
                transcribe(api)
            assert MARK not in str([request.headers for request in proxy.requests])
            assert server.last.headers["authorization"] == f"Bearer {MARK}"
