"""Write the Python of the documents to a folder, for type checkers: ``collect_blocks.py FOLDER``.

A file holds a block and those that continue it, on the lines where they stand on their page.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.pages import Block, chains

#: As readers check their own code; what other libraries lack is not ours to mend.
_PYRIGHT = {
    "typeCheckingMode": "standard",
    "reportMissingImports": False,
    "reportMissingModuleSource": False,
}


def code_of(chain: list[Block]) -> str:
    """Return the code of blocks, each on the lines where it stands on the page."""
    lines: list[str] = []
    for block in chain:
        lines += [""] * (block.line - 1 - len(lines)) + block.code.splitlines()
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    """Write the files, and pyright's settings beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.py"):
        file.unlink()
    for chain in chains():
        name = f"{chain[0].page.stem}_{chain[0].line}".replace("-", "_")
        (folder / f"{name}.py").write_text(code_of(chain), encoding="utf-8")
    (folder / "pyrightconfig.json").write_text(json.dumps(_PYRIGHT), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
