"""The command ``python -m openapiopenai.local``."""

from __future__ import annotations

import argparse
import functools
import importlib.util
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from openapiopenai.exceptions import OpenApiException
from openapiopenai.local.limits import Limits, parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The environment variable for the key: other users of the machine can see arguments.
KEY_VARIABLE = "OPENAPIOPENAI_LOCAL_KEY"

_REQUIRED = ("av", "espeakng_loader", "pocketsphinx", "python_multipart", "starlette", "uvicorn")

#: Numeric option -> its default and description.
_NUMBERS: dict[str, tuple[Any, str]] = {
    "port": (8020, "port to listen on, 0 for a free one"),
    "workers": (1, "utterances to recognize at a time"),
    "max_body": (Limits.max_body, "bytes per request"),
    "max_seconds": (Limits.max_seconds, "seconds of audio per transcription"),
    "max_characters": (Limits.max_characters, "characters of text per speech request"),
    "max_queue": (Limits.max_queue, "requests that may wait for recognition"),
}

_READY = """\
Listening on {url}

    import openapiopenai

    configuration = openapiopenai.Configuration(host="{url}"{token})

Press Ctrl-C to stop."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the server until Ctrl-C or SIGTERM.

    :param argv: the arguments; those of the command line by default.
    :return: the exit status.
    """
    options = _parser().parse_args(argv)
    missing = [name for name in _REQUIRED if importlib.util.find_spec(name) is None]
    if missing:
        return _fail(
            f"the local server requires {', '.join(missing)}; "
            'run: pip install "openapiopenai[local]"'
        )
    signal.signal(signal.SIGTERM, _exit)
    try:
        return _serve(options)
    except KeyboardInterrupt:
        return 0


def _serve(options: argparse.Namespace) -> int:
    # Imported here, where the extra is known to be installed.
    from openapiopenai.local.runner import listen, run, stop_at_end_of_input

    if options.until_input_ends:
        stop_at_end_of_input()
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        return _fail(_describe(options, error))
    limits = Limits(
        max_body=options.max_body,
        max_seconds=options.max_seconds,
        max_characters=options.max_characters,
        max_queue=options.max_queue,
    )
    key = options.key or None
    with listener:
        on_ready = functools.partial(_print_ready, keyed=key is not None)
        run(listener, on_ready, host=options.host, key=key, workers=options.workers, limits=limits)
    return 0


def _describe(options: argparse.Namespace, error: OSError) -> str:
    # Python adds the address to the reason, and a failed look-up has an error number of its own.
    reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
    return (
        f"cannot listen on {options.host}, port {options.port}: {reason}; "
        "choose another --port (0 for a free one) or --host"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m openapiopenai.local",
        description="A local speech server with the audio endpoints of the OpenAI API.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="name or address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--key",
        default=os.environ.get(KEY_VARIABLE),
        help=f"key that clients must send (default: {KEY_VARIABLE}, or none)",
    )
    for name, (default, description) in _NUMBERS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=functools.partial(_number, name),
            default=default,
            metavar="N",
            help=f"{description} (default: {default})",
        )
    parser.add_argument(
        "--until-input-ends", action="store_true", help="stop when standard input closes"
    )
    return parser


def _number(name: str, text: str) -> float:
    try:
        return parse_number(name, text)
    except OpenApiException as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _print_ready(url: str, *, keyed: bool) -> None:
    token = ', access_token="..."' if keyed else ""
    print(_READY.format(url=url, token=token), flush=True)  # noqa: T201


def _fail(message: str) -> int:
    print(f"openapiopenai.local: {message}", file=sys.stderr)  # noqa: T201
    return 2


def _exit(_signal: int, _frame: object) -> NoReturn:
    sys.exit(0)
