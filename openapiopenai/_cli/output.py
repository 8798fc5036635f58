"""Standard output, which may break before all is written."""

from __future__ import annotations

import sys


class OutputError(Exception):
    """Standard output takes no more; ``__cause__`` is why."""

    def __str__(self) -> str:
        return f"standard output: {getattr(self.__cause__, 'strerror', None) or self.__cause__}"


def write_output(data: str | bytes) -> None:
    """Write to standard output, so that whoever reads it has it at once.

    :param data: a text, or audio.
    :raises OutputError: if it cannot be written.
    """
    try:
        if isinstance(data, str):
            sys.stdout.write(data)
        else:
            sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except OSError as error:
        raise OutputError from error
