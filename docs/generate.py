"""Write the generated pages from the code; `--check` lists those that are out of date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator import api_page, configuration_page, model_pages

_DOCS = Path(__file__).parent
_README = _DOCS.parent / "README.md"

#: The guides in reading order; others follow.
_GUIDES = (
    "quick-start",
    "command-line",
    "transcripts-and-subtitles",
    "streaming",
    "files",
    "errors-and-retries",
    "other-servers",
    "testing-offline",
    "scale-out",
    "performance",
    "soak",
    "migration",
)


def main() -> int:
    """Write the pages, or check them.

    :return: the exit status: 1 if a page to check is out of date.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a page is out of date"
    )
    check = parser.parse_args().check
    stale = [path for path, text in pages().items() if _current(path) != text]
    for path in stale:
        print(f"{'out of date' if check else 'written'}: {path.name}")
        if not check:
            path.write_text(pages()[path], encoding="utf-8")
    return int(check and bool(stale))


def pages() -> dict[Path, str]:
    """Return all generated pages by path, and the README with its generated lists."""
    texts = {
        "AudioApi.md": api_page.page(),
        "Configuration.md": configuration_page.page(),
        **model_pages.pages(),
    }
    generated = {_DOCS / name: text for name, text in texts.items()}
    return {_README: _readme(set(generated)), **generated}


def _readme(generated: set[Path]) -> str:
    text = _current(_README)
    for part, content in {
        "guides": _guides_list(set(_DOCS.glob("*.md")) - generated),
        "endpoints": api_page.methods_table("docs/"),
        "models": model_pages.models_list("docs/"),
    }.items():
        text = _replaced(text, part, content)
    return text


def _guides_list(guides: set[Path]) -> str:
    ranks = {name: rank for rank, name in enumerate(_GUIDES)}
    ordered = sorted(guides, key=lambda path: (ranks.get(path.stem, len(ranks)), path.stem))
    titles = (_current(path).partition("\n")[0].removeprefix("# ") for path in ordered)
    return "\n".join(
        f" - [{title}](docs/{path.name})" for title, path in zip(titles, ordered, strict=True)
    )


def _replaced(text: str, part: str, content: str) -> str:
    """Return a text with the content between the two comments that mark a part."""
    begin, end = f"<!-- {part}:begin -->\n", f"<!-- {part}:end -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{content}\n{end}{after}"


def _current(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
