"""The parser of the command line: what may be given, and the help."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any, NoReturn

from openapiopenai import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The formats of a transcript, in the order in which ``all`` writes them.
FORMATS = ("txt", "srt", "vtt", "json", "tsv")

#: The formats of speech (the API's description of ``response_format``).
SPEECH_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")

#: What stands for standard input and standard output.
STANDARD = "-"

_PROGRAM = "openapiopenai"
_HELP_COLUMN = 26
_FASTEST, _SLOWEST = 4.0, 0.25  # the API's description of ``speed``

_DESCRIPTION = """\
Transcripts, translations and speech, from OpenAI or any server with its API.

commands:
  transcribe  Transcribe recordings in the language spoken
  translate   Translate recordings into English text
  speak       Speak a text
  serve       Run a speech server on this machine"""

_FOOTER = """\
The key is taken from OPENAI_API_KEY, the server from OPENAI_BASE_URL or --host.
Exit status: 0, 1 if something failed, 2 for wrong usage, 130 after Ctrl-C."""


class Arguments(argparse.Namespace):
    """The arguments of a command; each command has those that its help shows."""

    command: str
    host: str | None
    timeout: float | None
    workers: int
    overwrite: bool
    quiet: bool
    verbose: bool
    output: str | None
    model: str
    # transcribe, translate
    recordings: list[str]
    formats: list[str]
    language: str | None
    prompt: str | None
    max_line_length: int | None
    max_words: int | None
    highlight_words: bool
    speakers: bool | None
    # speak
    text: str | None
    input: str | None
    voice: str
    speed: float | None
    instructions: str | None
    response_format: str | None
    list_voices: bool


def parse(words: Sequence[str]) -> Arguments:
    """Parse a command line.

    :param words: the arguments, without the name of the program.
    :return: the arguments, by name.
    :raises SystemExit: after ``--help`` or ``--version``, or with status 2 if they are wrong.
    """
    parser = _parser()
    arguments, unknown = parser.parse_known_args(words, namespace=Arguments())
    options = [word for word in unknown if word.startswith("-") and word != STANDARD]
    if options:
        # without their values, which may be keys
        names = " ".join(option.partition("=")[0] for option in options)
        parser.error(f"unknown option: {names}")
    if unknown and not hasattr(arguments, "recordings"):
        parser.error("more than one text; put quotation marks around it")
    if unknown:  # argparse stops at the first option that follows a recording
        arguments.recordings += unknown
    return arguments


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            allow_abbrev=False,
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
                prog, max_help_position=_HELP_COLUMN
            ),
            **settings,
        )

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message} (see {self.prog} --help)\n")


class _RefuseKey(argparse.Action):
    """An option that would hold a key; its value is not shown."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        parser.error(
            "a key is not accepted as an argument, which other users of the machine and the "
            "history of the shell can see; set OPENAI_API_KEY"
        )


def _parser() -> _Parser:
    parser = _Parser(
        prog=_PROGRAM,
        usage=f"{_PROGRAM} [-h] [--version] COMMAND ...",
        description=_DESCRIPTION,
        epilog=f"{_PROGRAM} COMMAND --help describes a command.\n\n{_FOOTER}",
    )
    parser.add_argument("--version", action="version", version=f"{_PROGRAM} {__version__}")
    _refuse_keys(parser)
    commands = parser.add_subparsers(
        prog=_PROGRAM,
        dest="command",
        metavar="COMMAND",
        required=True,
        help=argparse.SUPPRESS,
    )
    for name, operands, description, add_arguments in _COMMANDS:
        command = commands.add_parser(
            name,
            usage=f"{_PROGRAM} {name} [OPTIONS] {operands}",
            description=f"{description}.",
            epilog=_FOOTER,
        )
        add_arguments(command)
        _refuse_keys(command)
    commands.add_parser("serve", add_help=False)  # openapiopenai.cli runs it
    return parser


def _refuse_keys(parser: _Parser) -> None:
    names = ("--api-key", "--key", "--token", "--access-token")
    parser.add_argument(*names, nargs="?", action=_RefuseKey, help=argparse.SUPPRESS)


def _add_transcribe(parser: _Parser) -> None:
    _add_recordings(parser)
    parser.add_argument("--language", metavar="CODE", help="language spoken, such as en")
    _add_common(parser)


def _add_translate(parser: _Parser) -> None:
    _add_recordings(parser)
    _add_common(parser)


def _add_recordings(parser: _Parser) -> None:
    add = parser.add_argument
    add("recordings", nargs="+", metavar="RECORDING", help="file, folder, pattern, or - for input")
    add("-o", "--output", metavar="PATH", help="folder, or file for one result (default: -)")
    _add_formats(parser)
    add("-m", "--model", default="whisper-1", help="model (default: %(default)s)")
    add("--prompt", metavar="TEXT", help="text whose style and spelling to follow")
    add("--max-line-length", type=_positive, metavar="N", help="columns a subtitle line (42)")
    add("--max-words", type=_positive, metavar="N", help="words a subtitle")
    add("--highlight-words", action="store_true", help="mark each word when spoken, in vtt")
    add("--speakers", action=argparse.BooleanOptionalAction, help="name speakers in subtitles")


def _add_formats(parser: _Parser) -> None:
    parser.add_argument(
        "-f",
        "--format",
        dest="formats",
        action="append",
        default=[],
        choices=(*FORMATS, "all"),
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} or all; repeatable (default: txt)",
    )


def _add_speak(parser: _Parser) -> None:
    add = parser.add_argument
    add("text", nargs="?", metavar="TEXT", help="text to speak (default: standard input)")
    add("-i", "--input", metavar="FILE", help="file of text to speak, - for standard input")
    add("-o", "--output", metavar="FILE", default=STANDARD, help="audio file (default: -)")
    formats = ", ".join(SPEECH_FORMATS)
    add("--response-format", metavar="FORMAT", help=f"{formats} (default: by FILE, or mp3)")
    add("-m", "--model", default="gpt-4o-mini-tts", help="model (default: %(default)s)")
    add("--voice", default="alloy", help="voice (default: %(default)s)")
    add("--list-voices", action="store_true", help="print the known voices, and exit")
    add("--speed", type=_speed, metavar="FACTOR", help="0.25 to 4, 1 is normal")
    add("--instructions", metavar="TEXT", help="how to speak: tone, pace, accent")
    _add_common(parser)


def _add_common(parser: _Parser) -> None:
    add = parser.add_argument
    add("--overwrite", action="store_true", help="replace what exists, instead of skipping it")
    add("--host", metavar="URL", help="server, such as http://127.0.0.1:8020/v1")
    add("--timeout", type=_seconds, metavar="SECONDS", help="longest time for each call")
    add("--workers", type=_positive, default=4, metavar="N", help="calls at a time (%(default)s)")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-q", "--quiet", action="store_true", help="report only failures")
    group.add_argument("-v", "--verbose", action="store_true", help="log calls, show tracebacks")


#: Name, operands, description, and what adds the arguments.
_COMMANDS = (
    ("transcribe", "RECORDING...", "Transcribe recordings in the language spoken", _add_transcribe),
    ("translate", "RECORDING...", "Translate recordings into English text", _add_translate),
    ("speak", "[TEXT]", "Speak a text", _add_speak),
)


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _seconds(text: str) -> float:
    if not 0 < _number(text) < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return float(text)


def _speed(text: str) -> float:
    if not _SLOWEST <= _number(text) <= _FASTEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not between {_SLOWEST:g} and {_FASTEST:g}")
    return float(text)


def _number(text: str) -> float:
    """Return the number that a text holds; NaN, which no range includes, if it holds none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
