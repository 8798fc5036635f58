"""Limits of the server, and the ranges of its numeric settings."""

from __future__ import annotations

import math
import reprlib
from dataclasses import dataclass
from typing import NamedTuple

from openapiopenai.exceptions import ApiTypeError, ApiValueError


@dataclass(frozen=True)
class Limits:
    """Limits on requests; what exceeds them is refused.

    :param max_body: bytes per request; 25 MiB by default, OpenAI's limit for a file.
    :param max_seconds: seconds of audio; one hour by default. Decoded audio is held in memory.
    :param max_characters: characters of ``input``; 4096 by default, OpenAI's limit.
    :param max_queue: requests that may wait while every worker is busy; 32 by default.
    """

    max_body: int = 25 * 1024 * 1024
    max_seconds: float = 3600
    max_characters: int = 4096
    max_queue: int = 32


class Range(NamedTuple):
    """A type of number and its bounds, both inclusive."""

    kind: type[int | float]
    minimum: float
    maximum: float = math.inf


_RANGES = {
    "port": Range(int, 0, 65535),
    "workers": Range(int, 1),
    "max_body": Range(int, 1),
    "max_seconds": Range(float, 0.001),
    "max_characters": Range(int, 1),
    "max_queue": Range(int, 0),
    "startup_timeout": Range(float, 0.001),
}


def check_number(name: str, value: object) -> None:
    """Validate a numeric setting.

    :param name: the setting's name.
    :param value: its value.
    :raises ApiTypeError: if it is not a number, or not an integer where one is required.
    :raises ApiValueError: if it is out of range.
    """
    kind, minimum, maximum = _RANGES[name]
    accepted = (int,) if kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, accepted):
        raise ApiTypeError(_message(name, value))
    if not minimum <= value <= maximum or math.isinf(value):
        raise ApiValueError(_message(name, value))


def parse_number(name: str, text: str) -> float:
    """Parse a numeric setting from a command line.

    :param name: the setting's name.
    :param text: its value as text.
    :return: its value, within its range.
    :raises ApiTypeError: if the text is not a number.
    :raises ApiValueError: if the number is out of range.
    """
    try:
        number = _RANGES[name].kind(text)
    except ValueError as error:
        raise ApiTypeError(_message(name, text)) from error
    check_number(name, number)
    return number


def _message(name: str, value: object) -> str:
    kind, minimum, maximum = _RANGES[name]
    noun = "an integer" if kind is int else "a number"
    bounds = f"of at least {minimum:g}" if math.isinf(maximum) else f"from {minimum} to {maximum}"
    return f"{name} must be {noun} {bounds}, not {reprlib.repr(value)}"
