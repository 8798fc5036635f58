"""Read the documents: their code, links, anchors and tables.

A comment before a block of code says how it is run; without one it runs alone, against the local
speech server, in a directory that has the recordings it names:

- ``<!-- continues -->``: with the names that the block before it left.
- ``<!-- recorded: POST /path -->``: against a recording server, which must see that request. Of
  each ``host="..."`` in it, scheme, name and port are replaced, and nothing else.
- ``<!-- pytest -->``: as a test module. ``<!-- pytest-recording -->``: twice, against the local
  server and then without a network, where pytest-recording is installed.
- ``<!-- script -->``: as a script, in a process of its own; ``<!-- script: ray, pyarrow -->`` where
  these modules are installed.
- ``<!-- shown only: reason -->``: not at all.
- ``<!-- run -->``, before shell commands: by a shell, where the recordings that they name are.
- ``<!-- prints -->``, before a block of text: what the block of Python before it prints; ``...``
  stands for anything. ``<!-- prints: command -->``: what a script or module prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(
    r"^(?:<!-- (?P<how>[^\n]*?) -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ANCHOR = re.compile(r'<a id="([^"]+)">')
_TABLE = re.compile(r"(?:^\|.*\|$\n?)+", re.MULTILINE)
_CELLS = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Block:
    """A block of code."""

    page: Path
    line: int  # of its first line of code
    how: str  # what the comment before it says
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Return all documents."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


@cache
def blocks(page: Path) -> list[Block]:
    """Return the blocks of code on a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start("code")) + 1,
            found["how"] or "",
            found["language"],
            found["code"],
        )
        for found in _FENCE.finditer(text)
    ]


def all_blocks(*languages: str) -> list[Block]:
    """Return the blocks of code in some languages, on all pages."""
    return [block for page in pages() for block in blocks(page) if block.language in languages]


def chains() -> list[list[Block]]:
    """Return the Python of all pages: each block with those that continue it."""
    found: list[list[Block]] = []
    for block in all_blocks("python"):
        if block.how == "continues":
            found[-1].append(block)
        else:
            found.append([block])
    return found


@cache
def prose(page: Path) -> str:
    """Return a page without its code and comments."""
    return _COMMENT.sub("", _FENCE.sub("", page.read_text(encoding="utf-8")))


def links(page: Path) -> list[str]:
    """Return where the links of a page lead."""
    return _LINK.findall(prose(page))


@cache
def anchors(page: Path) -> set[str]:
    """Return what can stand behind the ``#`` of a link to a page."""
    return {*map(_slug, _HEADING.findall(prose(page))), *_ANCHOR.findall(prose(page))}


def _slug(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", shown).lower().replace(" ", "-")


def section(page: Path, heading: str) -> str:
    """Return what stands under a heading, up to the next that is as high."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n", prose(page), re.MULTILINE)
    assert found, f"{page.name} has no heading {heading!r}"
    rest = prose(page)[found.end() :]
    return re.split(rf"^#{{1,{len(found[1])}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables in a text: rows of cells, without the head."""
    return [
        [_cells(line) for line in found.strip().splitlines()[2:]] for found in _TABLE.findall(text)
    ]


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1]]


def names(cell: str) -> list[str]:
    """Return what a cell has in code or in bold, without calls' brackets."""
    return [
        name.partition("(")[0]
        for name in re.findall(r"`([^`]+)`|\*\*([^*]+)\*\*", cell)
        for name in name
        if name
    ]
