"""Every link on every page leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.pages import DOCS, ROOT, anchors, links, pages

PAGES = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages()]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    assert [link for link in links(page) if not _leads_somewhere(page, link)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, new = set[Path](), {ROOT / "README.md"}
    while new:
        reached |= new
        targets = {
            (page.parent / link.partition("#")[0]).resolve()
            for page in new
            for link in links(page)
            if "://" not in link and link.partition("#")[0].endswith(".md")
        }
        new = targets - reached
    assert sorted(set(DOCS.rglob("*.md")) - reached) == []


def _leads_somewhere(page: Path, link: str) -> bool:
    if link.startswith(("https://", "mailto:")):
        return True  # not checked
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists():
        return False
    return not anchor or (target.suffix == ".md" and anchor in anchors(target))
