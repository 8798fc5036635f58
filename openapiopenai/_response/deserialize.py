"""Texts as values of a type that is told by its name, as OpenAPI Generator's clients offer it."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from openapiopenai.exceptions import ApiValueError
from openapiopenai.models.base import Model

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

T = TypeVar("T")


def from_text(text: str, wanted: Any, content_type: str | None) -> Any:
    """Give what a text holds as a type.

    :param text: the text.
    :param wanted: a type, or the name of one.
    :param content_type: what the text is; anything but JSON stays a text.
    :return: the value.
    :raises ApiValueError: when the text is not of the type.
    """
    if content_type is not None and "json" not in content_type.lower():
        return text
    try:
        return _as(json.loads(text), wanted)
    except (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError) as error:
        raise ApiValueError(f"the text is not {wanted!r}: {error}") from error


def _as(data: Any, wanted: Any) -> Any:
    if data is None:
        return None
    name = wanted if isinstance(wanted, str) else getattr(wanted, "__name__", "")
    outer, _, inner = name.partition("[")
    if isinstance(wanted, str) and outer in ("List", "list"):
        return [
            _as(item, inner.removesuffix("]")) for item in cast("list[Any]", _expect(list, data))
        ]
    if isinstance(wanted, str) and outer in ("Dict", "dict"):
        named = cast("dict[str, Any]", _expect(dict, data))
        item_type = inner.removesuffix("]").partition(",")[2].strip()
        return {key: _as(item, item_type) for key, item in named.items()}
    if outer in _NATIVE:
        return _NATIVE[outer](data)
    return _model(wanted, outer, data)


def _expect(kind: type[T], data: Any) -> T:
    if not isinstance(data, kind):
        raise ApiValueError(f"{type(data).__name__} stands where a {kind.__name__} should")
    return data


def _model(wanted: Any, name: str, data: Any) -> Any:
    import openapiopenai

    model = getattr(openapiopenai, name, None) if isinstance(wanted, str) else wanted
    if isinstance(model, type) and issubclass(model, Model):
        return model.from_dict(data)
    if isinstance(model, type) and issubclass(model, Enum):
        return model(data)
    raise ApiValueError(f"{wanted!r} is no type of this package")


def _date_time(text: str) -> datetime:
    from dateutil.parser import isoparse

    return isoparse(text)


#: The names of types that are no models -> what makes them of parsed JSON.
_NATIVE: dict[str, Callable[[Any], Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "bytearray": lambda text: bytearray(text.encode()),
    "bytes": lambda text: text.encode(),
    "date": lambda text: _date_time(text).date(),
    "datetime": _date_time,
    "Decimal": Decimal,
    "decimal": Decimal,
    "UUID": UUID,
    "object": lambda data: data,
}
