"""What the package offers by name: the same names, parameters and help as with written-out code."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import pydoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints
from unittest import mock

import pytest
import urllib3
from calls import SPEECH, WAV

import openapiopenai
import openapiopenai.models
from openapiopenai import (
    ApiClient,
    ApiResponse,
    ApiTypeError,
    AudioApi,
    Configuration,
    CreateTranscription200Response,
    CreateTranslation200Response,
    SpeechStream,
    TranscriptionStream,
    exceptions,
)

if TYPE_CHECKING:
    from types import ModuleType

    from wire import RecordingServer

#: Modules of models that have the bases of models.
BASES = ("base", "result")
POSITIONAL_OPTIONS = [
    "_request_timeout",
    "_request_auth",
    "_content_type",
    "_headers",
    "_host_index",
]
KEYWORD_OPTIONS = ["_retries", "_extra_fields"]
OPTIONS = [*POSITIONAL_OPTIONS, *KEYWORD_OPTIONS]
#: The parameters of 1.3.0, in its order, and those that came later, by keyword only.
PUBLISHED = {
    "create_speech": ["create_speech_request"],
    "create_transcription": [
        "file",
        "model",
        "language",
        "prompt",
        "response_format",
        "temperature",
        "timestamp_granularities",
    ],
    "create_translation": ["file", "model", "prompt", "response_format", "temperature"],
}
ADDED = {
    "create_transcription": [
        "include",
        "languages",
        "keywords",
        "chunking_strategy",
        "known_speaker_names",
        "known_speaker_references",
    ],
}
PARAMETERS = {name: [*own, *ADDED.get(name, ())] for name, own in PUBLISHED.items()}
REQUIRED = {"create_speech": 1, "create_transcription": 2, "create_translation": 2}
RETURNS: dict[str, Any] = {
    "create_speech": bytearray,
    "create_speech_with_http_info": ApiResponse[bytearray],
    "create_speech_without_preload_content": urllib3.HTTPResponse,
    "create_speech_streaming": SpeechStream,
    "create_transcription": CreateTranscription200Response,
    "create_transcription_with_http_info": ApiResponse[CreateTranscription200Response],
    "create_transcription_without_preload_content": urllib3.HTTPResponse,
    "create_transcription_streaming": TranscriptionStream,
    "create_translation": CreateTranslation200Response,
    "create_translation_with_http_info": ApiResponse[CreateTranslation200Response],
    "create_translation_without_preload_content": urllib3.HTTPResponse,
}

all_methods = pytest.mark.parametrize("name", list(RETURNS))


def operation_of(name: str) -> str:
    return next(operation for operation in PARAMETERS if name.startswith(operation))


def arguments_of(name: str) -> list[Any]:
    return [SPEECH] if operation_of(name) == "create_speech" else [WAV, "whisper-1"]


# -- names ----------------------------------------------------------------------------------


def imported_for_type_checkers(module: ModuleType) -> dict[str, str]:
    """Read the names and their modules under ``if TYPE_CHECKING`` in a module's source."""
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for test in tests for node in test.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module or "" for node in imports for alias in node.names}


def models() -> dict[str, str]:
    """Find the public classes that the modules of ``models`` define."""
    found = {}
    for info in pkgutil.iter_modules(openapiopenai.models.__path__):
        module = importlib.import_module(f"openapiopenai.models.{info.name}")
        classes = [value for value in vars(module).values() if isinstance(value, type)]
        own = [kind for kind in classes if kind.__module__ == module.__name__]
        found |= {kind.__name__: module.__name__ for kind in own if info.name not in BASES}
    return found


def test_all_is_sorted_and_says_each_name_once() -> None:
    for module in (openapiopenai, openapiopenai.models):
        assert list(module.__all__) == sorted(set(module.__all__))


def test_type_checkers_are_told_the_same_names_as_python() -> None:
    told = imported_for_type_checkers(openapiopenai)
    homes = {name: getattr(openapiopenai, name).__module__ for name in told}
    assert told == homes
    assert {*told, "__version__"} == set(openapiopenai.__all__)
    assert imported_for_type_checkers(openapiopenai.models) == models()


@pytest.mark.skipif("TOX_ENV_NAME" not in os.environ, reason="run by hand, in whatever place")
def test_it_is_the_installed_package_that_is_tested() -> None:
    assert "site-packages" in Path(openapiopenai.__file__).parts


def test_every_model_and_exception_is_at_the_top() -> None:
    public_errors = {
        name
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, Exception) and not name.startswith("_")
    }
    assert models().keys() | public_errors <= set(openapiopenai.__all__)
    assert models().keys() == set(openapiopenai.models.__all__)


@pytest.mark.parametrize("module", [openapiopenai, openapiopenai.models])
def test_names_are_listed_and_others_are_refused_by_name(module: ModuleType) -> None:
    assert set(module.__all__) <= set(dir(module))
    with pytest.raises(AttributeError, match=rf"'{module.__name__}' has no attribute 'Nothing'"):
        _ = module.Nothing


def test_a_star_import_gives_exactly_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from openapiopenai import *", names)
    assert names.keys() - {"__builtins__"} == set(openapiopenai.__all__)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        *((home, name) for name, home in models().items()),
        *(("openapiopenai.models", name) for name in models()),
        *(("openapiopenai.exceptions", name) for name in dir(exceptions) if name[:3] == "Api"),
        ("openapiopenai.api", "AudioApi"),
        ("openapiopenai.api.audio_api", "AudioApi"),
        ("openapiopenai.api_client", "ApiClient"),
        ("openapiopenai.api_response", "ApiResponse"),
        ("openapiopenai.configuration", "Configuration"),
        ("openapiopenai.rest", "ApiException"),
        ("openapiopenai.rest", "RESTClientObject"),
    ],
)
def test_names_come_from_their_published_modules_too(module: str, name: str) -> None:
    found = getattr(importlib.import_module(module), name)
    assert found is getattr(openapiopenai, name, found)
    assert found.__name__ == name


def test_the_api_package_has_no_other_names() -> None:
    package = importlib.import_module("openapiopenai.api")
    with pytest.raises(AttributeError, match="ChatClient"):
        _ = package.ChatClient
    with pytest.raises(ImportError, match="ChatApi"):
        _ = package.ChatApi


def test_the_version_is_the_one_that_servers_are_told() -> None:
    major, minor, patch = openapiopenai.__version__.split(".")
    assert (major + minor + patch).isdigit()
    assert f"openapiopenai/{openapiopenai.__version__} " in ApiClient(Configuration()).user_agent


# -- signatures -----------------------------------------------------------------------------


def test_there_are_these_eleven_methods_and_no_other() -> None:
    public = [name for name in dir(AudioApi) if not name.startswith("_")]
    assert sorted(public) == sorted(RETURNS)


@all_methods
def test_parameters_stand_in_the_published_order(name: str) -> None:
    operation = operation_of(name)
    signature = inspect.signature(getattr(AudioApi, name))
    published = ["self", *PUBLISHED[operation], *POSITIONAL_OPTIONS]
    added = [*ADDED.get(operation, ()), *KEYWORD_OPTIONS]
    assert list(signature.parameters) == [*published, *added]
    for parameter in signature.parameters.values():
        by_keyword = parameter.name in added
        assert parameter.kind == (
            parameter.KEYWORD_ONLY if by_keyword else parameter.POSITIONAL_OR_KEYWORD
        )
    given = list(signature.parameters.values())[1:]
    required = [parameter for parameter in given if parameter.default is parameter.empty]
    assert required == given[: REQUIRED[operation]]
    optional = {p.name: p.default for p in given if p not in required}
    assert {key for key, default in optional.items() if default is not None} == {"_host_index"}


@all_methods
def test_a_bound_method_shows_no_self(name: str, api: AudioApi) -> None:
    bound = inspect.signature(getattr(api, name))
    assert set(bound.parameters) == {*PARAMETERS[operation_of(name)], *OPTIONS}


@all_methods
def test_the_return_type_is_told_to_whoever_asks(name: str) -> None:
    method = getattr(AudioApi, name)
    expected = RETURNS[name]
    assert inspect.signature(method).return_annotation == expected
    hints = get_type_hints(method)
    assert hints["return"] == expected
    assert hints.keys() == {*PARAMETERS[operation_of(name)], *OPTIONS, "return"}


@all_methods
def test_names_and_help_are_those_of_a_written_method(name: str) -> None:
    method = getattr(AudioApi, name)
    assert method.__name__ == name
    assert method.__qualname__ == f"AudioApi.{name}"
    assert method.__module__ == "openapiopenai.api.audio_api"
    text = pydoc.render_doc(method, renderer=pydoc.plaintext)
    assert f"{name}(" in text.replace("\n", "")
    for parameter in PARAMETERS[operation_of(name)]:
        assert f":param {parameter}:" in text


@all_methods
def test_derived_methods_say_what_they_give_instead(name: str) -> None:
    first = (getattr(AudioApi, name).__doc__ or "").splitlines()[0]
    operation = operation_of(name)
    described = (getattr(AudioApi, operation).__doc__ or "").splitlines()[0]
    derived = name != operation
    assert first.startswith(f"Like :meth:`{operation}`, but returns " if derived else described)
    assert first.endswith(".")


def test_shared_types_have_names_in_the_help_of_the_class() -> None:
    text = pydoc.render_doc(AudioApi, renderer=pydoc.plaintext)
    for alias in ("AudioFile", "RequestTimeout", "RequestAuth", "ExtraFields", "ResponseFormat"):
        assert alias in text
    for option in OPTIONS:
        assert f"``{option}``" in text


def test_the_response_type_knows_what_it_holds() -> None:
    hint = RETURNS["create_translation_with_http_info"]
    assert get_origin(hint) is ApiResponse
    assert get_args(hint) == (CreateTranslation200Response,)


# -- calling --------------------------------------------------------------------------------


@all_methods
def test_an_autospec_refuses_what_the_method_refuses(name: str) -> None:
    double = mock.create_autospec(AudioApi, instance=True, spec_set=True)
    getattr(double, name)(*arguments_of(name), _request_timeout=1)
    with pytest.raises(TypeError):
        getattr(double, name)()
    with pytest.raises(TypeError):
        getattr(double, name)(*arguments_of(name), no_such_parameter=1)


@all_methods
def test_unknown_and_missing_arguments_are_refused_by_name(
    name: str, api: AudioApi, recording: RecordingServer
) -> None:
    with pytest.raises(TypeError, match="no_such_parameter"):
        getattr(api, name)(*arguments_of(name), no_such_parameter=1)
    with pytest.raises(TypeError, match=PARAMETERS[operation_of(name)][0]):
        getattr(api, name)()
    assert recording.requests == []


@all_methods
def test_every_method_gives_the_type_it_promises(
    name: str, api: AudioApi, recording: RecordingServer
) -> None:
    if operation_of(name) == "create_speech":
        recording.answers_always(body=b"ID3 audio", headers={"Content-Type": "audio/mpeg"})
    given = getattr(api, name)(*arguments_of(name))
    assert isinstance(given, get_origin(RETURNS[name]) or RETURNS[name])
    assert [request.method for request in recording.requests] == ["POST"]
    if isinstance(given, (SpeechStream, TranscriptionStream, urllib3.HTTPResponse)):
        given.close()


def test_a_method_can_be_taken_of_the_class(api: AudioApi) -> None:
    assert AudioApi.create_transcription(api, WAV, "whisper-1").text == "hello"


def test_a_method_can_be_overridden_and_still_be_reached(
    recording: RecordingServer,
) -> None:
    class Shouting(AudioApi):
        def create_transcription(self, *args: Any, **kwargs: Any) -> Any:
            return super().create_transcription(*args, **kwargs).text.upper()

    with ApiClient(Configuration(host=recording.host)) as client:
        assert Shouting(client).create_transcription(WAV, model="whisper-1") == "HELLO"
        assert Shouting(client).create_translation(WAV, "whisper-1").text == "hello"


def test_an_unread_answer_is_given_whatever_its_status(
    api: AudioApi, recording: RecordingServer
) -> None:
    for call in (
        lambda: api.create_speech_without_preload_content(SPEECH),
        lambda: api.create_transcription_without_preload_content(WAV, "whisper-1"),
        lambda: api.create_translation_without_preload_content(WAV, "whisper-1"),
    ):
        recording.answer(404, {"error": {"message": "no such model"}})
        response = call()
        assert response.status == 404
        assert response.json() == {"error": {"message": "no such model"}}


# -- descriptions ---------------------------------------------------------------------------


def described(name: str, *args: Any, **kwargs: Any) -> Any:
    """Describe a call, as the source of the method does: nothing is sent."""
    return getattr(AudioApi, name).__wrapped__(None, *args, **kwargs)


def test_a_call_is_described_without_a_socket() -> None:
    request = described("create_speech", SPEECH, 5, _headers={"X-One": "1"})
    assert request.path == "/audio/speech"
    assert (request.options.timeout, request.options.headers) == (5, {"X-One": "1"})
    assert request.fields() == SPEECH
    assert request.read(b"ID3 audio", {}) == bytearray(b"ID3 audio")


def test_a_description_has_the_fields_of_its_form_and_those_beside_it() -> None:
    request = described("create_transcription", WAV, "w", _extra_fields={"diarize": True})
    fields = {name: value for name, value in request.fields().items() if value is not None}
    assert fields.keys() == {"file", "model", "diarize"}
    assert fields["file"].name == "audio.wav"
    streamed = request.adding("text/event-stream", stream=True)
    assert streamed.fields()["stream"] is True
    assert streamed.accept == "text/event-stream"
    assert "stream" not in request.fields()


def test_extra_fields_win_over_documented_ones() -> None:
    request = described("create_speech", SPEECH, _extra_fields={"voice": "af_heart"})
    assert request.fields()["voice"] == "af_heart"


def test_the_description_of_a_translation_reads_its_format() -> None:
    request = described("create_translation", WAV, "whisper-1", None, "text")
    assert request.read(b"Good day.\n", {}).actual_instance == "Good day.\n"


def test_a_description_checks_what_it_is_given() -> None:
    with pytest.raises(ApiTypeError, match="NoneType"):
        described("create_speech", None)


# -- the shared client ----------------------------------------------------------------------


@pytest.mark.usefixtures("no_defaults")
def test_without_a_client_the_shared_one_is_used(recording: RecordingServer) -> None:
    with ApiClient(Configuration(host=recording.host)) as client:
        ApiClient.set_default(client)
        assert AudioApi().api_client is client
        assert AudioApi(None).create_transcription(WAV, "whisper-1").text == "hello"


@pytest.mark.usefixtures("no_defaults")
def test_the_shared_client_is_made_once() -> None:
    assert AudioApi().api_client is ApiClient.get_default()
    assert ApiClient.get_default() is ApiClient.get_default()
