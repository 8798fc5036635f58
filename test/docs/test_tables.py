"""The tables in the documents agree with the code, in both directions."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from typing_extensions import is_typeddict

import openapiopenai
from docs.pages import DOCS, ROOT, names, section, tables
from openapiopenai import AudioApi, exceptions
from openapiopenai._files import formats
from openapiopenai._files.upload import Upload
from openapiopenai.local import LocalServer
from openapiopenai.models.base import Model

API = DOCS / "AudioApi.md"
ERRORS = DOCS / "errors-and-retries.md"
METHODS = [name for name in vars(AudioApi) if name.startswith("create_")]
MODELS = [
    name
    for name in openapiopenai.__all__
    if getattr(getattr(openapiopenai, name), "__module__", "").startswith("openapiopenai.models.")
    and not is_typeddict(getattr(openapiopenai, name))
]
OPERATIONS = ("create_speech", "create_transcription", "create_translation")


def first_column(page: Any, heading: str, number: int = 0) -> list[str]:
    """Return the names in the first column of a table under a heading."""
    return [name for row in tables(section(page, heading))[number] for name in names(row[0])]


def test_all_methods_are_listed() -> None:
    assert first_column(API, "openapiopenai.AudioApi") == METHODS
    assert first_column(ROOT / "README.md", "Documentation for API Endpoints") == METHODS


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_method_s_parameters_are_those_of_its_signature(name: str) -> None:
    own = first_column(API, f"**{name}**")
    shared = first_column(API, "Parameters of every call")
    parameters = list(inspect.signature(getattr(AudioApi, name)).parameters)
    assert own == [each for each in parameters[1:] if not each.startswith("_")]
    assert shared == [each for each in parameters[1:] if each.startswith("_")]


@pytest.mark.parametrize("name", METHODS)
def test_a_method_s_section_names_what_it_gives(name: str) -> None:
    kind = inspect.signature(getattr(AudioApi, name)).return_annotation
    shown = re.sub(r"(?:\w+\.)+", "", str(kind) if "[" in str(kind) else kind.__name__)
    assert section(API, f"**{name}**").startswith(f"> {shown} {name}(")


@pytest.mark.parametrize("name", MODELS)
def test_a_model_s_page_has_its_properties(name: str) -> None:
    kind = getattr(openapiopenai, name)
    fields = getattr(kind, "model_fields", None)
    if fields is None:
        assert first_column(DOCS / f"{name}.md", "Values") == list(kind.__members__)
    else:
        computed = [
            key
            for base in reversed(kind.__mro__)
            if issubclass(base, Model)
            for key, value in vars(base).items()
            if isinstance(value, property)
        ]
        assert first_column(DOCS / f"{name}.md", "Properties") == [*fields, *computed]


def test_all_models_are_listed_and_have_a_page() -> None:
    listed = re.findall(
        r"^ - \[(\w+)\]\(docs/\1\.md\)",
        section(ROOT / "README.md", "Documentation For Models"),
        re.MULTILINE,
    )
    assert listed == MODELS


def test_all_exceptions_are_listed_with_their_status() -> None:
    rows = tables(section(ERRORS, "Exceptions"))[0]
    listed = {names(row[0])[0]: row[1] for row in rows}
    public = {name for name, kind in vars(exceptions).items() if _is_public_error(kind, name)}
    assert set(listed) == public
    for status in range(400, 600):
        kind = exceptions.exception_class(status).__name__
        shown = {name for name, number in listed.items() if number == str(status)}
        shown = shown or {"ServiceException" if status >= 500 else "ApiException"}
        assert shown == {kind}


def test_exceptions_are_also_what_the_page_says() -> None:
    for row in tables(section(ERRORS, "Exceptions"))[0]:
        name, *others = names(row[0])
        bases = {base.__name__ for base in getattr(exceptions, name).__mro__}
        builtin = bases & {
            *("TypeError", "ValueError", "AttributeError", "KeyError"),
            *("ConnectionError", "TimeoutError"),
        }
        assert set(others) == builtin - ({"ConnectionError"} if "TimeoutError" in others else set())


def test_all_attributes_of_an_exception_are_listed() -> None:
    error = exceptions.ApiException(404, "Not Found")
    inherited = {*dir(Exception()), "add_note"}
    public = {name for name in dir(error) if not name.startswith("_")} - inherited
    assert set(first_column(ERRORS, "Exceptions", 1)) == public


def test_the_messages_that_are_explained_are_those_of_the_code() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "openapiopenai").rglob("*.py"))
    code = re.sub(r"\{[^{}\n]*\}", "...", " ".join(sources))
    of_python = ("unexpected keyword argument", "certificate verify failed")
    shown = [name for row in tables(section(ERRORS, "Messages"))[0] for name in names(row[0])]
    pieces = [piece.strip() for message in shown for piece in message.split("...")]
    assert [piece for piece in pieces if piece not in code and piece not in of_python] == []


@pytest.mark.parametrize("kind", [openapiopenai.SpeechStream, openapiopenai.TranscriptionStream])
def test_a_stream_s_attributes_are_listed(kind: type) -> None:
    listed = set(first_column(DOCS / "streaming.md", kind.__name__))
    ours = [owner for owner in kind.__mro__ if owner.__module__.startswith("openapiopenai")]
    names = {name for owner in ours for name in vars(owner) if not name.startswith("_")}
    assert listed == names - {"of"}


def test_all_environment_variables_are_listed() -> None:
    page = DOCS / "Configuration.md"
    listed = {*first_column(page, "Environment"), *first_column(page, "Environment", 1)}
    pattern = re.compile(r"\"((?:OPENAI|SSL)_[A-Z_]+|[A-Z]+_PROXY|[a-z]+_proxy)\"")
    sources = [
        path
        for path in (ROOT / "openapiopenai").rglob("*.py")
        if "local" not in path.relative_to(ROOT).parts
    ]
    read = {name for path in sources for name in pattern.findall(path.read_text(encoding="utf-8"))}
    of_openssl = {"SSL_CERT_FILE", "SSL_CERT_DIR"}
    assert listed - of_openssl == read - {"connection_from_proxy"}


def test_all_settings_are_listed() -> None:
    parameters = list(inspect.signature(openapiopenai.Configuration).parameters)
    assert first_column(DOCS / "Configuration.md", "Parameters") == parameters


def test_all_attributes_and_methods_of_a_configuration_are_listed() -> None:
    page = DOCS / "Configuration.md"
    configuration = openapiopenai.Configuration()
    parameters = set(inspect.signature(openapiopenai.Configuration).parameters)
    listed = {*first_column(page, "Further attributes"), *first_column(page, "Methods")}
    public = {name for name in dir(configuration) if not name.startswith("_")}
    assert listed - {"debug"} == public - parameters - {"address"}


def test_the_settings_of_the_local_server_are_listed_with_their_defaults() -> None:
    rows = tables(section(DOCS / "testing-offline.md", "In a test"))[0]
    listed = {names(row[0])[0]: names(row[1])[0] for row in rows}
    signature = inspect.signature(LocalServer).parameters.values()
    assert listed == {each.name: str(each.default) for each in signature}


def test_content_types_are_those_of_the_code() -> None:
    rows = tables(section(DOCS / "files.md", "Content types"))[0]
    listed = {extension: names(row[1])[0] for row in rows for extension in names(row[0])}
    assert listed == formats.CONTENT_TYPES


def test_magic_numbers_are_those_of_the_code() -> None:
    rows = [row for row in tables(section(DOCS / "files.md", "Names"))[1] if names(row[1])]
    assert [names(row[1])[0] for row in rows[:-1]] == [
        _shown(magic) for _, magic, _ in formats.MAGIC
    ]
    for offset, shown, name in rows:
        magic = names(shown)[0]
        head = bytes.fromhex(magic) if magic[2:3] == " " else magic.encode()
        recording = (bytes(int(offset)) + head).ljust(16, b"\0")
        assert Upload.of(recording).name == names(name)[0]


def test_names_are_sent_as_the_page_says() -> None:
    rows = tables(section(DOCS / "files.md", "Names"))[0]
    listed = {ending[1:]: names(row[1])[0][1:] for row in rows for ending in names(row[0])}
    assert listed == formats.SENT_AS


def _shown(magic: bytes) -> str:
    return (
        magic.decode()
        if magic.isascii() and magic.decode().isprintable()
        else magic.hex(" ").upper()
    )


def test_each_server_has_a_row_and_a_section() -> None:
    page = DOCS / "other-servers.md"
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    rows = tables(section(page, "Other servers"))[1]
    assert [re.sub(r"\[(.+?)\].*", r"\1", row[0]) for row in rows] == headings
    assert len(headings) == 12


def _is_public_error(kind: object, name: str) -> bool:
    is_error = isinstance(kind, type) and issubclass(kind, exceptions.OpenApiException)
    return is_error and not name.startswith("_")
