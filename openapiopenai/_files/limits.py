"""The limits of a recording in one request, by model."""

from __future__ import annotations

from typing import NamedTuple

from openapiopenai.exceptions import ApiValueError

#: Bytes of a recording: OpenAI's speech-to-text guide says 25 MB. The other fields of the form
#: count too; its 25 MiB leave room for them.
MAX_BYTES = 25_000_000

#: Seconds of a recording: "audio duration 1830.5 seconds is longer than 1400 seconds which is the
#: maximum for this model" (OpenAI's error 400). Other models have no limit in time.
_GPT_4O_SECONDS = 1400.0

#: Prefix of a model's name -> seconds. A prefix covers dated snapshots too.
_MAX_SECONDS = {
    "gpt-4o-transcribe": _GPT_4O_SECONDS,  # and gpt-4o-transcribe-diarize
    "gpt-4o-mini-transcribe": _GPT_4O_SECONDS,
}

#: Prefix of a model's name -> seconds beyond which it requires a ``chunking_strategy``
#: (OpenAI's speech-to-text guide).
_UNCHUNKED_SECONDS = {"gpt-4o-transcribe-diarize": 30.0}

#: Parts stay this far below a limit in time, since encoders pad: 10 s of 1400 s.
_MARGIN = 1 / 140

#: The smallest such margin, in seconds: a few packets of any codec.
_LEAST_MARGIN = 0.1

#: Seconds; a part must be longer than the quarter of it in which a cut is looked for.
_LEAST_SECONDS = 2.0

#: Bytes; fewer would not even hold the header of some containers.
_LEAST_BYTES = 16_384


class Limits(NamedTuple):
    """The limits of a request.

    :param bytes: the maximum size of the file, in bytes.
    :param seconds: the maximum length of its sound, in seconds; None if there is no such limit.
    """

    bytes: int
    seconds: float | None

    @property
    def seconds_of_part(self) -> float:
        """The maximum length of a part, in seconds, with a margin."""
        if self.seconds is None:
            return float("inf")
        return self.seconds - max(self.seconds * _MARGIN, _LEAST_MARGIN)

    def allow(self, size: int, seconds: float) -> bool:
        """Whether a recording can be sent in one request."""
        return size <= self.bytes and seconds <= (self.seconds or float("inf"))


def limits_of(model: str, max_bytes: int | None, max_seconds: float | None) -> Limits:
    """Return the limits of a model.

    :param model: the name of the model.
    :param max_bytes: a limit in bytes that replaces the default.
    :param max_seconds: a limit in seconds that replaces the default.
    :return: the limits.
    :raises ApiValueError: when one of them is too small for a part.
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
