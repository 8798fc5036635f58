"""The speech of the parts of a text, fetched ahead of the reader."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from itertools import accumulate
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from openapiopenai.longform.parts import located

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Stream(Protocol):
    """The methods of :class:`openapiopenai.SpeechStream` that are used here."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None:
        """Close the connection."""


class _Part:
    """A part that is being fetched: its blocks, then None, or an exception."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.where = f"characters {start} to {start + len(text)} of the text"
        self._arrived: SimpleQueue[bytes | BaseException | None] = SimpleQueue()

    def fetch(self, stream: Callable[[], Stream], opened: set[Stream]) -> None:
        """Fetch the part into the queue; called in a thread."""
        try:
            with located(self.where):
                source = stream()
                opened.add(source)
                for block in source:
                    self._arrived.put(block)
                opened.discard(source)
        except BaseException as error:  # noqa: BLE001 - raised in the thread that reads
            self._arrived.put(error)
        else:
            self._arrived.put(None)

    def blocks(self) -> Iterator[bytes]:
        """Yield the blocks as they arrive."""
        while (block := self._arrived.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield block


class Fetching:
    """Requests for the parts of a text, at most ``workers`` of them ahead of the reader.

    The first is made at once, so that an error in the request is raised here.

    :param texts: the parts.
    :param open_stream: requests the speech of a text.
    :param workers: the number of parts that are being fetched or have not been read.
    :raises ApiException: when the first request fails.
    """

    def __init__(
        self, texts: list[str], open_stream: Callable[[str], Stream], workers: int
    ) -> None:
        starts = accumulate(map(len, texts), initial=0)
        self._parts = [_Part(text, start) for text, start in zip(texts, starts, strict=False)]
        self._open_stream = open_stream
        self._workers = workers
        self._opened: set[Stream] = set()
        with located(self._parts[0].where) if len(texts) > 1 else nullcontext():
            first = open_stream(texts[0])
        self._opened.add(first)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="longform")
        self._pool.submit(self._parts[0].fetch, lambda: first, self._opened)
        self._requested = 1

    def __iter__(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each part: its text, and the blocks of its speech."""
        for number, part in enumerate(self._parts):
            self._request(number + self._workers)
            yield part.text, part.blocks()

    def _request(self, until: int) -> None:
        for part in self._parts[self._requested : until]:
            self._pool.submit(part.fetch, partial(self._open_stream, part.text), self._opened)
        self._requested = max(self._requested, min(until, len(self._parts)))

    def close(self) -> None:
        """Stop making requests, and close those that are in progress."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        while self._opened:
            self._opened.pop().close()
