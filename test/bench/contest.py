"""Samples by contender, their ratios, and the targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any, NamedTuple

OURS = "ours"


class Target(NamedTuple):
    """A target of a row.

    :param limit: the largest figure of this package, as a ratio to the peer's; without a peer, in
        the unit of the row.
    :param peer: the contender to compare with.
    """

    limit: float
    peer: str | None = None


class Spread(NamedTuple):
    """The median of several samples, and their quartiles."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, samples: list[float]) -> Spread:
        """Return the spread of one or more samples."""
        if len(samples) == 1:
            return cls(samples[0], samples[0], samples[0])
        low, _, high = quantiles(samples, n=4, method="inclusive")
        return cls(median(samples), low, high)


@dataclass
class Row:
    """One line of the table.

    :param key: its name on the command line.
    :param title: the work.
    :param unit: the unit of the samples.
    :param targets: the targets of this package.
    :param samples: contender -> one figure for each round, in the same order for all.
    :param incomplete: contenders whose result lacks something that the server sent.
    """

    key: str
    title: str
    unit: str
    targets: tuple[Target, ...] = ()
    samples: dict[str, list[float]] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)

    def add(self, contender: str, value: float) -> None:
        """Add the figure of one more round."""
        self.samples.setdefault(contender, []).append(value)

    def spread(self, contender: str) -> Spread:
        """Return the spread of a contender."""
        return Spread.of(self.samples[contender])

    def reached(self, target: Target) -> Spread:
        """Return what a target limits: the ratio to a peer, by round, or the figure itself."""
        if target.peer is None:
            return self.spread(OURS)
        pairs = zip(self.samples[OURS], self.samples[target.peer], strict=False)
        return Spread.of([ours / peer for ours, peer in pairs])

    def missed(self) -> list[Target]:
        """Return the targets that were not reached."""
        return [target for target in self.targets if self.reached(target).median > target.limit]

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return {
            "key": self.key,
            "title": self.title,
            "unit": self.unit,
            "figures": {
                name: {**self.spread(name)._asdict(), "samples": values}
                for name, values in self.samples.items()
            },
            "incomplete": sorted(self.incomplete),
            "targets": [
                {**target._asdict(), "reached": self.reached(target)._asdict()}
                for target in self.targets
            ],
        }
