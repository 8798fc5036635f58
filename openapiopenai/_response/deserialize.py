"""Deserialization into a type given by its name, as OpenAPI Generator's clients offer it."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from openapiopenai._response.json import check_depth
from openapiopenai.exceptions import ApiValueError
from openapiopenai.models.base import Model

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

T = TypeVar("T")


def deserialize(text: str, response_type: Any, content_type: str | None) -> Any:
    """Deserialize a text.

    :param text: the text.
    :param response_type: a type, or the name of one.
    :param content_type: the type of the text; anything but JSON is returned as it is.
    :return: the value.
    :raises ApiValueError: when the text does not hold a value of the type.
    """
    if content_type is not None and "json" not in content_type.lower():
        return text
    try:
        check_depth(text)
        return _convert(json.loads(text), response_type)
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise ApiValueError(f"the text is not {response_type!r}: {error}") from error


def _convert(data: Any, kind: Any) -> Any:
    if data is None:
        return None
    name = kind if isinstance(kind, str) else getattr(kind, "__name__", "")
    outer, _, inner = name.partition("[")
    if isinstance(kind, str) and outer in ("List", "list"):
        items = cast("list[Any]", _expect(list, data))
        return [_convert(item, inner.removesuffix("]")) for item in items]
    if isinstance(kind, str) and outer in ("Dict", "dict"):
        named = cast("dict[str, Any]", _expect(dict, data))
        item_kind = inner.removesuffix("]").partition(",")[2].strip()
        return {key: _convert(item, item_kind) for key, item in named.items()}
    if outer in _NATIVE:
        return _NATIVE[outer](data)
    return _convert_to_model(data, kind)


def _expect(kind: type[T], data: Any) -> T:
    if not isinstance(data, kind):
        raise ApiValueError(f"expected a {kind.__name__}, not a {type(data).__name__}")
    return data


def _convert_to_model(data: Any, kind: Any) -> Any:
    import openapiopenai

    model = getattr(openapiopenai, kind, None) if isinstance(kind, str) else kind
    if isinstance(model, type) and issubclass(model, Model):
        return model.from_dict(data)
    if isinstance(model, type) and issubclass(model, Enum):
        return model(data)
    raise ApiValueError(f"{kind!r} is not a type of this package")


def _date_time(text: str) -> datetime:
    from dateutil.parser import isoparse

    return isoparse(text)


#: The name of a type that is not a model -> its conversion from parsed JSON.
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
