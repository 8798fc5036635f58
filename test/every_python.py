"""Run the tests on every CPython that the project supports and this machine has.

tox by itself finds only what is on the PATH; version managers keep the others in folders of their
own. The newest runs everything and measures what it covers. The older ones run ``quick``: without
the tests of the documents and of the local server itself, which take two thirds of the time and
depend on the interpreter the least. ``tox -e py310`` runs all of them there too.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SUPPORTED = ("3.10", "3.11", "3.12", "3.13")

#: Where version managers keep their interpreters, below the folder that a variable names.
_MANAGERS = (
    ("PYENV_ROOT", "~/.pyenv", "versions/{}*/bin/python"),
    ("UV_PYTHON_INSTALL_DIR", "~/.local/share/uv/python", "cpython-{}*/bin/python3"),
    ("MISE_DATA_DIR", "~/.local/share/mise", "installs/python/{}*/bin/python"),
)

_ASKED = "import ssl, sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"


def candidates(version: str) -> list[str]:
    """Give the paths where a version may be, the likeliest first."""
    found = [sys.executable, shutil.which(f"python{version}")]
    for variable, default, pattern in _MANAGERS:
        home = Path(os.environ.get(variable) or default).expanduser()
        found += sorted(map(str, home.glob(pattern.format(version))), reverse=True)
    return [path for path in found if path]


def works(path: str, version: str) -> bool:
    """Tell whether a path is a whole CPython of a version; a version manager's shim may not be."""
    told = subprocess.run([path, "-c", _ASKED], capture_output=True, text=True, check=False)
    return told.stdout.split() == ["cpython", version]


def main() -> int:
    """Find the interpreters, say which there are, and run the tests; give the exit status."""
    found = {
        version: path
        for version in SUPPORTED
        if (path := next((p for p in candidates(version) if works(p, version)), None))
    }
    missing = ", ".join(version for version in SUPPORTED if version not in found) or "none"
    sys.stdout.write(f"CPython found: {', '.join(found)}; not found, so skipped: {missing}\n")
    sys.stdout.flush()
    if not found:
        return 1
    *older, newest = (f"py{version.replace('.', '')}" for version in found)
    names = ",".join([*(f"quick-{name}" for name in older), newest])
    command = [sys.executable, "-m", "tox", "run", "-e", names, "--discover", *found.values()]
    return subprocess.run([*command, "--", *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
