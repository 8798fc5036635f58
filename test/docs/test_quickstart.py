"""The quick start's output is readable, and its failures are."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from docs.pages import DOCS

if TYPE_CHECKING:
    from pathlib import Path


def run(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(filter(None, sys.path))
    return subprocess.run(
        [sys.executable, str(DOCS / "examples/quickstart.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=directory,
        env={**os.environ, "PYTHONPATH": paths, **environment},
    )


def test_steps_are_separated_by_a_single_blank_line(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "good morning and welcome to the show\n... took" in done.stdout
    assert "\n\n\n" not in done.stdout
    assert (tmp_path / "hello.mp3").stat().st_size > 5000


def test_a_missing_key_is_reported_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "--openai", OPENAI_API_KEY="")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "no API key: set OPENAI_API_KEY, or leave out --openai\n"
