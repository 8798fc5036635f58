"""Jobs in parallel: bounded, in order, and those in flight are finished when one fails."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

J = TypeVar("J")
R = TypeVar("R")


def run(
    jobs: Iterator[J], work: Callable[[J], R], workers: int, on_done: Callable[[R], None]
) -> list[R]:
    """Run jobs in threads, at most ``workers`` at once.

    A job is taken from the iterator when a thread is free for it, so that there are never more
    jobs in memory than workers. When one fails, or the caller is interrupted, no new ones begin,
    and those in flight are finished.

    :param jobs: the jobs.
    :param work: runs one of them, in a thread.
    :param workers: the number of jobs at once.
    :param on_done: called with each result as soon as it is there, in the caller's thread.
    :return: the results, in the order of the jobs.
    """
    order: list[Future[R]] = []
    running: set[Future[R]] = set()
    with ThreadPoolExecutor(workers, thread_name_prefix="longform") as pool:
        while True:
            running = _collect(running, on_done, wait_for_one=len(running) == workers)
            job = next(jobs, None)
            if job is None:
                break
            order.append(pool.submit(work, job))
            running.add(order[-1])
            del job  # it may be large, and only the thread needs it now
        while running:
            running = _collect(running, on_done, wait_for_one=True)
    return [future.result() for future in order]


def _collect(
    running: set[Future[R]], on_done: Callable[[R], None], *, wait_for_one: bool
) -> set[Future[R]]:
    """Report the results that are there, and return the futures that are not done.

    :raises Exception: what a job raised.
    """
    timeout = None if wait_for_one else 0
    done, running = wait(running, timeout=timeout, return_when=FIRST_COMPLETED)
    for future in done:
        on_done(future.result())
    return running
