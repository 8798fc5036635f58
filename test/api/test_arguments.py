"""Wrong arguments: a clear error before anything is sent, for every method that takes them."""

from __future__ import annotations

import importlib
import io
import math
import re
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV, client
from pydantic import SecretStr, ValidationError
from wire import RawServer, RecordingServer, refused_port, server_context

from openapiopenai import (
    ApiClient,
    ApiConnectionException,
    ApiTypeError,
    ApiValueError,
    AudioApi,
    Configuration,
    CreateSpeechRequest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from wire import Connection

SECRET = "sk-test-do-not-show"
SELF: list[Any] = []
SELF.append(SELF)
SPEECH_METHODS = [
    "create_speech",
    "create_speech_with_http_info",
    "create_speech_without_preload_content",
    "create_speech_streaming",
]
FILE_METHODS = [
    "create_transcription",
    "create_transcription_with_http_info",
    "create_transcription_without_preload_content",
    "create_transcription_streaming",
    "create_translation",
    "create_translation_with_http_info",
    "create_translation_without_preload_content",
]
ALL_METHODS = [*SPEECH_METHODS, *FILE_METHODS]


@pytest.fixture
def configuration(recording: RecordingServer) -> Configuration:
    return Configuration(host=recording.host, access_token=SecretStr(SECRET))


@pytest.fixture
def refused(
    recording: RecordingServer, configuration: Configuration
) -> Iterator[Callable[..., str]]:
    """Return a function that calls a method and returns the error's text; nothing may be sent."""
    with ApiClient(configuration) as client:
        api = AudioApi(client)

        def refuse(kind: type[Exception], name: str, *args: Any, **kwargs: Any) -> str:
            with pytest.raises(kind) as caught:
                getattr(api, name)(*args, **kwargs)
            for text in (str(caught.value), repr(caught.value)):
                assert SECRET not in text
            return str(caught.value)

        yield refuse
    assert recording.requests == []
    assert recording.unfinished == []


def arguments_of(name: str) -> list[Any]:
    return [SPEECH] if name in SPEECH_METHODS else [WAV, "whisper-1"]


# -- files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "kind", "message"),
    [
        ("no_such.wav", ApiValueError, r"'no_such.wav' cannot be read .*; pass the path of a"),
        ("", ApiValueError, r"file is an empty text; pass the path of a recording"),
        (
            "http://127.0.0.1/a.wav",
            ApiValueError,
            r"'http:.*; no URL is fetched\); pass the path of",
        ),
        (b"", ApiValueError, r"the audio is empty: .*; rewind it with seek\(0\)"),
        (io.BytesIO(), ApiValueError, r"the audio is empty: the BytesIO has no bytes"),
        (io.StringIO("x"), ApiTypeError, r"the StringIO is opened in text mode; open it with 'rb'"),
        (None, ApiTypeError, r"file is NoneType; pass a path, bytes, a file opened with 'rb'"),
        (5, ApiTypeError, r"file is int; pass a path, bytes, a file opened with 'rb'"),
        ([WAV], ApiTypeError, r"file is list; pass a path, bytes, a file opened with 'rb'"),
        ((5, WAV), ApiTypeError, r"file is a tuple \(int, bytes\); pass a path, bytes"),
    ],
)
def test_a_file_that_cannot_be_sent_is_refused(
    refused: Callable[..., str], file: Any, kind: type[Exception], message: str
) -> None:
    for name in FILE_METHODS:
        assert re.search(message, refused(kind, name, file, "whisper-1"))


def test_a_file_in_text_mode_is_refused_by_its_path(
    refused: Callable[..., str], tmp_path: Path
) -> None:
    path = tmp_path / "talk.wav"
    path.write_text("text", encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        for name in FILE_METHODS:
            message = refused(ApiTypeError, name, file, "whisper-1")
            assert message == f"{path} is opened in text mode; open it with 'rb'"


# -- parameters of a form -------------------------------------------------------------------

LONG = "x" * 4097
AT_MOST = "pass a string of at most 4096 characters"
TEXT_OR_MODEL = "a string or a CreateTranscriptionRequestModel"
VOICE = "a string, a VoiceIdsOrCustomVoice, a VoiceIdsShared or a CustomVoice"
FORMATS = "'json', 'text', 'srt', 'verbose_json', 'vtt' or 'diarized_json'"


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"model": None}, ApiTypeError, f"model is None; pass {TEXT_OR_MODEL}"),
        ({"model": 5}, ApiTypeError, f"model is 5; pass {TEXT_OR_MODEL}"),
        ({"model": ""}, ApiValueError, "model is ''; pass a non-empty string"),
        ({"prompt": 5}, ApiTypeError, "prompt is 5; pass a string"),
        (
            {"response_format": ["srt"]},
            ApiTypeError,
            f"response_format is ['srt']; pass {FORMATS} or a string",
        ),
        ({"temperature": math.nan}, ApiValueError, "temperature is nan; pass a finite number"),
        ({"temperature": math.inf}, ApiValueError, "temperature is inf; pass a finite number"),
        ({"temperature": "warm"}, ApiValueError, "temperature is 'warm'; pass a number"),
        ({"temperature": [1]}, ApiTypeError, "temperature is [1]; pass a number"),
        (
            {"model": None, "prompt": 5},
            ApiTypeError,
            f"model is None; pass {TEXT_OR_MODEL}\nprompt is 5; pass a string",
        ),
        (
            {"prompt": 5, "temperature": math.nan},
            ApiValueError,
            "prompt is 5; pass a string\ntemperature is nan; pass a finite number",
        ),
    ],
)
@pytest.mark.parametrize("name", ["create_transcription", "create_translation"])
def test_a_wrong_argument_is_an_error_of_a_line(
    refused: Callable[..., str],
    name: str,
    values: dict[str, Any],
    kind: type[Exception],
    message: str,
) -> None:
    given = {"file": WAV, "model": "whisper-1", **values}
    # one known value is listed, and six are not
    assert refused(kind, name, **given).replace("'whisper-1', ", "") == message


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"language": 5}, ApiTypeError, "language is 5; pass a string"),
        ({"languages": 5}, ApiTypeError, "languages is 5; pass a list"),
        ({"keywords": [5]}, ApiTypeError, "keywords[0] is 5; pass a string"),
        (
            {"known_speaker_names": list("ABCDE")},
            ApiValueError,
            "known_speaker_names is ['A', 'B', 'C', 'D', 'E']; pass at most 4 items",
        ),
        (
            {"known_speaker_references": ["x" * 50] * 5},
            ApiValueError,
            "known_speaker_references is of the type list; pass at most 4 items",
        ),
        (
            {"chunking_strategy": 5},
            ApiTypeError,
            "chunking_strategy is 5; pass a VadConfig, 'auto' or a string",
        ),
        (
            {"chunking_strategy": {"threshold": 1}},
            ApiTypeError,
            "chunking_strategy['type'] is missing",
        ),
        (
            {"chunking_strategy": {"type": "server_vad", "threshold": math.nan}},
            ApiValueError,
            "chunking_strategy['threshold'] is nan; pass a finite number",
        ),
    ],
)
def test_a_wrong_argument_of_a_transcription_is_an_error_of_a_line(
    refused: Callable[..., str], values: dict[str, Any], kind: type[Exception], message: str
) -> None:
    for name in FILE_METHODS[:4]:
        assert refused(kind, name, WAV, "whisper-1", **values) == message


def test_the_error_of_pydantic_is_chained(configuration: Configuration) -> None:
    with ApiClient(configuration) as made, pytest.raises(ApiTypeError) as caught:
        AudioApi(made).create_transcription(WAV, None)  # type: ignore[arg-type]
    assert isinstance(caught.value.__cause__, ValidationError)


@pytest.mark.parametrize(
    "name",
    [
        "timestamp_granularities",
        "include",
        "languages",
        "keywords",
        "known_speaker_names",
        "known_speaker_references",
    ],
)
def test_a_text_is_a_list_of_one(recording: RecordingServer, name: str) -> None:
    with client(recording.host) as api:
        api.create_transcription(WAV, "whisper-1", **{name: "word"})
    fields = [(part.name, part.content) for part in recording.last.form[2:]]
    assert fields == [(f"{name}[]", b"word")]


# -- speech ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"input": ""}, ApiValueError, "input is ''; pass a non-empty string"),
        (
            {"input": LONG},
            ApiValueError,
            f"input is {LONG[:100]!r}... (4097 characters); {AT_MOST}",
        ),
        ({"input": None}, ApiTypeError, "input is None; pass a string"),
        ({"speed": 0.1}, ApiValueError, "speed is 0.1; pass a number of at least 0.25"),
        ({"speed": 5}, ApiValueError, "speed is 5; pass a number of at most 4"),
        ({"speed": math.nan}, ApiValueError, "speed is nan; pass a finite number"),
        ({"voice": None}, ApiTypeError, f"voice is None; pass {VOICE}"),
        ({"voice": ""}, ApiValueError, "voice is ''; pass a non-empty string"),
        ({"voice": {"name": "x"}}, ApiTypeError, "voice['id'] is missing"),
        ({"voice": {"id": 5}}, ApiTypeError, "voice['id'] is 5; pass a string"),
        ({"model": 5}, ApiTypeError, "model is 5; pass a string or a CreateSpeechRequestModel"),
    ],
)
def test_a_wrong_key_of_a_speech_request_is_an_error_of_a_line(
    refused: Callable[..., str], values: dict[str, Any], kind: type[Exception], message: str
) -> None:
    for name in SPEECH_METHODS:
        assert refused(kind, name, {**SPEECH, **values}) == message


def test_a_speech_request_without_what_it_needs_is_refused(refused: Callable[..., str]) -> None:
    for missing in SPEECH:
        given = {key: value for key, value in SPEECH.items() if key != missing}
        assert refused(ApiTypeError, "create_speech", given) == f"{missing} is missing"
    lines = "model is missing\ninput is missing\nvoice is missing"
    assert refused(ApiTypeError, "create_speech", {}) == lines


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("respnse_format", "response_format"),
        ("responseFormat", "response_format"),
        ("instruction", "instructions"),
        ("sped", "speed"),
        ("streamformat", "stream_format"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_right_one(
    refused: Callable[..., str], slip: str, meant: str
) -> None:
    for request in ({**SPEECH, slip: "x"}, CreateSpeechRequest(**{**SPEECH, slip: "x"})):
        message = refused(ApiValueError, "create_speech", request)
        assert message == (
            f"create_speech_request has the key {slip!r}; did you mean {meant!r}? To send "
            f"{slip!r}, pass it in _extra_fields"
        )


def test_a_key_of_another_server_is_sent(recording: RecordingServer) -> None:
    recording.answers_always(body=b"ID3 audio", headers={"Content-Type": "audio/mpeg"})
    further = {"seed": 3, "lang_code": "a", "temperature": 0.5, "download_format": "wav"}
    with client(recording.host) as api:
        api.create_speech({**SPEECH, **further})  # type: ignore[typeddict-item, arg-type]
        assert recording.last.json == {**SPEECH, **further}
        api.create_speech(SPEECH, _extra_fields={"respnse_format": "wav"})  # type: ignore[arg-type]
        assert recording.last.json == {**SPEECH, "respnse_format": "wav"}
        beside: Any = {**SPEECH, "voices": ["a"], "mode": "fast"}  # what they resemble is given
        api.create_speech(beside)
        assert recording.last.json == beside


# -- arguments of other clients -------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"timeout": 5}, "pass _request_timeout"),
        ({"timeou": 5}, "pass _request_timeout"),
        ({"extra_body": {}}, "pass _extra_fields"),
        ({"extra_headers": {}}, "pass _headers"),
        ({"_header": {}}, "did you mean '_headers'?"),
        ({"max_retries": 3}, "pass _retries"),
        (
            {"stream": True},
            "call create_speech_streaming or create_transcription_streaming",
        ),
    ],
)
def test_an_argument_of_another_client_gets_a_pointer(
    refused: Callable[..., str], values: dict[str, Any], advice: str
) -> None:
    (given,) = values
    for name in ("create_speech", "create_transcription", "create_translation"):
        message = refused(ApiTypeError, name, *arguments_of(name), **values)
        assert message == (
            f"{name}() got an unexpected keyword argument {given!r}; {advice.format(name)}"
        )


def test_the_keys_of_a_speech_request_as_arguments_get_a_pointer(
    refused: Callable[..., str],
) -> None:
    message = refused(ApiTypeError, "create_speech", **SPEECH)
    advice = "pass one request: create_speech({'model': ..., 'input': ..., 'voice': ...})"
    assert message.splitlines() == [
        f"create_speech() got an unexpected keyword argument {key!r}; {advice}" for key in SPEECH
    ]


def test_so_they_do_where_they_are_passed_to_another_method(refused: Callable[..., str]) -> None:
    message = refused(ApiTypeError, "create_transcription", WAV, "whisper-1", input="Hello.")
    advice = "pass one request: create_speech({'model': ..., 'input': ..., 'voice': ...})"
    assert message.endswith(f"unexpected keyword argument 'input'; {advice}")


@pytest.mark.parametrize("wrong", [None, "Hello.", 5, [SPEECH]])
def test_what_is_no_speech_request_is_refused(refused: Callable[..., str], wrong: Any) -> None:
    given = type(wrong).__name__
    for name in SPEECH_METHODS:
        message = refused(ApiTypeError, name, wrong)
        assert message.startswith(f"create_speech_request is {given}; pass a CreateSpeechRequest,")


def test_a_limit_holds_when_a_request_is_changed() -> None:
    request = CreateSpeechRequest(**SPEECH)
    with pytest.raises(ValidationError, match="less than or equal to 4"):
        request.speed = 5


# -- what every call takes ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"no_such": 1}, TypeError, r"unexpected keyword argument 'no_such'"),
        ({"_host_index": 1}, ApiValueError, r"_host_index is 1; there is one host, 0"),
        ({"_host_index": "0"}, ApiValueError, r"_host_index is '0'; there is one host, 0"),
        ({"_content_type": "text/plain"}, ApiValueError, r"_content_type is 'text/plain'; this"),
        ({"_content_type": 5}, ApiValueError, r"_content_type is 5; this call is sent as "),
        ({"_content_type": ""}, ApiValueError, r"_content_type is ''; this call is sent as "),
        ({"_request_timeout": 0}, ApiValueError, r"timeout is 0; pass a number of seconds greate"),
        ({"_request_timeout": -1}, ApiValueError, r"timeout is -1; pass a number of seconds"),
        ({"_request_timeout": math.nan}, ApiValueError, r"timeout is nan; pass a number"),
        ({"_request_timeout": "5"}, ApiTypeError, r"timeout is str; pass seconds, or a pair"),
        ({"_request_timeout": (1, 2, 3)}, ApiValueError, r"timeout has 3 parts; pass \(connect,"),
        ({"_request_timeout": True}, ApiTypeError, r"timeout is bool; pass seconds, or a pair"),
        ({"_headers": "X: y"}, ApiTypeError, r"_headers is str; pass a dict"),
        ({"_headers": [("X", "y")]}, ApiTypeError, r"_headers is list; pass a dict"),
        ({"_headers": {"X": 5}}, ApiTypeError, r"the header 'x' is int; pass a string"),
        ({"_headers": {"X": b"y"}}, ApiTypeError, r"the header 'x' is bytes; pass a string"),
        ({"_headers": {"X": f"{SECRET}\r\nY: z"}}, ApiValueError, r"the header 'x' holds a char"),
        ({"_headers": {"X": f"{SECRET}\0"}}, ApiValueError, r"the header 'x' holds a char"),
        ({"_headers": {"X": f"{SECRET}\u2013"}}, ApiValueError, r"outside Latin-1"),
        ({"_headers": {"X Y": "z"}}, ApiValueError, r"a header has an invalid name"),
        ({"_headers": {"": "z"}}, ApiValueError, r"a header has an invalid name"),
        ({"_headers": {"X\r\nY": "z"}}, ApiValueError, r"a header has an invalid name"),
        ({"_headers": {"\u00fc": "z"}}, ApiValueError, r"use letters, digits and '-'"),
        ({"_headers": {5: "z"}}, ApiValueError, r"a header has an invalid name"),
        (
            {"_headers": {f"Bearer {SECRET}": "Authorization"}},
            ApiValueError,
            r"pass the value separately",
        ),
        ({"_request_auth": SECRET}, ApiTypeError, r"_request_auth is str; pass a dict"),
        (
            {"_request_auth": {"value": SECRET}},
            ApiValueError,
            r"lacks key; pass \{'in': 'header', 'key': 'Authorization', 'value': 'Bearer ...'\}",
        ),
        (
            {"_request_auth": {"Authorization": f"Bearer {SECRET}"}},
            ApiValueError,
            r"_request_auth lacks key and value; pass \{'in': 'header', 'key': ",
        ),
        (
            {"_request_auth": {"in": "query", "key": "key", "value": SECRET}},
            ApiValueError,
            r"_request_auth puts the key into the query, .*; put it into a header",
        ),
        (
            {"_request_auth": {"key": "Authorization", "value": f"{SECRET}\n."}},
            ApiValueError,
            r"the header 'authorization' holds a character",
        ),
        (
            {"_request_auth": {"key": f"Bearer {SECRET}", "value": "Authorization"}},
            ApiValueError,
            r"a header has an invalid name; use letters",
        ),
        ({"_extra_fields": "x=1"}, ApiTypeError, r"_extra_fields is str; pass a dict"),
        ({"_extra_fields": {"x": object()}}, ApiTypeError, r"cannot hold.*object|object.*hold"),
        ({"_extra_fields": {"x": SELF}}, ApiValueError, r"contains itself, or is nested too deep"),
        ({"_headers": {"Content-Length": "3"}}, ApiValueError, r"'content-length' describes the"),
        ({"_headers": {"TRANSFER-encoding": "chunked"}}, ApiValueError, r"client sets it; leave"),
        (
            {"_extra_fields": {"x": math.nan}},
            ApiValueError,
            r"nan; pass a finite|nan cannot be written as JSON",
        ),
        ({"_extra_fields": {"x": "\ud800"}}, ApiValueError, r"cannot be written as"),
    ],
)
def test_a_wrong_override_is_refused_by_name(
    refused: Callable[..., str], values: dict[str, Any], kind: type[Exception], message: str
) -> None:
    for name in ALL_METHODS:
        assert re.search(message, refused(kind, name, *arguments_of(name), **values))


def test_a_missing_file_is_not_excused_by_any_further_field(refused: Callable[..., str]) -> None:
    for extra in ({"x": 1}, "url"):
        message = refused(
            ApiTypeError, "create_transcription", None, "whisper-1", _extra_fields=extra
        )
        assert message.startswith("file is NoneType")


# -- settings -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL_METHODS)
@pytest.mark.parametrize("token", [f"{SECRET}\n.", f"{SECRET}\u201d", f"{SECRET}\x7f"])
def test_an_illegal_token_is_refused_unquoted(
    refused: Callable[..., str], configuration: Configuration, name: str, token: str
) -> None:
    for given in (token, SecretStr(token), lambda: token):
        configuration.access_token = given
        message = refused(ApiValueError, name, *arguments_of(name))
        assert re.match("access_token holds a character .*; copy the key again", message)


@pytest.mark.parametrize("token", [f"Bearer {SECRET}", f"bearer  {SECRET}\n"])
def test_a_token_that_brings_its_scheme_along_is_refused_unquoted(
    refused: Callable[..., str], configuration: Configuration, token: str
) -> None:
    for given in (token, SecretStr(token), lambda: token):
        configuration.access_token = given
        message = refused(ApiValueError, "create_speech", SPEECH)
        assert message == "access_token begins with 'Bearer', which is added; pass the key alone"


@pytest.mark.parametrize("name", ALL_METHODS)
def test_openai_is_not_called_without_a_key(recording: RecordingServer, name: str) -> None:
    # the proxy would see a call to OpenAI
    configuration = Configuration(host="http://api.openai.com/v1", proxy=recording.origin)
    with (
        ApiClient(configuration) as client,
        pytest.raises(ApiValueError, match=r"no API key: set OPENAI_API_KEY or pass"),
    ):
        getattr(AudioApi(client), name)(*arguments_of(name))
    assert recording.requests == []


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("localhost:8000/v1", "host has no scheme; it must begin with 'https://' or 'http://'"),
        ("api.openai.com/v1", "host has no scheme; it must begin with 'https://' or 'http://'"),
        ("//localhost/v1", "host has no scheme"),
        (f"user:{SECRET}@localhost", "host has no scheme"),
        ("ftp://localhost", "host has the scheme 'ftp'; it must begin with"),
        ("https:///v1", "host names no server"),
        (f"https://user:{SECRET}@/v1", "host names no server"),
        (f"https://user:{SECRET}@localhost:port", "host is not a URL; pass one such as"),
        ("http://[::1", "host is not a URL; pass one such as"),
        (f"https://user:{SECRET} @localhost", "host holds a space or a control character"),
        ("https://local\nhost/v1", "host holds a space or a control character"),
    ],
)
def test_a_host_that_is_no_address_is_refused_at_construction(host: str, message: str) -> None:
    for make in (Configuration, _changed):
        with pytest.raises(ApiValueError) as caught:
            make(host)
        assert str(caught.value).startswith(message)
        assert SECRET not in repr(caught.value)


def _changed(host: str) -> None:
    Configuration().host = host


#: What was made of the wrong thing, and what is said to it.
MISTAKEN: list[tuple[Callable[[Any], object], Any, str]] = [
    (ApiClient, "http://localhost", "configuration is str; pass a Configuration(host=...)"),
    (
        lambda host: AudioApi(Configuration(host)),  # type: ignore[arg-type]
        "http://localhost",
        "api_client is Configuration; pass an ApiClient: ApiClient(configuration)",
    ),
    (
        lambda key: Configuration(api_key=key),
        SECRET,
        "api_key is str; pass the key as access_token",
    ),
]


@pytest.mark.parametrize(("make", "wrong", "message"), MISTAKEN)
def test_what_one_thing_is_made_of_is_not_taken_for_another(
    make: Callable[[Any], object], wrong: Any, message: str
) -> None:
    with pytest.raises(ApiTypeError) as caught:
        make(wrong)
    assert str(caught.value) == message


@pytest.mark.parametrize("module", ["openapiopenai", "openapiopenai.api"])
@pytest.mark.parametrize("name", ["ChatApi", "chat_api"])
@pytest.mark.parametrize("statement", ["from {0} import {1}", "import {0}; {0}.{1}"])
def test_an_endpoint_that_is_gone_is_missing_with_the_reason(
    statement: str, module: str, name: str
) -> None:
    reason = (
        f"module '{module}' has no attribute '{name}'; since 2.0 it has only the audio "
        "endpoints; for the others, use version 1.3.0 or openai"
    )
    with pytest.raises(ImportError) as caught:
        exec(statement.format(module, name), {})
    assert (str(caught.value), caught.value.name) == (reason, name)


@pytest.mark.parametrize("module", ["openapiopenai", "openapiopenai.api"])
def test_a_name_that_never_was_is_no_attribute(module: str) -> None:
    assert not hasattr(importlib.import_module(module), "ChatClient")


@pytest.mark.parametrize("host", [5, b"http://localhost", ["http://localhost"]])
def test_a_host_of_another_type_is_refused_by_name(host: Any) -> None:
    with pytest.raises(ApiTypeError, match=f"host is {type(host).__name__}; pass a string"):
        Configuration(host=host)


@pytest.mark.parametrize(
    "proxy", [f"localhost:{SECRET}", f"ftp://u:{SECRET}@h", f"http://u:{SECRET}@h:port", "http://"]
)
def test_a_proxy_that_is_no_address_is_refused_at_construction(proxy: str) -> None:
    with pytest.raises(ApiValueError, match="not the URL of a proxy; pass 'http:") as caught:
        Configuration(proxy=proxy)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ["organization", "project"])
def test_a_setting_that_no_header_can_hold_is_refused_by_name(
    refused: Callable[..., str], configuration: Configuration, name: str
) -> None:
    setattr(configuration, name, "a\nb")
    message = refused(ApiValueError, "create_transcription", WAV, "whisper-1")
    assert message.startswith(f"the header 'openai-{name}' holds a character")


# -- servers that are not what they are taken for -------------------------------------------


def test_a_server_that_does_not_run_is_missed_with_the_reason() -> None:
    with refused_port() as port:
        message = _unanswered(f"http://127.0.0.1:{port}/v1")
    assert message.endswith("connection refused; check that a server runs there")


def test_a_server_without_tls_is_told_from_one_that_does_not_run() -> None:
    def plain(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        connection.drain()

    with RawServer(plain) as server:
        message = _unanswered(server.host.replace("http:", "https:"))
    assert message.endswith(
        "; the server may speak plain HTTP: use a host that begins with 'http://'"
    )


def test_an_authority_that_nobody_knows_is_to_be_named() -> None:
    with RecordingServer(tls=server_context()) as server:
        message = _unanswered(server.host)
    assert message.endswith("; name its authority in ssl_ca_cert or SSL_CERT_FILE")


def _unanswered(host: str) -> str:
    with client(host, retries=False) as api, pytest.raises(ApiConnectionException) as caught:
        api.create_speech(SPEECH)
    return str(caught.value)
