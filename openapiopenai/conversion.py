"""Values to what JSON knows and back, as OpenAPI Generator's clients offer it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, cast
from uuid import UUID

from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.models.base import Model, Wrapper

T = TypeVar("T")

_AS_THEY_ARE = (str, bool, int, float, type(None))


def to_plain(value: Any) -> Any:
    """Give a value in dicts, lists, texts and numbers.

    :param value: the value.
    :return: the same, as JSON knows it.
    :raises ApiTypeError: when JSON cannot hold it.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, Model):
        return to_plain(value.actual_instance if isinstance(value, Wrapper) else value.given())
    if isinstance(value, Mapping):
        named = cast("Mapping[Any, Any]", value)
        return {str(key): to_plain(item) for key, item in named.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item) for item in cast("Iterable[Any]", value)]
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if hasattr(value, "get_secret_value"):
        return str(value.get_secret_value())
    raise ApiTypeError(f"{type(value).__name__} is nothing that JSON can hold")


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
