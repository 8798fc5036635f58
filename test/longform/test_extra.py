"""The extra is loaded when it is used, and an error names it when it is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> str:
    """Return what a Python of its own prints."""
    prelude = f"import sys; sys.path[:] = {sys.path!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", prelude + code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["av", "sentencex"])
def test_without_the_extra_an_import_error_names_it(module: str) -> None:
    told = run(
        f"sys.modules[{module!r}] = None\n"
        "try:\n    import openapiopenai.longform\nexcept ImportError as error:\n    print(error)"
    )
    assert module in told
    assert 'pip install "openapiopenai[longform]"' in told


def test_the_client_does_not_load_it() -> None:
    told = run(
        "import openapiopenai\nopenapiopenai.AudioApi(openapiopenai.ApiClient())\n"
        "print([name for name in sys.modules if 'longform' in name or name in ('av', 'sentencex')])"
    )
    assert told == "[]"
