"""An environment for each contender, created once and updated by each run."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Contender -> what pip installs for it.
_PEERS = {"official": "openai", "published": "openapiopenai==1.3.0"}

#: The distributions whose versions the table names.
_SHOWN = ("openapiopenai", "openai", "urllib3", "pydantic", "httpx2", "httpx")

_VERSIONS = """
import json
from importlib.metadata import distributions
print(json.dumps({d.name: d.version for d in distributions()}))
"""


class Environment(NamedTuple):
    """Where a contender is installed.

    :param python: its interpreter.
    :param versions: the versions that matter, by name.
    """

    python: str
    versions: dict[str, str]


def environments(folder: Path, package: str) -> dict[str, Environment]:
    """Create or update the environments.

    :param folder: where they are kept from one run to the next.
    :param package: what pip installs as this package: a checkout or a wheel.
    :return: contender -> environment. What is done by hand uses this package's own urllib3.
    """
    ours = _environment(folder / "ours", [package], fresh=True)
    peers = {name: _environment(folder / name, [wanted]) for name, wanted in _PEERS.items()}
    return {"ours": ours, "by_hand": ours, **peers}


def _environment(folder: Path, wanted: Iterable[str], *, fresh: bool = False) -> Environment:
    python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    if not folder.exists():
        venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--upgrade", *wanted], check=True)
    if fresh:  # a checkout changes without a new version
        subprocess.run([*install, "--no-deps", "--force-reinstall", *wanted], check=True)
    told = subprocess.run([python, "-c", _VERSIONS], check=True, capture_output=True, text=True)
    found = json.loads(told.stdout)
    return Environment(python, {name: found[name] for name in _SHOWN if name in found})
