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
        _exit_at_once()


def _serve(words: Sequence[str]) -> int:
    from openapiopenai.local.cli import main as serve

    return serve(words)


def _run(arguments: Arguments) -> int:
    from openapiopenai._cli.reporting import Reporter
    from openapiopenai.exceptions import ApiTypeError, ApiValueError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a console that lacks a character shows its number, and nothing is lost
            stream.reconfigure(errors="backslashreplace")
    with Reporter(arguments) as reporter:
        try:
            status = _command(arguments.command)(arguments, reporter)
            sys.stdout.flush()
        except (ApiTypeError, ApiValueError) as error:
            reporter.fail(f"openapiopenai {arguments.command}", error)
            return 2
        except BrokenPipeError:  # whoever read has enough
            return _close_output(1)
        except Exception as error:  # noqa: BLE001 - a traceback is for --verbose
            reporter.fail(f"openapiopenai {arguments.command}", error)
            return _close_output(1)
    return status


def _command(name: str) -> Callable[[Arguments, Reporter], int]:
    if name == "speak":
        from openapiopenai._cli.speak import run
    else:
        from openapiopenai._cli.transcribe import run
    return run


def _close_output(status: int) -> int:
    """Drop what standard output has not taken, so that Python does not try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _exit_at_once() -> NoReturn:
    """Leave without waiting for the threads of calls in flight."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stderr.flush()
    os._exit(_INTERRUPTED)
