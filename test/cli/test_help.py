"""The help fits on a screen, and needs nothing that takes time to load."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cli.command import PACKAGE, Command

import openapiopenai

if TYPE_CHECKING:
    from pathlib import Path

HELP = [[], ["transcribe"], ["translate"], ["speak"]]


@pytest.fixture
def plain(tmp_path: Path) -> Command:
    """The command without a key."""
    return Command(tmp_path)


def test_an_error_names_the_command_that_has_help(plain: Command) -> None:
    done = plain("speak", "--speed", "fast")
    assert done.errors.startswith("openapiopenai speak: error: argument --speed: ")
    assert done.errors.endswith(" (see openapiopenai speak --help)\n")


@pytest.mark.parametrize("words", HELP)
def test_help_fits_on_a_screen(words: list[str], plain: Command) -> None:
    done = plain(*words, "--help")
    assert done.status == 0
    assert done.errors == ""
    assert len(done.output.splitlines()) <= 40
    assert max(map(len, done.output.splitlines())) <= 80


def test_help_names_every_command(plain: Command) -> None:
    shown = plain("--help").output
    for name in ("transcribe", "translate", "speak", "serve"):
        assert f"  {name} " in shown


def test_version_is_that_of_the_package(plain: Command) -> None:
    assert plain("--version").output == f"openapiopenai {openapiopenai.__version__}\n"


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["transcribe", "--help"]])
def test_help_and_version_load_no_other_package(words: list[str]) -> None:
    script = (
        f"import sys; sys.path.insert(0, {PACKAGE!r})\n"
        "from openapiopenai.cli import main\n"
        f"try: main({words!r})\n"
        "except SystemExit: pass\n"
        "sys.exit(' '.join({'pydantic', 'urllib3', 'tqdm', 'ssl'} & set(sys.modules)) or 0)\n"
    )
    subprocess.run([sys.executable, "-I", "-c", script], check=True, timeout=60)
