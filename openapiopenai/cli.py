"""The command ``openapiopenai``, and ``python -m openapiopenai``."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from openapiopenai._cli.arguments import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openapiopenai._cli.arguments import Arguments
    from openapiopenai._cli.reporting import Reporter

_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    :param argv: its arguments. Default: those of the process.
    :return: the exit status: 0, 1 if something failed, 2 for wrong usage.
    """
    words = sys.argv[1:] if argv is None else argv
    try:
        if words[:1] == ["serve"]:
            return _serve(words[1:])
        return _run(parse(words))
    except KeyboardInterrupt:
        _exit_at_once(_INTERRUPTED)


def _serve(words: Sequence[str]) -> int:
    from openapiopenai.local.cli import main as serve

    return serve(words)


def _run(arguments: Arguments) -> int:
    from openapiopenai._cli.output import OutputError
    from openapiopenai._cli.reporting import Reporter
    from openapiopenai.exceptions import ApiTypeError, ApiValueError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a console that lacks a character shows its number, and nothing is lost
            stream.reconfigure(errors="backslashreplace")
    with Reporter(arguments) as reporter:
        try:
            return _command(arguments.command)(arguments, reporter)
        except OutputError as error:
            if not isinstance(error.__cause__, BrokenPipeError):  # whoever read it has enough
                reporter.fail(f"openapiopenai {arguments.command}", error)
            _exit_at_once(1)
        except Exception as error:  # noqa: BLE001 - a traceback is for --verbose
            reporter.fail(f"openapiopenai {arguments.command}", error)
            return 2 if isinstance(error, (ApiTypeError, ApiValueError)) else 1


def _command(name: str) -> Callable[[Arguments, Reporter], int]:
    if name == "speak":
        from openapiopenai._cli.speak import run
    else:
        from openapiopenai._cli.transcribe import run
    return run


def _exit_at_once(status: int) -> NoReturn:
    """Leave without waiting for calls in flight, nor writing what standard output did not take."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stderr.flush()
    os._exit(status)
