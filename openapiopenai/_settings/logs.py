"""The log of calls: the package's logger, its level, file and fallback."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    _Base = logging.StreamHandler[Any]
else:
    _Base = logging.StreamHandler  # Python 3.10 has no subscript for it

#: The package's own logger, to which calls are logged.
LOGGER = logging.getLogger("openapiopenai")

#: The format of a line, as in OpenAPI Generator's clients.
FORMAT = "%(asctime)s %(levelname)s %(message)s"

#: The name by which the handler of ``logger_file`` is found again.
_FILE_HANDLER = "openapiopenai.logger_file"

#: The configurations with ``debug``. The logger is the process's, so its level is lowered again
#: only when none is left.
_DEBUGGING: WeakSet[Any] = WeakSet()


class _Fallback(_Base):
    """Handler that writes to standard error as long as nobody else handles the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        others = [*LOGGER.handlers, *logging.getLogger().handlers]
        return all(handler is self for handler in others) and bool(super().filter(record))


def set_debug(configuration: object, *, value: bool) -> None:
    """Raise the package's logger for a configuration, or lower it if no other has raised it."""
    (_DEBUGGING.add if value else _DEBUGGING.discard)(configuration)
    LOGGER.setLevel(logging.DEBUG if _DEBUGGING else logging.WARNING)
    fallbacks = [handler for handler in LOGGER.handlers if isinstance(handler, _Fallback)]
    if _DEBUGGING and not fallbacks:
        fallback = _Fallback()
        fallback.setFormatter(logging.Formatter(FORMAT))
        LOGGER.addHandler(fallback)
    for handler in () if _DEBUGGING else fallbacks:
        LOGGER.removeHandler(handler)


def set_file(path: str | None, line_format: str) -> None:
    """Let the package's logger write to a file in place of an earlier one; None for none."""
    for handler in [handler for handler in LOGGER.handlers if handler.name == _FILE_HANDLER]:
        LOGGER.removeHandler(handler)
        handler.close()
    if path:
        handler = logging.FileHandler(path)
        handler.name = _FILE_HANDLER
        handler.setFormatter(logging.Formatter(line_format))
        LOGGER.addHandler(handler)
