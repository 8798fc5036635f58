"""The command ``python -m openapiopenai.local``: the speech server, from a shell."""

from __future__ import annotations

import argparse
import functools
import importlib.util
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Where a key is taken from: an argument could be seen by other users of the machine.
KEY_VARIABLE = "OPENAPIOPENAI_LOCAL_KEY"

_NEEDED = ("av", "espeakng_loader", "pocketsphinx", "python_multipart", "starlette", "uvicorn")

_KEY_HELP = f"key that callers must present; else that in {KEY_VARIABLE}, or none"

_READY = """\
Listening on {url}

    import openapiopenai

    configuration = openapiopenai.Configuration(host="{url}"{token})

Ctrl-C ends it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until Ctrl-C or SIGTERM.

    :param arguments: those of the command line by default.
    :return: the exit status.
    """
    options = _parser().parse_args(arguments)
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return _error(
            f"the speech server needs what is not installed here: {', '.join(missing)}.\n"
            'Install it with: pip install "openapiopenai[local]"'
        )
    signal.signal(signal.SIGTERM, _end)
    try:
        return _serve(options)
    except KeyboardInterrupt:
        return 0


def _serve(options: argparse.Namespace) -> int:
    # Not before it is known that they are there.
    from openapiopenai.local.app import Limits
    from openapiopenai.local.serve import end_with_input, listen, serve

    if options.until_input_ends:
        end_with_input()
    key = options.key or None
    limits = Limits(options.max_body, options.max_seconds, options.max_queue)
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        return _error(f"cannot listen on {options.host}, port {options.port}: {error}")
    with listener:
        announce = functools.partial(_announce, keyed=key is not None)
        serve(listener, announce, key=key, workers=options.workers, limits=limits)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m openapiopenai.local",
        description="A speech server for this machine that answers as OpenAI's audio endpoints do.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on; else only this machine")
    add("--port", type=int, default=8020, help="port to listen on, 0 for a free one; else 8020")
    add("--key", default=os.environ.get(KEY_VARIABLE), help=_KEY_HELP)
    add("--workers", type=_positive, default=1, help="utterances recognised at a time; else 1")
    add("--max-queue", type=_natural, default=32, help="requests that may wait for that; else 32")
    add("--max-body", type=_positive, default=25 * 1024 * 1024, help="bytes a request; else 25 MiB")
    add("--max-seconds", type=float, default=3600, help="seconds a recording; else an hour")
    add("--until-input-ends", action="store_true", help="end when standard input does")
    return parser


def _announce(url: str, *, keyed: bool) -> None:
    token = ', access_token="..."' if keyed else ""
    print(_READY.format(url=url, token=token), flush=True)  # noqa: T201


def _error(message: str) -> int:
    print(f"openapiopenai.local: {message}", file=sys.stderr)  # noqa: T201
    return 2


def _end(_signal: int, _frame: object) -> NoReturn:
    sys.exit(0)


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return number


def _positive(text: str) -> int:
    number = _natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0 is too few")
    return number
