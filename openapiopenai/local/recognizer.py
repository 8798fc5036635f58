"""Speech to text in worker processes.

Pocketsphinx holds the GIL while it decodes, so each decoder runs in a worker process. A worker
exits when its pipe closes, so none outlives the server, however that ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import signal
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import resource_tracker
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from openapiopenai.local.vad import FRAMES_PER_SECOND, RATE, Span
from openapiopenai.local.worker import PEAK, Clip, Word, run_worker

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncGenerator, Generator

#: A fork would copy threads and sockets.
_SPAWN = multiprocessing.get_context("spawn")

_SAMPLES_PER_FRAME = RATE // FRAMES_PER_SECOND


class RecognitionError(RuntimeError):
    """A worker process exited while it recognized an utterance."""


class Utterance(NamedTuple):
    """The words between two pauses; there is at least one."""

    words: list[Word]

    @property
    def text(self) -> str:
        """The words, separated by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def start(self) -> float:
        """Seconds from the start of the recording to the first word."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """Seconds from the start of the recording to the end of the last word."""
        return self.words[-1].end


class Recognizer:
    """A pool of worker processes that recognize utterances, first come, first served.

    :param workers: the number of processes; 1 by default.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="recognizer")
        # Started in a thread: signal handlers run in the main thread, and one that raised halfway
        # through would leave a process without instructions.
        self._workers = self._threads.submit(_start_workers, workers).result()
        self._closing = False

    def wait_until_ready(self) -> None:
        """Block until each worker has loaded its models."""
        for worker in self._workers:
            worker.wait_until_ready()
            self._idle.put(worker)

    async def recognize(
        self, samples: array[int], spans: list[Span]
    ) -> AsyncGenerator[Utterance, None]:
        """Recognize a recording, utterance by utterance.

        At most one utterance per worker is in progress, so that recordings take turns and little
        work is wasted when the caller stops early.

        :param samples: the recording, mono, at ``vad.RATE``.
        :param spans: its utterances.
        :return: an iterator of the utterances that contain words, in order.
        :raises RecognitionError: if a worker exits.
        """
        gain = _gain(samples)
        pending: deque[asyncio.Future[list[Word]]] = deque()
        try:
            for span in spans:
                if len(pending) == self.workers:
                    for utterance in _utterance(await pending.popleft()):
                        yield utterance
                pending.append(self._submit(_clip(samples, span, gain)))
            while pending:
                for utterance in _utterance(await pending.popleft()):
                    yield utterance
        finally:
            for future in pending:
                future.cancel()

    def _submit(self, clip: Clip) -> asyncio.Future[list[Word]]:
        return asyncio.get_running_loop().run_in_executor(self._threads, self._words, clip)

    def _words(self, clip: Clip) -> list[Word]:
        worker = self._idle.get()
        try:
            return worker.recognize(clip)
        except (EOFError, OSError) as error:
            worker = self._replace(worker)
            raise RecognitionError(
                "The recognizer stopped unexpectedly and was restarted; retry the request."
            ) from error
        finally:
            self._idle.put(worker)

    def _replace(self, exited: _Worker) -> _Worker:
        exited.close()
        if self._closing:
            return exited
        worker = _Worker()
        self._workers[self._workers.index(exited)] = worker
        worker.wait_until_ready()
        return worker

    def close(self) -> None:
        """Stop the workers: idle ones exit by themselves, busy ones are killed.

        What is still being recognized raises :exc:`RecognitionError` or is cancelled.
        """
        self._closing = True
        idle: list[_Worker] = []
        with contextlib.suppress(Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for worker in idle:
            worker.close()
        for worker in self._workers:
            worker.kill()
        for worker in idle:
            self._idle.put(worker)  # a thread that waits for a worker learns that it is closed
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()


class _Worker:
    """A worker process and the pipe to it."""

    def __init__(self) -> None:
        self._connection, remote = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=run_worker, args=(remote,), daemon=True)
        with _sigint_blocked():
            self._process.start()
        remote.close()

    def wait_until_ready(self) -> None:
        self._connection.recv()

    def recognize(self, clip: Clip) -> list[Word]:
        self._connection.send(clip)
        words: list[Word] = self._connection.recv()
        return words

    def kill(self) -> None:
        if self._process.is_alive():
            self._process.kill()

    def close(self) -> None:
        self._connection.close()
        self._process.join()


def _start_workers(count: int) -> list[_Worker]:
    return [_Worker() for _ in range(count)]


@contextlib.contextmanager
def _sigint_blocked() -> Generator[None]:
    """Block Ctrl-C in processes started within the block; the server stops them itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Else the first start of a process starts the tracker, which unblocks signals.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _clip(samples: array[int], span: Span, gain: float) -> Clip:
    part = samples[span.start * _SAMPLES_PER_FRAME : span.end * _SAMPLES_PER_FRAME]
    return Clip(part.tobytes(), span.start / FRAMES_PER_SECOND, gain)


def _gain(samples: array[int]) -> float:
    return PEAK / max(max(samples, default=1), -min(samples, default=1), 1)


def _utterance(words: list[Word]) -> Generator[Utterance]:
    if words:
        yield Utterance(words)
