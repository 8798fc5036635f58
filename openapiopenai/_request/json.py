"""Values as JSON: what each becomes in a body."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from pydantic_core import PydanticSerializationError, to_json

from openapiopenai._request.scalars import MAX_DEPTH, plain_scalar
from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.models.base import Model, Wrapper

_AS_THEY_ARE = (str, bool, int, float, type(None))


def json_body(value: Any) -> bytes:
    """Return a value as a JSON text in UTF-8.

    :param value: see :func:`to_plain`.
    :return: the text.
    :raises ApiTypeError: when JSON cannot hold it.
    :raises ApiValueError: when it cannot be written as JSON or UTF-8, or contains itself.
    """
    try:
        return to_json(to_plain(value))
    except PydanticSerializationError as error:
        raise ApiValueError(f"the body cannot be written as JSON: {error}") from error


def to_plain(value: Any, depth: int = 0) -> Any:
    """Convert a value to dicts, lists, texts and numbers.

    :param value: models, dates, enumerations, numbers, texts, and lists and dicts of these.
    :param depth: how many lists and dicts it is in.
    :return: the same in the types of JSON.
    :raises ApiTypeError: when JSON cannot hold it.
    :raises ApiValueError: when it is a number that is not finite, or contains itself.
    """
    if type(value) is str:  # as most are
        return value
    if depth > MAX_DEPTH:
        raise ApiValueError("the body contains itself, or is nested too deep for JSON")
    value = plain_scalar(value)
    if isinstance(value, float):
        _validate_finite(value)
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, Model):
        inner = value.actual_instance if isinstance(value, Wrapper) else value.given()
        return to_plain(inner, depth + 1)
    if isinstance(value, Mapping):
        named = cast("Mapping[Any, Any]", value)
        return {str(key): to_plain(item, depth + 1) for key, item in named.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item, depth + 1) for item in cast("Iterable[Any]", value)]
    return _text(value)


def _validate_finite(number: float) -> None:
    if not math.isfinite(number):
        raise ApiValueError(f"{number} cannot be written as JSON; pass a finite number")


def _text(value: Any) -> str:
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if hasattr(value, "get_secret_value"):
        return str(value.get_secret_value())
    raise ApiTypeError(f"JSON cannot hold a value of the type {type(value).__name__}")
