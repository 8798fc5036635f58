"""``transcribe`` and ``translate``: recordings in, a file for each format out."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from openapiopenai._cli.calls import Caller
from openapiopenai._cli.connect import connect
from openapiopenai._cli.formats import choose_formats, render
from openapiopenai._cli.jobs import Job, format_of_output, plan_jobs
from openapiopenai._cli.recordings import find_recordings, unique
from openapiopenai._cli.reporting import JobProgress, Usage
from openapiopenai._response.saving import save

if TYPE_CHECKING:
    from pathlib import Path

    from openapiopenai._cli.arguments import Arguments
    from openapiopenai._cli.formats import Result
    from openapiopenai._cli.recordings import Recording
    from openapiopenai._cli.reporting import Reporter

#: Seconds between looks for Ctrl-C, which cannot interrupt a wait on Windows.
_TICK = 0.5

#: Seconds that Ctrl-C waits for a file that is being written.
_PATIENCE = 5.0


def run(arguments: Arguments, reporter: Reporter) -> int:
    """Transcribe or translate what the arguments name.

    :param arguments: the arguments.
    :param reporter: writes to standard error.
    :return: the exit status: 1 if a recording failed.
    :raises ApiValueError: if an argument cannot be used; nothing was sent.
    """
    given = arguments.formats or [format_of_output(arguments.output) or "txt"]
    formats = choose_formats(given, arguments.model)
    with connect(arguments) as client:
        found = [each for name in arguments.recordings for each in _find(name, reporter)]
        jobs = plan_jobs(unique(found), arguments.output, formats)
        workers = max(1, arguments.workers // max(1, len(jobs)))
        batch = Batch(Caller(client, arguments, workers), arguments, reporter)
        batch.run(jobs)
    return int(reporter.failures > 0)


def _find(name: str, reporter: Reporter) -> list[Recording]:
    try:
        return find_recordings(name)
    except OSError as error:
        reporter.fail(name, error)
        return []


class Batch:
    """The jobs of one command.

    :param caller: makes the calls.
    :param arguments: the arguments.
    :param reporter: writes to standard error.
    """

    def __init__(self, caller: Caller, arguments: Arguments, reporter: Reporter) -> None:
        self._caller = caller
        self._arguments = arguments
        self._reporter = reporter
        self._usage = Usage()
        self._done = self._skipped = 0
        self._writing = threading.Lock()  # held while files are written and jobs counted

    def run(self, jobs: list[Job]) -> None:
        """Do the jobs, ``--workers`` at a time, and write to standard output in their order.

        :param jobs: what to do.
        """
        with self._reporter.bar([job.recording for job in jobs]):
            try:
                self._run(jobs)
            except KeyboardInterrupt:
                self._reporter.write(self._interrupted(len(jobs)))
                raise
        if jobs:
            self._reporter.write(self._summary())

    def _run(self, jobs: list[Job]) -> None:
        executor = ThreadPoolExecutor(self._arguments.workers)
        futures = [executor.submit(self._do, job) for job in jobs]
        try:
            for future in futures:
                self._reporter.result(_result(future))
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            self._writing.acquire(timeout=_PATIENCE)  # and kept, so that no file is begun
            raise
        executor.shutdown()

    def _do(self, job: Job) -> str:
        """Do a job, and return what is for standard output."""
        progress = self._reporter.start(job.recording)
        text = ""
        try:
            text = self._transcribe(job, progress)
        except Exception as error:  # noqa: BLE001 - one recording must not stop the others
            self._reporter.fail(str(job.recording), error, self._caller.advise(error))
        progress.finish()
        return text

    def _transcribe(self, job: Job, progress: JobProgress) -> str:
        targets = job.targets if self._arguments.overwrite else job.missing
        if not targets:
            with self._writing:
                self._skipped += 1
            self._reporter.note(f"{job.recording}: skipped, exists: {_names(job.targets)}")
            return ""
        result = self._caller.call(job.recording, list(targets), job.resume_dir, progress.move)
        with self._writing:
            self._usage.add(result)
            text = self._write(result, targets)
            self._done += 1
        if job.resume_dir:
            shutil.rmtree(job.resume_dir, ignore_errors=True)
        self._reporter.note(f"{job.recording}: {_names(targets)}")
        return text

    def _write(self, result: Result, targets: dict[str, Path | None]) -> str:
        """Return what is for standard output; else write all files, even if one of them fails."""
        if None in targets.values():  # then there is no other
            return render(result, next(iter(targets)), self._arguments)
        errors = [self._save(result, kind, path) for kind, path in targets.items() if path]
        for error in filter(None, errors):
            raise error
        return ""

    def _save(self, result: Result, kind: str, path: Path) -> Exception | None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            save([render(result, kind, self._arguments).encode()], path)
        except Exception as error:  # noqa: BLE001 - the other formats are paid for
            return error
        return None

    def _summary(self) -> str:
        counts = {"done": self._done, "skipped": self._skipped, "failed": self._reporter.failures}
        shown = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        return f"{shown}; {self._usage}" if self._done else shown

    def _interrupted(self, total: int) -> str:
        advice = "; run the same command again to go on" if self._arguments.output else ""
        return f"interrupted: {self._done + self._skipped} of {total} done{advice}"


def _result(future: Future[str]) -> str:
    while not future.done():
        wait([future], timeout=_TICK)
    return future.result()


def _names(targets: dict[str, Path | None]) -> str:
    return ", ".join(str(path) for path in targets.values() if path) or "standard output"
