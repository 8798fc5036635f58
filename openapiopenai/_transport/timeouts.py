"""Timeouts of a call: one deadline over all of it, or a limit for each wait."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, TypeAlias

from urllib3 import Timeout

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

#: What a caller passes: seconds for the entire call, a pair (connect, read), or None.
RequestTimeout: TypeAlias = float | tuple[float, float] | None

#: Without a limit of the caller's: long enough for the longest recording, and still finite.
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 600.0

#: Longer timeouts are cut to this: sockets take no more than 24 days.
MAX_SECONDS = 1e6


class WaitTimeout(Timeout):
    """A limit for connecting, and one for each wait on the socket after that.

    :param connect: the limit for connecting, in seconds.
    :param read: the limit for each wait, in seconds.
    """

    #: Whether the limit is over the entire call, and so shrinks from one wait to the next.
    is_total = False

    def __init__(self, connect: float, read: float) -> None:
        super().__init__(connect=connect, read=read)
        self.connect = connect
        self.read = read

    @property
    def remaining(self) -> float:
        """How many seconds are left for the call."""
        return math.inf

    def next_wait(self) -> float:
        """Return how long the next wait may last, in seconds."""
        return self.read

    def clone(self) -> Self:
        """Return itself: urllib3 clones a timeout to count an attempt, and this one counts none."""
        return self

    def start_connect(self) -> float:
        """Return the time. A socket counts, see ``sockets.py``."""
        return time.monotonic()


class Deadline(Timeout):
    """A limit over an entire call: connecting, sending, waiting, reading and retrying.

    ``Timeout(total=...)`` begins anew with each attempt, and ends with the response's header.

    :param seconds: the limit.
    :param clock: the clock, in seconds.
    """

    is_total = True

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(total=seconds)
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    @property
    def remaining(self) -> float:
        """How many seconds are left for the call; 0 when none are."""
        return max(0.0, self._end - self._clock())

    def next_wait(self) -> float:
        """Return how long the next wait may last, in seconds.

        :raises TimeoutError: when none are.
        """
        left = self.remaining
        if not left:
            raise TimeoutError(f"timed out after {self.seconds:g} s")
        return left

    @property
    def connect_timeout(self) -> float:
        """How long connecting may still take, in seconds."""
        return self.next_wait()

    @property
    def read_timeout(self) -> float:
        """How long the rest may still take, in seconds."""
        return self.next_wait()

    def clone(self) -> Self:
        """Return itself: a new attempt has the time that is left."""
        return self

    def start_connect(self) -> float:
        """Return the time. The count began with the call."""
        return self._clock()


CallTimeout: TypeAlias = WaitTimeout | Deadline

_DEFAULT = WaitTimeout(_CONNECT_SECONDS, _READ_SECONDS)


def parse_timeout(
    value: RequestTimeout, clock: Callable[[], float] = time.monotonic
) -> CallTimeout:
    """Validate a caller's timeout, and begin to count it.

    :param value: seconds for the entire call, a pair (connect, read), or None for the default:
        5 s to connect, 600 s for each wait.
    :param clock: the clock, in seconds.
    :return: the timeout.
    :raises ApiTypeError: when it is of another type.
    :raises ApiValueError: when it is not a positive, finite number.
    """
    if value is None:
        return _DEFAULT
    if not isinstance(value, tuple):
        return Deadline(_seconds(value), clock)
    if len(value) != 2:  # noqa: PLR2004 - a pair
        raise ApiValueError(f"the timeout has {len(value)} parts; pass (connect, read)")
    connect, read = value
    return WaitTimeout(connect=_seconds(connect), read=_seconds(read))


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ApiTypeError(
            f"the timeout is {type(value).__name__}; pass seconds, or a pair (connect, read)"
        )
    if not 0 < value < math.inf:
        raise ApiValueError(f"the timeout is {value}; pass a number of seconds greater than 0")
    return float(min(value, MAX_SECONDS))
