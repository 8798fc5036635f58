"""The one call for a recording, or as many as it needs when it is too long for one."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from openapiopenai._cli.formats import request_parameters
from openapiopenai._files.limits import limits_of
from openapiopenai.api.audio_api import AudioApi
from openapiopenai.exceptions import (
    ApiException,
    PayloadTooLargeException,
    UnauthorizedException,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TypeAlias

    from openapiopenai._cli.arguments import Arguments
    from openapiopenai._cli.formats import Result
    from openapiopenai._cli.recordings import Recording
    from openapiopenai.api_client import ApiClient

    File: TypeAlias = Path | BinaryIO
    Progress: TypeAlias = Callable[[float, float], object]

#: What OpenAI says of a recording that is too long for a model (its error 400).
_TOO_LONG = "longer than"

_LONGFORM_ADVICE = 'pip install "openapiopenai[longform]" to have long recordings divided'
_KEY_ADVICE = (
    "the key in OPENAI_API_KEY is sent only to OpenAI, or to the server in OPENAI_BASE_URL: set "
    "that instead of --host"
)


class Caller:
    """Makes the calls of ``transcribe`` or ``translate``.

    :param client: the client.
    :param arguments: the arguments.
    :param workers: how many parts of one recording at a time.
    """

    def __init__(self, client: ApiClient, arguments: Arguments, workers: int) -> None:
        self._api = AudioApi(client)
        self._arguments = arguments
        self._workers = workers

    def call(
        self, recording: Recording, formats: list[str], resume_dir: Path | None, progress: Progress
    ) -> Result:
        """Transcribe or translate a recording.

        :param recording: the recording.
        :param formats: the formats that its result will be written in.
        :param resume_dir: a folder for finished parts, if there are parts.
        :param progress: called with the seconds done and their total, if there are parts.
        :return: the result.
        """
        parameters: dict[str, Any] = {
            "prompt": self._arguments.prompt,
            "language": getattr(self._arguments, "language", None),
            **request_parameters(formats, self._arguments.model, translates=self._translates),
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        with _opened(recording) as file:
            if self._is_over_limit(file):
                keeping = {"resume_dir": resume_dir, "on_progress": progress}
                return self._call_by_parts(file, **given, **keeping)
            if self._translates:
                return self._api.create_translation(file, self._arguments.model, **given)
            return self._api.create_transcription(file, self._arguments.model, **given)

    def advise(self, error: Exception) -> str:
        """Return what to do about an error, where the command line knows; else nothing."""
        if isinstance(error, UnauthorizedException) and self._arguments.host:
            return _KEY_ADVICE
        too_long = isinstance(error, PayloadTooLargeException) or (
            isinstance(error, ApiException) and _TOO_LONG in error.message
        )
        return _LONGFORM_ADVICE if too_long and not _has_longform() else ""

    @property
    def _translates(self) -> bool:
        return self._arguments.command == "translate"

    def _is_over_limit(self, file: File) -> bool:
        """Whether a recording may be over a limit; of one in seconds, longform itself decides."""
        limits = limits_of(self._arguments.model, None, None)
        may_be_over = limits.seconds is not None or _size(file) > limits.bytes
        return may_be_over and _has_longform()  # which takes longer to import than the client

    def _call_by_parts(self, file: File, **parameters: Any) -> Result:
        from openapiopenai import longform

        call = longform.translate if self._translates else longform.transcribe
        return call(self._api, file, self._arguments.model, workers=self._workers, **parameters)


def _has_longform() -> bool:
    try:
        import_module("openapiopenai.longform")
    except ImportError:
        return False
    return True


@contextmanager
def _opened(recording: Recording) -> Generator[File]:
    """Make standard input a file, which can be sent again, and divided."""
    if not recording.is_standard_input:
        yield recording.path
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.seek(0)
        yield file


def _size(file: File) -> int:
    status = file.stat() if isinstance(file, Path) else os.fstat(file.fileno())
    return status.st_size
