"""The generated pages are those that the code makes."""

from __future__ import annotations

import subprocess
import sys

from docs.pages import DOCS


def test_the_generated_pages_are_current() -> None:
    checked = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
