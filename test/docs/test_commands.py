"""What the documents tell a reader to type is there to be typed."""

from __future__ import annotations

import importlib.util
import itertools
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from typing import TYPE_CHECKING, Any

import pytest

from docs.pages import ROOT, all_blocks, pages, prose

if TYPE_CHECKING:
    from collections.abc import Iterable

EXTRAS = re.compile(r"^openapiopenai(?:\[([\w,]+)\])?$")
NUMBERED = re.compile(r"(quick-)?py3\d\d")

#: The first words of lines that are not ours to check, on pages about other programs.
OTHERS = {"echo", "export", "ffplay", "vllm", "whisper-server"}


def commands() -> Iterable[Any]:
    """Return the commands in shell blocks, and those that the prose names."""
    for block in all_blocks("sh", "shell", "bash", "console"):
        for line in filter(None, block.code.splitlines()):
            for command in re.split(r"&&|\|", line):
                yield pytest.param(shlex.split(command), id=f"{block}: {command.strip()}")
    for page in pages():
        for command in re.findall(
            r"`((?:tox -e|python -m|python docs/|pip install|openapiopenai) [^`]+)`", prose(page)
        ):
            yield pytest.param(shlex.split(command), id=f"{page.name}: {command}")


@pytest.mark.parametrize("command", list(commands()))
def test_a_command_names_what_exists(command: list[str]) -> None:
    words = [word for word in command if "=" not in word or word.startswith("-")]
    if words[0] in OTHERS:
        return
    assert words[0] in {"python3", "python", "pip", "tox", "openapiopenai"}
    if words[0].startswith("python"):
        words = words[2:] if words[1] == "-m" else words[1:]
    check = CHECKS.get(words[0], _check_file_or_module)
    check(words)


def _check_tox(words: list[str]) -> None:
    settings = ConfigParser(interpolation=None)
    settings.read(ROOT / "tox.ini")
    for option, value in itertools.pairwise(words):
        if option == "-e" and not NUMBERED.fullmatch(value):
            assert settings.has_section(f"testenv:{value}")


def _check_pip(words: list[str]) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = text.partition("[project.optional-dependencies]")[2]
    for found in filter(None, map(EXTRAS.match, words)):
        for extra in filter(None, (found[1] or "").split(",")):
            assert re.search(rf"^{extra} = \[", extras, re.MULTILINE)


def _check_openapiopenai(words: list[str]) -> None:
    script = "from openapiopenai.cli import main; main()"
    usage = [sys.executable, "-c", script, *words[1:2], "--help"]
    shown = subprocess.run(usage, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    options = [word.partition("=")[0] for word in words if re.match("--?[a-z]", word)]
    assert [option for option in options if not re.search(rf"{option}\b", shown)] == []


def _check_file_or_module(words: list[str]) -> None:
    if words[0].endswith(".py"):
        assert (ROOT / words[0]).is_file()
    else:
        assert importlib.util.find_spec(words[0]) is not None


CHECKS = {"tox": _check_tox, "pip": _check_pip, "openapiopenai": _check_openapiopenai}

#: What is claimed to have been measured: a number of times, per cent, milliseconds or megabytes.
FIGURE = re.compile(
    r"\b\d[\d.,]*\s?(?:times (?:faster|slower|more|less)|%|ms\b|µs\b|MB (?:more|less))"
)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_figure_names_the_command_that_measured_it(page: Any) -> None:
    sections = re.split(r"^#+ .*$", prose(page), flags=re.MULTILINE)
    unnamed = [
        figure[0]
        for text in sections
        if not re.search(r"`[^`]*(?:tox -e|python) [^`]+`", text)
        for figure in FIGURE.finditer(text)
    ]
    assert unnamed == []
