"""How the cost grows, at three sizes each: per unit it should be constant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from contest import OURS
from measure import file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from processes import Bench, Worker

#: How much more a unit may cost at the largest size than at the smallest. Caches, the allocator and
#: the garbage collector add some; a cost that grows with the square of the size would be 16 or 100
#: times as large.
_STEADY = 2.0

#: How much larger the peak of memory may be at the largest size than at the smallest, in MB, for
#: work whose memory should not grow.
_FLAT = 2.0

_MEGABYTE = 1024 * 1024
_CALLS = (1_000, 10_000, 100_000)
_SEGMENTS = (300, 3_000, 30_000)
_EVENTS = (2_000, 20_000, 200_000)
_SIZES = tuple(size * _MEGABYTE for size in (32, 128, 512))

#: Small work is repeated for this much CPU time, in seconds; the figure is the best of so many
#: rounds.
_TURN = 0.2
_TIMES = 3


class Point(NamedTuple):
    """One size.

    :param size: the amount of work, in units.
    :param cost: CPU time of one unit, in microseconds.
    :param peak: the peak of memory so far, in MB.
    """

    size: int
    cost: float
    peak: float


@dataclass(frozen=True)
class Growth:
    """The cost of one kind of work at three sizes.

    :param title: the work.
    :param unit: the unit of the size.
    :param points: the sizes, smallest first.
    :param is_flat: whether memory should not grow.
    """

    title: str
    unit: str
    points: tuple[Point, ...]
    is_flat: bool

    @property
    def ratio(self) -> float:
        """How much more a unit costs at the largest size than at the smallest."""
        return self.points[-1].cost / self.points[0].cost

    @property
    def grown(self) -> float:
        """How much more memory the largest size took than the smallest, in MB."""
        return self.points[-1].peak - self.points[0].peak

    @property
    def holds(self) -> bool:
        """Whether the cost grows as it should."""
        return self.ratio <= _STEADY and not (self.is_flat and self.grown > _FLAT)

    def as_json(self) -> dict[str, Any]:
        """Return the growth as JSON values."""
        return {
            "title": self.title,
            "unit": self.unit,
            "points": [point._asdict() for point in self.points],
            "ratio": self.ratio,
            "limit": _STEADY,
            "grown": self.grown if self.is_flat else None,
            "holds": self.holds,
        }


def growths(bench: Bench) -> Iterator[Growth]:
    """Measure how the cost of this package grows."""
    calls, uploads = bench.url("json"), {"source": "path"}
    target = str(bench.folder / "growth.wav")

    def call(size: int) -> tuple[str, str, dict[str, Any]]:
        return "transcribe", calls, {"calls": size}

    def verbose(size: int) -> tuple[str, str, dict[str, Any]]:
        return "verbose", bench.url("verbose", size), {"seconds": _TURN}

    def events(size: int) -> tuple[str, str, dict[str, Any]]:
        return "events", bench.url("events", size), {"seconds": _TURN}

    def upload(size: int) -> tuple[str, str, dict[str, Any]]:
        return "upload", calls, {**uploads, "path": file_of(bench, size), "seconds": _TURN}

    def save(size: int) -> tuple[str, str, dict[str, Any]]:
        return "save", bench.url("audio", size), {"arguments": [target], "seconds": _TURN}

    yield _growth(bench, "small transcriptions", "call", _CALLS, call, is_flat=True)
    yield _growth(bench, "segments of `verbose_json`", "segment", _SEGMENTS, verbose)
    yield _growth(bench, "transcript events", "event", _EVENTS, events)
    yield _growth(bench, "upload by path", "MB", _SIZES, upload, per=_MEGABYTE, is_flat=True)
    yield _growth(bench, "speech saved", "MB", _SIZES, save, per=_MEGABYTE, is_flat=True)


def _growth(
    bench: Bench,
    title: str,
    unit: str,
    sizes: tuple[int, ...],
    order: Callable[[int], tuple[str, str, dict[str, Any]]],
    *,
    per: int = 1,
    is_flat: bool = False,
) -> Growth:
    with bench.worker(OURS) as worker:
        work, url, options = order(sizes[0])
        worker.do(work, url, **options)
        points = tuple(_point(worker, order(size), size, per) for size in sizes)
    return Growth(title, unit, points, is_flat)


def _point(worker: Worker, order: tuple[str, str, dict[str, Any]], size: int, per: int) -> Point:
    work, url, options = order
    times = 1 if options.get("calls", 0) > _CALLS[0] else _TIMES
    took = [worker.do(work, url, **options) for _ in range(times)]
    done = size // per
    units = 1 if "calls" in options else done
    best = min(each["cpu"] / each["calls"] / units for each in took)
    return Point(done, best * 1e6, took[-1]["peak"] / _MEGABYTE)
