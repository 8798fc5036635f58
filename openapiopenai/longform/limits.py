"""What one request may hold, by model."""

from __future__ import annotations

from typing import NamedTuple

from openapiopenai.exceptions import ApiValueError

#: Bytes of a recording: OpenAI's speech-to-text guide says 25 MB, and counts the form's other
#: fields too, for which its 25 MiB leave room.
MAX_BYTES = 25_000_000

#: Seconds of a recording: "audio duration 1830.5 seconds is longer than 1400 seconds which is the
#: maximum for this model" (OpenAI's error 400). Other models have no limit in time.
_GPT_4O_SECONDS = 1400.0

#: Beginning of a model's name -> seconds, so that dated snapshots are found too.
_MAX_SECONDS = {
    "gpt-4o-transcribe": _GPT_4O_SECONDS,  # and gpt-4o-transcribe-diarize
    "gpt-4o-mini-transcribe": _GPT_4O_SECONDS,
}

#: Beginning of a model's name -> seconds beyond which it requires a ``chunking_strategy``
#: (OpenAI's speech-to-text guide).
_UNCHUNKED_SECONDS = {"gpt-4o-transcribe-diarize": 30.0}

#: Characters of a text to be spoken (the API's description of ``input``).
MAX_CHARACTERS = 4096

#: Parts stay this far below a limit in time, since encoders pad: 10 s of 1400 s.
_MARGIN = 1 / 140

#: Seconds that are the least such margin: a few packets of any codec.
_LEAST_MARGIN = 0.1

#: Seconds; a part must be longer than the quarter of it in which a cut is looked for.
_LEAST_SECONDS = 2.0

#: Bytes; less than this is not even the header of some containers.
_LEAST_BYTES = 16_384


class Limits(NamedTuple):
    """What one request may hold.

    :param bytes: bytes of the file.
    :param seconds: seconds of sound; None where there is no such limit.
    """

    bytes: int
    seconds: float | None

    @property
    def seconds_of_part(self) -> float:
        """Seconds that a part may be planned to last."""
        if self.seconds is None:
            return float("inf")
        return self.seconds - max(self.seconds * _MARGIN, _LEAST_MARGIN)

    def allow(self, size: int, seconds: float) -> bool:
        """Whether a recording can be sent in one request."""
        return size <= self.bytes and seconds <= (self.seconds or float("inf"))


def limits_of(model: str, max_bytes: int | None, max_seconds: float | None) -> Limits:
    """Return the limits of a model.

    :param model: the name of the model.
    :param max_bytes: replaces the limit of the table in bytes.
    :param max_seconds: replaces the limit of the table in seconds.
    :return: the limits.
    :raises ApiValueError: when a replacement is too small to divide a recording by.
    """
    if max_bytes is not None and not max_bytes >= _LEAST_BYTES:
        raise ApiValueError(f"max_bytes is {max_bytes!r}; pass {_LEAST_BYTES} or more")
    if max_seconds is not None and not max_seconds >= _LEAST_SECONDS:
        raise ApiValueError(f"max_seconds is {max_seconds!r}; pass {_LEAST_SECONDS:g} or more")
    seconds = _find(_MAX_SECONDS, model) if max_seconds is None else max_seconds
    return Limits(MAX_BYTES if max_bytes is None else max_bytes, seconds)


def needs_chunking(model: str, seconds: float) -> bool:
    """Whether a model refuses a recording of this length without a ``chunking_strategy``."""
    most = _find(_UNCHUNKED_SECONDS, model)
    return most is not None and seconds > most


def _find(table: dict[str, float], model: str) -> float | None:
    return next((value for name, value in table.items() if model.startswith(name)), None)
