"""What is measured becomes figures: samples by contender, their ratios, and the targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any, NamedTuple

OURS = "ours"


class Target(NamedTuple):
    """What a row is to reach.

    :param limit: how large this package's figure may be, as a part of the peer's; where there is
        no peer, in the unit of the row.
    :param peer: the contender to compare with.
    """

    limit: float
    peer: str | None = None


class Spread(NamedTuple):
    """The middle of several samples, and the quartiles around it."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, samples: list[float]) -> Spread:
        """Give the spread of one sample or more."""
        if len(samples) == 1:
            return cls(samples[0], samples[0], samples[0])
        low, _, high = quantiles(samples, n=4, method="inclusive")
        return cls(median(samples), low, high)


@dataclass
class Row:
    """One line of the table.

    :param key: its name on the command line.
    :param title: what was done.
    :param unit: what the samples are in.
    :param targets: what is to be reached.
    :param samples: contender -> one figure for each round, in the same order for all.
    :param incomplete: contenders whose answer lacks what the server sent.
    """

    key: str
    title: str
    unit: str
    targets: tuple[Target, ...] = ()
    samples: dict[str, list[float]] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)

    def add(self, contender: str, value: float) -> None:
        """Note a figure of one more round."""
        self.samples.setdefault(contender, []).append(value)

    def spread(self, contender: str) -> Spread:
        """Give the figures of a contender."""
        return Spread.of(self.samples[contender])

    def reached(self, target: Target) -> Spread:
        """Give what a target limits: the ratio to a peer, round by round, or the figure itself."""
        if target.peer is None:
            return self.spread(OURS)
        pairs = zip(self.samples[OURS], self.samples[target.peer], strict=False)
        return Spread.of([ours / peer for ours, peer in pairs])

    def missed(self) -> list[Target]:
        """Give the targets that were not reached."""
        return [target for target in self.targets if self.reached(target).median > target.limit]

    def as_json(self) -> dict[str, Any]:
        """Give all of it as JSON knows it."""
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
