"""Parts in parallel: bounded, in order, and what is in flight finished when one fails."""

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
    """Do jobs in threads, at most ``workers`` at once.

    A job is drawn when there is a thread for it, so that no more of them exist than workers. When
    one fails, or the caller is interrupted, no new ones begin, and those in flight are finished.

    :param jobs: the jobs.
    :param work: does one of them, in a thread.
    :param workers: how many at once.
    :param on_done: called for each result as it comes, in the caller's thread.
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
            del job  # it may be large, and is the thread's now
        while running:
            running = _collect(running, on_done, wait_for_one=True)
    return [future.result() for future in order]


def _collect(
    running: set[Future[R]], on_done: Callable[[R], None], *, wait_for_one: bool
) -> set[Future[R]]:
    """Report what is done, and return what is not.

    :raises Exception: what a job raised.
    """
    timeout = None if wait_for_one else 0
    done, running = wait(running, timeout=timeout, return_when=FIRST_COMPLETED)
    for future in done:
        on_done(future.result())
    return running
