"""``docs/openapi.yaml`` and the package agree, in both directions.

The description is compared with the models, the methods, the requests on the wire, the pages of
the documents and the local server.
"""

from __future__ import annotations

import inspect
import re
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import pytest
import yaml
from pydantic import ValidationError
from typing_extensions import TypeAliasType

import openapiopenai
from openapiopenai import (
    ApiClient,
    ApiValueError,
    AudioApi,
    Configuration,
    CreateSpeechRequest,
)
from openapiopenai._files.upload import UploadField
from openapiopenai.models.base import Model, RequestModel, Wrapper

if TYPE_CHECKING:
    from wire import RecordingServer

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
OURS: dict[str, Any] = yaml.safe_load((DOCS / "openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = OURS["components"]["schemas"]
OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    operation["post"]["operationId"]: (path, operation["post"])
    for path, operation in OURS["paths"].items()
}
WAV = ("a.wav", b"RIFF\x24\x00\x00\x00WAVE")

MODELS: dict[str, type[Model]] = {
    name: kind
    for name in openapiopenai.__all__
    if inspect.isclass(kind := getattr(openapiopenai, name)) and issubclass(kind, Model)
}
ENUMS: dict[str, type[Enum]] = {
    name: kind
    for name in openapiopenai.__all__
    if inspect.isclass(kind := getattr(openapiopenai, name)) and issubclass(kind, Enum)
}

#: What a model cannot be without when it is read; everything else a server may leave out.
READ_ONLY_WITH = {
    "CreateTranscriptionResponseJson": {"text"},
    "CreateTranscriptionResponseVerboseJson": {"text"},
    "CreateTranscriptionResponseDiarizedJson": {"text"},
    "CreateTranslationResponseJson": {"text"},
    "CreateTranslationResponseVerboseJson": {"text"},
    "TranscriptTextDeltaEvent": {"delta"},
    "TranscriptTextDoneEvent": {"text"},
    "SpeechAudioDeltaEvent": {"audio"},
    "ErrorResponse": {"error"},
}

#: Parameters of every call, which are no fields of it.
OF_EVERY_CALL = {
    "_request_timeout", "_request_auth", "_content_type", "_headers", "_host_index",
    "_retries", "_extra_fields",
}  # fmt: skip


# -- shapes: what schemas and types have in common ----------------------------------------------

LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


class Shape:
    """Types, known values, limits, fields and items of a value; alternatives are merged."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.known: set[str] = set()
        self.limits: dict[str, float] = {}
        self.fields: dict[str, Shape] = {}
        self.items: Shape | None = None

    def add(self, other: Shape) -> None:
        self.types |= other.types
        self.known |= other.known
        self.limits |= other.limits
        for name, field in other.fields.items():
            self.fields.setdefault(name, Shape()).add(field)
        if other.items:
            self.items = self.items or Shape()
            self.items.add(other.items)


def shape_of_schema(schema: dict[str, Any]) -> Shape:
    """Return the shape of a schema of the description."""
    shape = Shape()
    if "$ref" in schema:
        shape.add(shape_of_schema(resolve(schema["$ref"])))
    kinds = schema.get("type", [])
    shape.types |= {kinds} if isinstance(kinds, str) else set(kinds)
    shape.types -= {"null"}
    shape.known |= set(schema.get("enum", ()))
    shape.limits |= {name: schema[name] for name in LIMITS if name in schema}
    for name, field in schema.get("properties", {}).items():
        shape.fields[name] = shape_of_schema(field)
    if "items" in schema:
        shape.items = shape_of_schema(schema["items"])
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        shape.add(shape_of_schema(choice))
    return shape


def resolve(reference: str) -> dict[str, Any]:
    """Return what a reference inside the description refers to."""
    found: Any = OURS
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found  # type: ignore[no-any-return]


NAMES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def shape_of_type(kind: Any) -> Shape:
    """Return the shape of a type that annotates a field of a model."""
    shape = Shape()
    if isinstance(kind, TypeAliasType):
        return shape_of_type(kind.__value__)
    if get_origin(kind) is Annotated:
        shape = shape_of_type(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for choice in get_args(kind):
            shape.add(shape_of_type(choice))
    elif get_origin(kind) is Literal:
        shape.types, shape.known = {"string"}, set(get_args(kind))
    elif get_origin(kind) is list:
        shape.types, shape.items = {"array"}, shape_of_type(get_args(kind)[0])
    elif inspect.isclass(kind) and issubclass(kind, Enum):
        shape.types, shape.known = {"string"}, {member.value for member in kind}
    elif inspect.isclass(kind) and issubclass(kind, Model):
        return shape_of_model(kind)
    elif kind in NAMES:
        shape.types = {NAMES[kind]}
    return shape


PYDANTIC_LIMITS = {"ge": "minimum", "le": "maximum", "min_length": "min", "max_length": "max"}


def shape_of_model(model: type[Model]) -> Shape:
    """Return the shape of a model; that of a wrapper is what it wraps."""
    shape = Shape()
    if issubclass(model, Wrapper):
        return shape_of_field(model.model_fields["actual_instance"], "actual_instance")
    shape.types = {"object"}
    for name, field in model.model_fields.items():
        shape.fields[name] = shape_of_field(field, name)
    return shape


def shape_of_field(field: Any, name: str) -> Shape:
    shape = Shape()
    if name == "file" and field.annotation in (UploadField, get_args(UploadField)[:1]):
        shape.types = {"string"}
        return shape
    shape.add(shape_of_type(field.annotation))
    if name == "file":
        shape.types = {"string"}  # its bytes
    ending = "Items" if "array" in shape.types else "Length"
    for limit in field.metadata:
        for theirs, ours in PYDANTIC_LIMITS.items():
            value = getattr(limit, theirs, None)
            if value is not None:
                shape.limits[ours + ending if ours in ("min", "max") else ours] = value
    return shape


def differences(one: Shape, other: Shape, path: str) -> set[str]:
    """Return where two shapes differ: ``-`` is only in the first, ``+`` only in the second."""
    found = set()
    pairs = {"type": (one.types, other.types), "value": (one.known, other.known)}
    pairs["limit"] = (set(one.limits.items()), set(other.limits.items()))  # type: ignore[assignment]
    pairs["field"] = (set(one.fields), set(other.fields))
    for what, (left, right) in pairs.items():
        found |= {f"{path}: -{what} {_words(value)}" for value in left - right}
        found |= {f"{path}: +{what} {_words(value)}" for value in right - left}
    for name in one.fields.keys() & other.fields.keys():
        found |= differences(one.fields[name], other.fields[name], f"{path}.{name}")
    if one.items and other.items:
        found |= differences(one.items, other.items, f"{path}[]")
    return found


def _words(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


# -- the models ---------------------------------------------------------------------------------


def test_every_schema_has_a_model_and_every_model_a_schema() -> None:
    assert set(SCHEMAS) == MODELS.keys() | ENUMS.keys()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_the_fields_types_values_and_limits_that_are_described(name: str) -> None:
    described = shape_of_schema(SCHEMAS[name])
    assert differences(described, shape_of_model(MODELS[name]), name) == set()


@pytest.mark.parametrize("name", ENUMS)
def test_an_enumeration_has_the_values_that_are_described(name: str) -> None:
    assert [member.value for member in ENUMS[name]] == SCHEMAS[name]["enum"]


@pytest.mark.parametrize("name", MODELS)
def test_a_request_requires_what_is_described_and_an_answer_as_little_as_it_can(name: str) -> None:
    described = set(SCHEMAS[name].get("required", ()))
    fields = {} if _wraps(name) else MODELS[name].model_fields
    requires = {field for field, info in fields.items() if info.is_required()}
    if issubclass(MODELS[name], RequestModel):
        assert requires == described
    else:
        assert requires == READ_ONLY_WITH.get(name, set())
        assert requires <= described


def _wraps(name: str) -> bool:
    return issubclass(MODELS[name], Wrapper)


DEFAULTS = [
    (name, field, schema["default"])
    for name in ("CreateSpeechRequest", "VadConfig")
    for field, schema in SCHEMAS[name]["properties"].items()
    if "default" in schema
]


@pytest.mark.parametrize(("name", "field", "default"), DEFAULTS)
def test_a_default_is_the_one_that_is_described(name: str, field: str, default: Any) -> None:
    assert MODELS[name].model_fields[field].default == default


SPEECH = {"model": "tts-1", "input": "Hi", "voice": "alloy"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"input": ""},
        {"input": "a" * 4097},
        {"instructions": "a" * 4097},
        {"speed": 0.2},
        {"speed": 4.1},
        {"model": None},
    ],
)
def test_a_limit_that_is_described_is_kept(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CreateSpeechRequest(**{**SPEECH, **wrong})
    assert CreateSpeechRequest(**{**SPEECH, "input": "a" * 4096, "speed": 4})


@pytest.mark.parametrize("field", ["known_speaker_names", "known_speaker_references"])
def test_at_most_four_speakers_are_introduced(field: str) -> None:
    api = AudioApi(ApiClient(Configuration(host="http://127.0.0.1:9")))
    with pytest.raises(ApiValueError, match="at most 4"):
        api.create_transcription(WAV, "whisper-1", **{field: ["a"] * 5})


# -- the methods, and what they send ------------------------------------------------------------


def test_every_operation_has_a_method_and_every_method_an_operation() -> None:
    suffixes = r"_with_http_info|_without_preload_content|_streaming"
    methods = {re.sub(f"({suffixes})$", "", name) for name in vars(AudioApi) if name[0] != "_"}
    assert methods == OPERATIONS.keys()
    for name in OPERATIONS:
        assert hasattr(AudioApi, f"{name}_with_http_info")
        assert hasattr(AudioApi, f"{name}_without_preload_content")
        assert hasattr(AudioApi, f"{name}_streaming") == (name != "create_translation")


def body_schema(name: str) -> dict[str, Any]:
    content = OPERATIONS[name][1]["requestBody"]["content"]
    (media,) = content.values()
    return resolve(media["schema"]["$ref"])


@pytest.mark.parametrize("name", ["create_transcription", "create_translation"])
def test_a_method_has_a_parameter_for_each_field(name: str) -> None:
    schema = body_schema(name)
    parameters = inspect.signature(getattr(AudioApi, name)).parameters
    fields = set(parameters) - OF_EVERY_CALL - {"self"}
    assert fields == set(schema["properties"]) - {"stream"}  # which is what _streaming is for
    required = {name for name in fields if parameters[name].default is inspect.Parameter.empty}
    assert required == set(schema["required"])


@pytest.mark.parametrize("name", ["create_transcription", "create_translation"])
def test_a_parameter_knows_the_values_that_are_described(name: str) -> None:
    for parameter in inspect.signature(getattr(AudioApi, name)).parameters.values():
        described = body_schema(name)["properties"].get(parameter.name)
        if described is None or parameter.name == "file":
            continue
        wanted = shape_of_schema(described)
        found = shape_of_type(parameter.annotation)
        if parameter.name != "model" or name == "create_transcription":
            assert found.known >= wanted.known, parameter.name
        assert (found.items or Shape()).known == (wanted.items or Shape()).known, parameter.name


EVERY_FIELD: dict[str, Any] = {
    "language": "en",
    "prompt": "p",
    "response_format": "json",
    "temperature": 0.5,
    "timestamp_granularities": ["word"],
    "include": ["logprobs"],
    "languages": ["en"],
    "keywords": ["k"],
    "chunking_strategy": {"type": "server_vad"},
    "known_speaker_names": ["n"],
    "known_speaker_references": ["data:audio/wav;base64,AA=="],
}


@pytest.mark.parametrize("name", ["create_transcription", "create_translation"])
def test_a_form_has_the_names_that_are_described(recording: RecordingServer, name: str) -> None:
    properties = body_schema(name)["properties"]
    given = {field: value for field, value in EVERY_FIELD.items() if field in properties}
    with ApiClient(Configuration(host=recording.host)) as client:
        getattr(AudioApi(client), name)(WAV, "whisper-1", **given)
    described = {schema.get("x-form-name", field) for field, schema in properties.items()}
    assert {part.name for part in recording.last.form} == described - {"stream"}
    assert recording.last.path == "/v1" + OPERATIONS[name][0]


def test_a_stream_is_asked_for_by_the_field_that_is_described(recording: RecordingServer) -> None:
    with ApiClient(Configuration(host=recording.host)) as client:
        list(AudioApi(client).create_transcription_streaming(WAV, "whisper-1"))
    assert "stream" in body_schema("create_transcription")["properties"]
    assert ("stream", "true") in [(part.name, part.text) for part in recording.last.form[1:]]


def test_speech_is_asked_for_in_the_fields_that_are_described(recording: RecordingServer) -> None:
    recording.answer(200, b"ID3", {"Content-Type": "audio/mpeg"})
    given = {"instructions": "i", "response_format": "mp3", "speed": 1, "stream_format": "audio"}
    with ApiClient(Configuration(host=recording.host)) as client:
        AudioApi(client).create_speech({**SPEECH, **given})
    assert set(recording.last.json) == set(body_schema("create_speech")["properties"])
    assert recording.last.path == "/v1" + OPERATIONS["create_speech"][0]


# -- the documents ------------------------------------------------------------------------------


def rows(page: Path, heading: str) -> dict[str, str]:
    """Return the rows of the first table under a heading, by the bold name in their first cell."""
    text = page.read_text(encoding="utf-8").partition(heading)[2]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    lines = table[0].splitlines() if table else []
    cells = (re.match(r"\| \*\*(\w+)\*\* (.*)", line) for line in lines)
    return {cell[1]: cell[2] for cell in cells if cell}


@pytest.mark.parametrize("name", [*MODELS, *ENUMS])
def test_every_schema_has_a_page(name: str) -> None:
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8").startswith(f"# {name}\n")


@pytest.mark.parametrize("name", [name for name in MODELS if not _wraps(name)])
def test_a_page_has_the_fields_and_values_that_are_described(name: str) -> None:
    properties = SCHEMAS[name]["properties"]
    found = rows(DOCS / f"{name}.md", "## Properties")
    assert set(found) == set(properties)
    for field, schema in properties.items():
        for value in shape_of_schema(schema).known:
            assert f"`{value}`" in found[field], (field, value)


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_page_of_the_api_has_the_operation_and_its_parameters(name: str) -> None:
    page = DOCS / "AudioApi.md"
    path, operation = OPERATIONS[name]
    text = page.read_text(encoding="utf-8")
    assert f"| **POST** {path} | {operation['summary']} |" in text
    parameters = set(rows(page, f"# **{name}**\n"))
    fields = set(body_schema(name)["properties"]) - {"stream"}
    assert parameters == ({"create_speech_request"} if name == "create_speech" else fields)


# -- the local server ---------------------------------------------------------------------------


def local(module: str) -> Any:
    """Return a module of the local server; skip the test where its extra is not installed."""
    pytest.importorskip("starlette", reason="the extra [local] is not installed")
    return pytest.importorskip(f"openapiopenai.local.{module}", exc_type=ImportError)


def test_the_local_server_has_the_voices_and_formats_that_are_described() -> None:
    asked = local("asked")
    described = shape_of_schema(SCHEMAS["CreateSpeechRequest"])
    assert set(asked.VOICES) == described.fields["voice"].known
    assert set(asked.FORMATS) == described.fields["response_format"].known
    assert described.fields["input"].limits["maxLength"] == asked.LONGEST_TEXT
    # it tells no speakers apart
    assert {*asked.TRANSCRIPT_FORMATS, "diarized_json"} == set(ENUMS["AudioResponseFormat"])


def test_the_local_server_reads_the_fields_that_are_described_and_no_others() -> None:
    asked = local("asked")
    source = inspect.getsource(asked)
    read = set(re.findall(r'"(\w+(?:\[\w*\])?)"', source))
    for name in OPERATIONS:
        for field, schema in body_schema(name)["properties"].items():
            assert {schema.get("x-form-name", field), field} & read, field
    named = set(re.findall(r'"(\w+\[\w*\])"', source))
    vad = {f"chunking_strategy[{name}]" for name in SCHEMAS["VadConfig"]["properties"]}
    lists = {
        schema["x-form-name"]
        for schema in body_schema("create_transcription")["properties"].values()
        if "x-form-name" in schema
    }
    assert named == vad | lists
