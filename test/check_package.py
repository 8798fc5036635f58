"""Build what is uploaded, twice, and check it; ``--sizes`` measures an installation.

The wheel is built from the source distribution, so that it shows what that lacks. Two builds must
be the same to the last bit, and the wheel must hold the package and nothing else.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

_ROOT = Path(__file__).parents[1]

#: When the files in an archive claim to have been changed: any moment, as long as it is the same.
_MOMENT = {"SOURCE_DATE_EPOCH": "1767225600"}

_SOURCE_NEEDS = {"LICENSE", "README.md", "pyproject.toml", "openapiopenai/__init__.py", "PKG-INFO"}

_RELATIVE_LINK = re.compile(r"\]\((?!https://)[^)]*\)")


def build(target: Path) -> list[Path]:
    """Build the source distribution, and from it the wheel; return both, the wheel first."""
    command = [sys.executable, "-m", "build", "--installer", "pip", "-o", str(target), str(_ROOT)]
    environment = {**os.environ, **_MOMENT}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return [next(target.glob("*.whl")), next(target.glob("*.tar.gz"))]


def digest(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_wheel(wheel: Path) -> None:
    """Refuse a wheel that holds anything but the package and its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    strangers = [
        name
        for name in names
        if not name.startswith("openapiopenai/") and ".dist-info/" not in name
    ]
    require(not strangers, f"the wheel holds {strangers}")
    require("openapiopenai/py.typed" in names, "the wheel lacks py.typed")
    odd = [name for name in names if "__pycache__" in name]
    require(not odd, f"the wheel holds {odd}")


def check_description(wheel: Path) -> None:
    """Refuse a description with links that lead nowhere on PyPI, which shows it alone."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        relative = _RELATIVE_LINK.findall(archive.read(metadata).decode())
    require(not relative, f"the description has relative links: {relative}")


def check_sdist(sdist: Path) -> None:
    """Refuse a source distribution that lacks what it takes to build and test it."""
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    require(names >= _SOURCE_NEEDS, f"the source distribution lacks {_SOURCE_NEEDS - names}")


def require(condition: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like an assertion
    """End with a message where a condition does not hold."""
    if not condition:
        sys.exit(otherwise)


def size_of(requirement: str) -> tuple[int, int]:
    """Return the bytes and the number of distributions that a requirement installs."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=False)
        site = next(Path(folder).glob("lib*/python*/site-packages"), Path(folder, "Lib"))
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", "--target", str(site)]
        subprocess.run([*pip, requirement], check=True)
        files = [path for path in site.rglob("*") if path.is_file() and path.suffix != ".pyc"]
        distributions = list(site.glob("*.dist-info"))
        return sum(path.stat().st_size for path in files), len(distributions)


def main() -> None:
    """Build, check, and print the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", action="store_true", help="weigh it installed, beside openai")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archives = build(Path(folder, "first"))
        for archive, again in zip(archives, build(Path(folder, "second")), strict=True):
            require(digest(archive) == digest(again), f"two builds of {archive.name} differ")
            sys.stdout.write(f"{archive.name}: {archive.stat().st_size} bytes, {digest(archive)}\n")
        wheel, sdist = archives
        check_wheel(wheel)
        check_description(wheel)
        check_sdist(sdist)
        subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *archives], check=True)
        for requirement in (str(wheel), "openai") if arguments.sizes else ():
            size, count = size_of(requirement)
            name = Path(requirement).name.partition("-")[0]
            sys.stdout.write(f"{name}: {size / 1e6:.1f} MB in {count} distributions\n")


if __name__ == "__main__":
    main()
