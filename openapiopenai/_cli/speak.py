"""``speak``: a text in, its audio out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from openapiopenai._cli.arguments import SPEECH_FORMATS, STANDARD
from openapiopenai._cli.connect import connect
from openapiopenai._cli.output import write_output
from openapiopenai._cli.reporting import JobProgress, Usage
from openapiopenai.api.audio_api import AudioApi
from openapiopenai.exceptions import ApiValueError
from openapiopenai.models.create_speech_request import MAX_TEXT, KnownVoice

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from openapiopenai._cli.arguments import Arguments
    from openapiopenai._cli.reporting import Reporter
    from openapiopenai.models.create_speech_request import CreateSpeechRequestDict


def run(arguments: Arguments, reporter: Reporter) -> int:
    """Speak a text.

    :param arguments: the arguments.
    :param reporter: writes to standard error.
    :return: the exit status, 0.
    :raises ApiValueError: if an argument cannot be used; nothing was sent.
    """
    if arguments.list_voices:
        write_output("".join(f"{voice}\n" for voice in get_args(KnownVoice)))
        return 0
    output = None if arguments.output in (None, STANDARD) else Path(str(arguments.output))
    try:
        _run(output, arguments, reporter)
    except KeyboardInterrupt:
        what = "nothing was written" if output else "the audio is not complete"
        reporter.write(f"interrupted: {what}")
        raise
    return 0


def _run(output: Path | None, arguments: Arguments, reporter: Reporter) -> None:
    speech_format = _format(arguments, output)
    if output is None and sys.stdout.isatty():
        raise ApiValueError("audio is not written to a terminal; name a file with -o")
    if output and output.exists() and not arguments.overwrite:
        reporter.write(f"{output}: skipped, exists; --overwrite replaces it")
        return
    request: CreateSpeechRequestDict = {
        "model": arguments.model,
        "voice": arguments.voice,
        "input": _text(arguments),
        "speed": arguments.speed,
        "instructions": arguments.instructions,
        "response_format": speech_format,
    }
    _speak(request, output, arguments, reporter)


def _format(arguments: Arguments, output: Path | None) -> str:
    """Return the format of the audio: the one given, that of the extension, or mp3."""
    if arguments.response_format or output is None:
        return arguments.response_format or SPEECH_FORMATS[0]
    extension = output.suffix[1:].lower()
    if extension not in SPEECH_FORMATS:
        raise ApiValueError(
            f"{output} has the extension of no format of speech; use one of "
            f"{', '.join(SPEECH_FORMATS)}, or --response-format"
        )
    return extension


def _text(arguments: Arguments) -> str:
    if arguments.text is not None and arguments.input is not None:
        raise ApiValueError("there is both a text and --input; give one of them")
    text = arguments.text if arguments.text is not None else _read(arguments.input or STANDARD)
    if not text.strip():
        raise ApiValueError("there is no text to speak")
    return text


def _read(name: str) -> str:
    if name == STANDARD and sys.stdin.isatty():
        raise ApiValueError("there is no text: give it as an argument, with -i, or through a pipe")
    try:
        return sys.stdin.read() if name == STANDARD else Path(name).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        source = "standard input" if name == STANDARD else name
        raise ApiValueError(f"{source} is not {error.encoding} text: {error.reason}") from error


def _speak(
    request: CreateSpeechRequestDict, output: Path | None, arguments: Arguments, reporter: Reporter
) -> None:
    length = len(request["input"])
    usage = Usage()
    with (
        connect(arguments) as client,
        reporter.counting(length, "characters"),
        _stream(AudioApi(client), request, arguments.workers, reporter) as stream,
    ):
        if output:
            output.parent.mkdir(parents=True, exist_ok=True)
            stream.save(output)
        else:
            for block in stream:
                write_output(block)
    usage.add(stream)
    reporter.write(f"{output or 'standard output'}: {length:,} characters {usage}")


def _stream(
    api: AudioApi, request: CreateSpeechRequestDict, workers: int, reporter: Reporter
) -> AbstractContextManager[Any]:
    """Start the speech, in parts if the text is too long for one call."""
    if len(request["input"]) <= MAX_TEXT:
        return api.create_speech_streaming(request)
    from openapiopenai import longform

    progress = JobProgress(reporter.advance, len(request["input"]))
    return longform.speak(api, request, workers=workers, on_progress=progress.move)
