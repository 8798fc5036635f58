"""What was measured, for people and for machines: a table, JSON, and a plot."""

from __future__ import annotations

import datetime as dt
import os
import platform
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from contest import OURS, Row, Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from environments import Environment
    from growth import Growth

#: Contender -> how the table calls it.
NAMES = {
    OURS: "openapiopenai",
    "by_hand": "by hand, urllib3",
    "floor": "import urllib3, pydantic",
    "one_model": "... and one model",
    "official": "openai",
    "published": "openapiopenai 1.3.0",
    "curl": "curl",
}
_COLUMNS = (OURS, "by_hand", "official", "published", "curl")


def measured_on(environments: Mapping[str, Environment]) -> dict[str, Any]:
    """Return what the figures were measured on; nothing that identifies the machine."""
    versions = {NAMES[name]: found.versions for name, found in environments.items()}
    return {
        "cores": os.cpu_count(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
        "date": dt.datetime.now(tz=dt.timezone.utc).date().isoformat(),
        "versions": versions,
    }


def as_json(on: Mapping[str, Any], rows: Sequence[Row], grown: Sequence[Growth]) -> dict[str, Any]:
    """Return all figures as JSON values."""
    return {
        "measured_on": dict(on),
        "rows": [row.as_json() for row in rows],
        "growth": [growth.as_json() for growth in grown],
    }


def table(on: Mapping[str, Any], rows: Sequence[Row], grown: Sequence[Growth]) -> str:
    """Return all figures as Markdown."""
    return "\n\n".join(filter(None, (_contest(rows), _growth(grown), _footnotes(on))))


def _contest(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    head = ["work", *(NAMES[name] for name in _COLUMNS), "ratio, and what it is to be"]
    lines = [head, ["---"] * len(head)]
    lines += [[row.title, *(_cell(row, name) for name in _COLUMNS), _ratios(row)] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(row: Row, name: str) -> str:
    if name not in row.samples:
        return ""
    middle, low, high = row.spread(name)
    doubt = f" ±{_number((high - low) / 2)}" if len(row.samples[name]) > 1 else ""
    note = " (incomplete)" if name in row.incomplete else ""
    return f"{_number(middle)}{doubt} {row.unit}{note}"


def _ratios(row: Row) -> str:
    missed = row.missed()
    return "; ".join(_ratio(row, target, target in missed) for target in row.targets)


def _ratio(row: Row, target: Target, missed: bool) -> str:  # noqa: FBT001
    found = row.reached(target).median
    verdict = "**missed**" if missed else "reached"
    if target.peer is None:
        return f"{_number(found)} {row.unit} (<= {target.limit:g} {row.unit}: {verdict})"
    return f"{found:.2f} x {_peer(row, target.peer)} (<= {target.limit:.2f}: {verdict})"


def _peer(row: Row, name: str) -> str:
    """Return the name of a peer, with its figure if it has no column."""
    return NAMES[name] if name in _COLUMNS else f"{NAMES[name]} at {_cell(row, name)}"


def _growth(grown: Sequence[Growth]) -> str:
    if not grown:
        return ""
    lines = ["| how the cost grows | smallest | middle | largest | verdict |", "|" + " --- |" * 5]
    for growth in grown:
        cells = [
            f"{point.size:,}: {_number(point.cost)} us per {growth.unit}".replace(",", " ")
            + (f", {point.peak:.1f} MB" if growth.is_flat else "")
            for point in growth.points
        ]
        verdict = f"{growth.ratio:.2f}: {'holds' if growth.holds else '**missed**'}"
        lines.append(f"| {growth.title} | {' | '.join(cells)} | {verdict} |")
    return "\n".join(lines)


def _footnotes(on: Mapping[str, Any]) -> str:
    seen: dict[str, str] = {}
    for versions in on["versions"].values():
        seen |= {f"{name} {version}": "" for name, version in versions.items()}
    return (
        f"Measured on {on['cores']} cores, {on['python']}, {on['system']}, {on['date']}, with "
        f"{', '.join(seen)}. Medians of interleaved rounds, ± half the distance of their quartiles."
    )


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}"


# -- the plot -------------------------------------------------------------------------------

_WIDTH, _LABELS, _BAR, _GAP = 820, 170, 14, 34
_ROOM_FOR_FIGURES = 110
_COLORS = {OURS: "#2f6fde", "official": "#10a37f", "published": "#b8860b"}
_OTHER = "#9aa0a6"
_STYLE = "text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}"
_MARGIN = 14

#: The rows that are plotted, by key and unit: those that most users care about.
_PLOTTED = (
    ("import", "ms"),
    ("process", "ms"),
    ("small", "us"),
    ("verbose", "ms"),
    ("upload", "MB"),
)


def plot(rows: Sequence[Row]) -> str:
    """Return an SVG of bars: in each row, every contender against the slowest.

    The background is white: a picture cannot know whether the page is light or dark.
    """
    parts: list[str] = []
    y = 0
    first = {(row.key, row.unit): row for row in reversed(rows)}
    for row in (first[kind] for kind in _PLOTTED if kind in first):
        title = escape(row.title.replace("`", ""))
        parts.append(f'<text class="t" x="0" y="{y + 14}">{title}</text>')
        y += 20
        names = [name for name in _COLUMNS if name in row.samples]
        largest = max(row.spread(name).median for name in names) or 1
        for name in names:
            parts.append(_bar(row, name, largest, y))
            y += _BAR + 3
        y += _GAP - 20
    place = f'x="-{_MARGIN}" y="-{_MARGIN}" width="{_WIDTH + 2 * _MARGIN}" height="{y + _MARGIN}"'
    view = f"-{_MARGIN} -{_MARGIN} {_WIDTH + 2 * _MARGIN} {y + _MARGIN}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" '
        f'aria-label="openapiopenai beside its peers; shorter is better">'
        f'<style>{_STYLE}</style><rect {place} fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _bar(row: Row, name: str, largest: float, y: int) -> str:
    value = row.spread(name).median
    room = _WIDTH - _LABELS - _ROOM_FOR_FIGURES
    width = max(1.0, max(0.0, value) / largest * room)
    middle = y + _BAR - 3
    return (
        f'<text x="{_LABELS - 8}" y="{middle}" text-anchor="end">{escape(NAMES[name])}</text>'
        f'<rect x="{_LABELS}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2" '
        f'fill="{_COLORS.get(name, _OTHER)}"/>'
        f'<text x="{_LABELS + width + 6:.1f}" y="{middle}">{_number(value)} {row.unit}</text>'
    )
