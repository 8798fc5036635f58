"""What an import loads: nothing before it is named, and nothing that a call can do without."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import openapiopenai
from openapiopenai.models.base import Model

if TYPE_CHECKING:
    from wire import RecordingServer

HERE = str(Path(openapiopenai.__file__).parents[1])
TELL = "import json, sys; print(json.dumps(sorted(sys.modules)))"

#: Tells which models have a validator: building one costs more than defining the class.
TELL_BUILT = """
import json
from openapiopenai.models.base import Model

def below(kind):
    for inner in kind.__subclasses__():
        yield inner
        yield from below(inner)

print(json.dumps(sorted(kind.__name__ for kind in below(Model) if kind.__pydantic_complete__)))
"""

#: All that the top of the package may use before a name of it is asked for.
FROM_THE_START = "import __future__; from typing import TYPE_CHECKING"
SLOW = {"urllib3", "pydantic", "pydantic_core", "dateutil"}
#: What some calls need, and others do without.
ON_DEMAND = {
    "openapiopenai._response.deserialize",
    "openapiopenai._response.sse",
    "openapiopenai._response.audio",
    "openapiopenai._response.events",
    "openapiopenai._response.saving",
    "openapiopenai._response.readers",
    "openapiopenai._transport.tls",
    "openapiopenai.subtitles",
}
WINGS = {"_cli", "_files", "_request", "_response", "_settings", "_transport"}
#: What no call needs unless it is asked for by name, in an extra for example.
OPTIONAL = {"dateutil", "openapiopenai.local", "openapiopenai._transport.socks", "socks"}


DEFERS = pytest.mark.skipif(
    not Model.model_config["defer_build"], reason="this pydantic cannot build models in threads"
)


def told_by(source: str) -> Any:
    """Run a script in an interpreter of its own, and give the JSON that it prints."""
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {HERE!r})\n{source}"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    return json.loads(done.stdout)


@cache
def loaded(statement: str) -> set[str]:
    """Run a statement in an interpreter of its own, and give the modules it leaves loaded."""
    return set(told_by(f"{statement}; {TELL}"))


def added(statement: str) -> set[str]:
    return loaded(statement) - loaded("pass")


def test_the_import_itself_loads_next_to_nothing() -> None:
    new = added("import openapiopenai")
    assert "openapiopenai" in new
    assert new - added(FROM_THE_START) == {"openapiopenai"}


def test_settings_load_nothing_that_only_a_mistake_needs() -> None:
    assert "difflib" not in added("import openapiopenai; openapiopenai.Configuration()")


def test_listing_the_names_loads_none_of_them() -> None:
    listing = "import openapiopenai; dir(openapiopenai); openapiopenai.__version__"
    assert added(listing) == added("import openapiopenai")


@pytest.mark.parametrize(
    "statement",
    [
        "from openapiopenai import ApiException",
        "from openapiopenai import Configuration",
        "import openapiopenai.exceptions",
        "import openapiopenai.models",
        "import openapiopenai.api",
        "import openapiopenai.subtitles",
    ],
)
def test_settings_and_errors_need_no_other_package(statement: str) -> None:
    assert not added(statement) & SLOW


def test_a_model_needs_no_network() -> None:
    new = added("from openapiopenai import CreateSpeechRequest")
    assert "pydantic" in new
    assert not new & {"urllib3", "ssl", "dateutil", "openapiopenai.rest"}


@pytest.mark.parametrize("name", ["AudioApi", "ApiClient", "SpeechStream", "RetryPolicy"])
def test_the_client_leaves_out_what_few_calls_need(name: str) -> None:
    new = added(f"from openapiopenai import {name}")
    assert not new & (ON_DEMAND | OPTIONAL)
    assert not [module for module in new if module.startswith("openapiopenai.local")]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("Configuration", 12),
        ("ApiException", 4),
        ("VadConfig", 4),
        ("ApiClient", 42),
        ("AudioApi", 79),
    ],
)
def test_a_name_loads_no_more_rooms_than_it_needs(name: str, most: int) -> None:
    """A count is stable where a time is not; raise it only for what every call needs."""
    new = {room for room in added(f"from openapiopenai import {name}") if "openapiopenai" in room}
    rooms = {room for room in new if room.rpartition(".")[2] not in WINGS}  # which hold a docstring
    assert len(rooms) <= most, sorted(rooms)


@DEFERS
def test_naming_the_client_builds_no_model() -> None:
    assert told_by(f"from openapiopenai import AudioApi{TELL_BUILT}") == []


@DEFERS
def test_a_call_builds_the_models_that_it_uses_and_no_others(recording: RecordingServer) -> None:
    call = f"""
from openapiopenai import ApiClient, AudioApi, Configuration
with ApiClient(Configuration({recording.host!r}, access_token="sk-test")) as client:
    AudioApi(client).create_transcription(b"RIFF", "whisper-1")
"""
    used = ["CreateTranscriptionRequest", "CreateTranscriptionResponseJson"]
    assert told_by(call + TELL_BUILT) == used


def test_a_star_import_leaves_out_the_local_server() -> None:
    new = added("from openapiopenai import *")
    assert {"openapiopenai.api.audio_api", "openapiopenai.streaming"} <= new
    assert not new & (ON_DEMAND | OPTIONAL)


def test_every_module_can_be_imported_first() -> None:
    """No module needs another to have been imported before it, as a circle of imports would."""
    star = loaded("from openapiopenai import *")
    names = sorted(ON_DEMAND | {name for name in star if "openapiopenai" in name})
    assert len(names) > 40
    each = (
        f"import importlib\nfor name in {names!r}:\n"
        "    for old in [old for old in sys.modules if old.startswith('openapiopenai')]:\n"
        "        del sys.modules[old]\n"
        "    importlib.import_module(name)\n"
        "    assert name in sys.modules\n"
    )
    assert "openapiopenai" in loaded(f"exec({each!r})")


def test_the_docstring_of_the_package_names_every_private_package() -> None:
    wings = {path.name for path in Path(HERE, "openapiopenai").glob("_[a-z]*/")}
    assert wings == WINGS
    assert {wing for wing in wings if f"{wing}/" not in str(openapiopenai.__doc__)} == set()
