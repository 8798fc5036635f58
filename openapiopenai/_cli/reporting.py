"""What a person reads meanwhile: a bar or a line a file, failures and a summary."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from openapiopenai._cli.output import write_output

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType

    from typing_extensions import Self

    from openapiopenai._cli.arguments import Arguments
    from openapiopenai._cli.recordings import Recording

_BAR = "{percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} {unit} [{elapsed}<{remaining}]{postfix}"


class Reporter:
    """Writes to standard error, from any thread. A context manager.

    :param arguments: ``quiet`` and ``verbose``.
    """

    def __init__(self, arguments: Arguments) -> None:
        self._is_quiet = arguments.quiet
        self._is_verbose = arguments.verbose
        self._lock = threading.RLock()
        self._bar: Any = None
        self._weights: dict[Recording, float] = {}
        self.failures = 0

    def __enter__(self) -> Self:
        self._handler = _LogHandler(self)
        if self._is_verbose:
            logger = logging.getLogger("openapiopenai")
            logger.addHandler(self._handler)
            logger.setLevel(logging.DEBUG)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        logging.getLogger("openapiopenai").removeHandler(self._handler)

    @contextmanager
    def bar(self, recordings: list[Recording]) -> Generator[None]:
        """Show a bar that counts seconds of audio if all are known, else recordings.

        It is shown only on a terminal, and if tqdm is installed.

        :param recordings: what is counted.
        """
        self._weights = self._weigh(recordings)
        unit = "s of audio" if self._weights else "recordings"
        with self.counting(sum(self._weights.values()) or len(recordings), unit):
            yield

    @contextmanager
    def counting(self, total: float, unit: str) -> Generator[None]:
        """Show a bar, where one can be shown.

        :param total: what it counts to.
        :param unit: the name of what it counts, such as "characters".
        """
        if self._shows_bars:
            self._bar = _tqdm()(
                total=total,
                unit=unit,
                bar_format=_BAR,
                leave=False,
                mininterval=0,  # updates are as rare as calls
                file=sys.stderr,
            )
        try:
            yield
        finally:
            with self._lock:
                if self._bar is not None:
                    self._bar.close()
                self._bar = None

    def start(self, recording: Recording) -> JobProgress:
        """Return the progress of a recording."""
        return JobProgress(self.advance, self._weights.get(recording, 1))

    def advance(self, amount: float) -> None:
        """Move the bar.

        :param amount: how far.
        """
        with self._lock:
            if self._bar is not None:
                self._bar.update(amount)

    @property
    def _shows_bars(self) -> bool:
        return not self._is_quiet and sys.stderr.isatty() and _tqdm() is not None

    def _weigh(self, recordings: list[Recording]) -> dict[Recording, float]:
        """Return the seconds of recordings; empty if those of one are not known."""
        known: dict[Recording, float] = {}
        for recording in recordings if self._shows_bars else ():
            seconds = recording.seconds()
            if seconds is None:
                return {}
            known[recording] = seconds
        return known

    def note(self, line: str) -> None:
        """Write what became of a file, unless a bar shows it."""
        if self._bar is None:
            self.write(line)

    def write(self, line: str) -> None:
        """Write a line, unless ``--quiet`` is given."""
        if not self._is_quiet:
            self._print(line)

    def fail(self, name: str, error: Exception, advice: str = "") -> None:
        """Write that something failed, on one line.

        :param name: the file, or whatever failed.
        :param error: why.
        :param advice: what to do.
        """
        with self._lock:
            self.failures += 1
        if self._is_verbose:
            self._print("".join(traceback.format_exception(error)))
        self._print("; ".join(filter(None, (f"{name}: {describe(error)}", advice))))

    def result(self, text: str) -> None:
        """Write a result to standard output, above the bar if both are on a terminal.

        :param text: the result.
        """
        with self._lock:
            if self._bar is not None:
                self._bar.clear()
            write_output(text)
            if self._bar is not None:
                self._bar.refresh()

    def log(self, line: str) -> None:
        """Write a line of the log."""
        self._print(line)

    def _print(self, line: str) -> None:
        with self._lock:
            if self._bar is None:
                print(_printable(line), file=sys.stderr, flush=True)  # noqa: T201
            else:
                self._bar.write(_printable(line), file=sys.stderr)


class JobProgress:
    """How far a recording is, as its part of a bar.

    :param advance: moves the bar.
    :param weight: how far the bar moves in all.
    """

    def __init__(self, advance: Callable[[float], None], weight: float) -> None:
        self._advance = advance
        self._weight = weight
        self._moved = 0.0

    def move(self, done: float, total: float) -> None:
        """Move the bar to where the recording is.

        :param done: how much of the recording is done.
        :param total: how much there is of it, in the same unit.
        """
        position = self._weight * done / total if total else self._weight
        self._advance(position - self._moved)
        self._moved = position

    def finish(self) -> None:
        """Move the bar to the end of the recording."""
        self.move(1, 1)


@dataclass
class Usage:
    """What the calls used, added up from the results of several threads."""

    seconds: float = 0
    counts: dict[str, float] = field(default_factory=dict[str, float])
    began: float = field(default_factory=time.monotonic)

    def add(self, result: Any) -> None:
        """Count a result.

        :param result: what a call returned.
        """
        usage = getattr(result, "usage", None)
        billed = getattr(usage, "seconds", None)
        self.seconds += getattr(result, "duration", None) or billed or 0
        for unit, amount in {
            "s": billed,
            "input tokens": getattr(usage, "input_tokens", None),
            "output tokens": getattr(usage, "output_tokens", None),
        }.items():
            if amount is not None:
                self.counts[unit] = self.counts.get(unit, 0) + amount

    def __str__(self) -> str:
        heard = f"{clock(self.seconds)} of audio " if self.seconds else ""
        took = f"{heard}in {time.monotonic() - self.began:.1f} s"
        used = " and ".join(f"{amount:,.10g} {unit}" for unit, amount in self.counts.items())
        return f"{took}; usage: {used}" if used else took


def describe(error: Exception) -> str:
    """Return what went wrong, on one line."""
    if isinstance(error, OSError) and error.strerror:
        named = f"{error.filename}: " if error.filename else ""
        return f"{named}{error.strerror}"
    # the lines after the first quote the response
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def clock(seconds: float) -> str:
    """Return a duration as ``1:02:03``, or ``2:03`` below an hour."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class _LogHandler(logging.Handler):
    """Hands the library's log to a reporter."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter

    def emit(self, record: logging.LogRecord) -> None:
        self._reporter.log(self.format(record))


def _tqdm() -> Any:
    """Return tqdm's bar, of the extra ``cli``; None where it is not installed."""
    try:
        return import_module("tqdm").tqdm
    except ImportError:
        return None


def _printable(text: str) -> str:
    """Return a text without control characters, by which a name could rule a terminal."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in text)
