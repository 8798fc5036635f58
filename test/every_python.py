"""Run the tests on every CPython that the project supports and this machine has.

tox by itself finds only what is on the PATH; version managers keep the others in folders of their
own. Which versions were skipped is said at the end, with the figures of the tests at the very last.
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
    """Run tox for all that was found; give its exit status."""
    found = {
        version: path
        for version in SUPPORTED
        if (path := next((p for p in candidates(version) if works(p, version)), None))
    }
    names = ",".join(f"py{version.replace('.', '')}" for version in found)
    command = [sys.executable, "-m", "tox", "run", "-e", names, "--discover", *found.values()]
    status = subprocess.run([*command, "--", *sys.argv[1:]], check=False).returncode
    skipped = [version for version in SUPPORTED if version not in found]
    sys.stdout.write(
        f"tested on CPython {', '.join(found)}; skipped: {', '.join(skipped) or 'none'}\n"
    )
    return status


if __name__ == "__main__":
    sys.exit(main())
