"""Names that the prose of the documents uses are names of the package."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import TYPE_CHECKING

import pytest

import openapiopenai
from docs.pages import ROOT, pages, prose
from openapiopenai import ApiClient, AudioApi, Configuration

if TYPE_CHECKING:
    from pathlib import Path

#: A code span that calls something with keywords -> what it calls.
CALLED = {"Configuration": Configuration, "ApiClient": ApiClient}


def spans(page: Path) -> list[str]:
    """Return what a page has in code, outside of blocks."""
    return re.findall(r"`([^`\n]+)`", prose(page))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_names_in_the_prose_exist(page: Path) -> None:
    shown = " ".join(spans(page))
    exceptions = set(re.findall(r"\b\w+Exception\b", shown))
    methods = set(
        re.findall(r"\bcreate_(?:speech|transcription|translation)(?!_request)\w*", shown)
    )
    per_call = set(re.findall(r"(?<!\w)(_[a-z_]+)(?==)", shown))
    assert exceptions <= set(openapiopenai.__all__)
    assert methods <= set(dir(AudioApi))
    assert per_call <= set(inspect.signature(AudioApi.create_speech).parameters)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_keywords_in_the_prose_exist(page: Path) -> None:
    for span in spans(page):
        called, _, arguments = span.partition("(")
        if called in CALLED:
            keywords = set(
                re.findall(r"(?<![\w?-])([a-z_]+)=(?!=)", re.sub(r'"[^"]*"', "", arguments))
            )
            assert keywords <= set(inspect.signature(CALLED[called]).parameters)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_dotted_names_in_the_prose_exist(page: Path) -> None:
    if page.name == "migration.md":
        return  # it names what is gone
    for name in re.findall(r"`(openapiopenai(?:\.\w+)+)", prose(page)):
        module, _, attribute = name.rpartition(".")
        found = importlib.import_module(module)
        assert hasattr(found, attribute) or importlib.import_module(name)


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == openapiopenai.__version__
