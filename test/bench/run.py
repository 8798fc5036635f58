"""Measure this package beside its peers: ``python test/bench/run.py``.

Fails where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

from environments import environments
from growth import growths
from measure import ROWS
from processes import Bench, server
from report import as_json, measured_on, plot, table

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = _ROOT / "docs" / "performance.md"
_TABLE = re.compile(r"(<!-- bench:begin -->\n).*?(<!-- bench:end -->)", re.DOTALL)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each contender")
    parser.add_argument("--rows", nargs="+", choices=[*ROWS, "growth"], default=[*ROWS, "growth"])
    parser.add_argument("--out", type=Path, help="where to put performance.json and .svg")
    parser.add_argument(
        "--write", action="store_true", help="rewrite the tables of docs/performance.md"
    )
    parser.add_argument("--package", default=str(_ROOT), help="a checkout or a wheel to measure")
    parser.add_argument("--peers", type=Path, default=_ROOT / ".tox" / "bench-peers")
    return parser.parse_args()


def _main() -> int:
    options = _options()
    installed = environments(options.peers.resolve(), options.package)
    with server() as url, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(installed, url, Path(folder), options.rounds)
        rows = [row for key in ROWS if key in options.rows for row in ROWS[key](bench)]
        grown = list(growths(bench)) if "growth" in options.rows else []
    on = measured_on(installed)
    text = table(on, rows, grown)
    sys.stdout.write(f"{text}\n")
    out = _ROOT / "docs" if options.write else options.out
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "performance.json").write_text(json.dumps(as_json(on, rows, grown), indent=1) + "\n")
        (out / "performance.svg").write_text(plot(rows))
    if options.write:
        _rewrite(text)
    missed = any(row.missed() for row in rows) or not all(growth.holds for growth in grown)
    return 1 if missed else 0


def _rewrite(text: str) -> None:
    page = _PAGE.read_text()
    if not _TABLE.search(page):
        raise SystemExit(f"{_PAGE.name} has no place for the table")
    _PAGE.write_text(_TABLE.sub(lambda marks: f"{marks[1]}\n{text}\n\n{marks[2]}", page))


if __name__ == "__main__":
    sys.exit(_main())
