"""Speech to text, in worker processes.

Pocketsphinx holds the interpreter while it decodes, so each decoder lives in a worker process. A
worker ends when its pipe does: when the server goes, however it goes, none stays behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import signal
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from openapiopenai.local.pauses import FRAMES_PER_SECOND, RATE, Span
from openapiopenai.local.worker import PEAK, Piece, Word, work

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncGenerator, Generator

_SPAWN = multiprocessing.get_context("spawn")  # a fork would copy threads and sockets
_SAMPLES_PER_FRAME = RATE // FRAMES_PER_SECOND


class RecognitionError(RuntimeError):
    """A worker process ended before it answered."""


class Utterance(NamedTuple):
    """The words between two pauses; at least one."""

    words: list[Word]

    @property
    def text(self) -> str:
        """The words, parted by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def start(self) -> float:
        """Seconds from the start of the recording to the first word."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """Seconds from the start of the recording to the end of the last word."""
        return self.words[-1].end


class Recogniser:
    """Worker processes that recognise utterances, first come, first served.

    :param workers: how many utterances are recognised at a time; 1 by default.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._workers = [_Worker() for _ in range(workers)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="recogniser")
        self._closing = False

    def wait_until_ready(self) -> None:
        """Wait until each worker has loaded its models."""
        for worker in self._workers:
            worker.wait_until_ready()
            self._idle.put(worker)

    async def recognise(
        self, samples: array[int], spans: list[Span]
    ) -> AsyncGenerator[Utterance, None]:
        """Recognise a recording, utterance by utterance.

        No more of it is under way than there are workers, so that recordings take turns, and
        little is left to do when the caller leaves early.

        :param samples: the whole recording, mono, at ``pauses.RATE``.
        :param spans: its utterances.
        :return: those in which there are words, in order, each as soon as it is known.
        :raises RecognitionError: when a worker dies over it.
        """
        gain = _gain(samples)
        pending: deque[asyncio.Future[list[Word]]] = deque()
        try:
            for span in spans:
                if len(pending) == self.workers:
                    for utterance in _spoken(await pending.popleft()):
                        yield utterance
                pending.append(self._submit(_piece(samples, span, gain)))
            while pending:
                for utterance in _spoken(await pending.popleft()):
                    yield utterance
        finally:
            for future in pending:
                future.cancel()

    def _submit(self, piece: Piece) -> asyncio.Future[list[Word]]:
        return asyncio.get_running_loop().run_in_executor(self._threads, self._words, piece)

    def _words(self, piece: Piece) -> list[Word]:
        worker = self._idle.get()
        try:
            return worker.words(piece)
        except (EOFError, OSError) as error:
            worker = self._replace(worker)
            raise RecognitionError(
                "The recogniser stopped unexpectedly; it has been started again."
            ) from error
        finally:
            self._idle.put(worker)

    def _replace(self, dead: _Worker) -> _Worker:
        dead.close()
        if self._closing:
            return dead
        worker = _Worker()
        self._workers[self._workers.index(dead)] = worker
        worker.wait_until_ready()
        return worker

    def close(self) -> None:
        """End the workers: those that wait at their leave, those that work at once."""
        self._closing = True
        with contextlib.suppress(Empty):
            while True:
                self._idle.get_nowait().close()
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()


class _Worker:
    """A worker process, seen from the server."""

    def __init__(self) -> None:
        self._connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=work, args=(theirs,), daemon=True)
        with _interrupts_held():
            self._process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        self._connection.recv()

    def words(self, piece: Piece) -> list[Word]:
        self._connection.send(piece)
        words: list[Word] = self._connection.recv()
        return words

    def kill(self) -> None:
        if self._process.is_alive():
            self._process.kill()

    def close(self) -> None:
        self._connection.close()
        self._process.join()


@contextlib.contextmanager
def _interrupts_held() -> Generator[None]:
    """Keep Ctrl-C from processes that are started meanwhile: the server ends them itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _piece(samples: array[int], span: Span, gain: float) -> Piece:
    part = samples[span.start * _SAMPLES_PER_FRAME : span.end * _SAMPLES_PER_FRAME]
    return Piece(part.tobytes(), span.start / FRAMES_PER_SECOND, gain)


def _gain(samples: array[int]) -> float:
    return PEAK / max(max(samples, default=1), -min(samples, default=1), 1)


def _spoken(words: list[Word]) -> Generator[Utterance]:
    if words:
        yield Utterance(words)
