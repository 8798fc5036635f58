"""Values as the fields of a form: what each becomes in ``multipart/form-data``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from os import PathLike
from typing import Any, cast

from openapiopenai._files.upload import AudioFile, Upload
from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.models.base import Model, Wrapper

#: What a form holds without further ado.
_AS_THEY_ARE = (str, Upload)


def form_fields(values: Mapping[str, Any]) -> Iterator[tuple[str, str | Upload]]:
    """Give the fields of a form: ``name[]`` for each item of a list, ``name[key]`` of a mapping.

    :param values: names and values; None is left out.
    :return: names and texts or recordings, in order.
    :raises ApiTypeError: when a value has no form.
    """
    for name, value in values.items():
        if type(value) in _AS_THEY_ARE:  # as most are
            yield str(name), value
        elif value is not None:
            yield from _fields(str(name), value)


def _fields(name: str, value: Any) -> Iterator[tuple[str, str | Upload]]:
    if value is None:
        return
    if isinstance(value, Model):
        value = value.actual_instance if isinstance(value, Wrapper) else value.given()
    if isinstance(value, (list, tuple, set, frozenset)):
        for item in cast("Iterable[Any]", value):
            yield from _fields(f"{name}[]", item)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[Any, Any]", value).items():
            yield from _fields(f"{name}[{key}]", item)
    else:
        yield name, _text_or_upload(name, value)


def _text_or_upload(name: str, value: Any) -> str | Upload:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (str, Upload)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return _number(name, value)
    if isinstance(value, (bytes, bytearray, memoryview, PathLike)) or hasattr(value, "read"):
        return Upload.of(cast("AudioFile", value))
    raise ApiTypeError(
        f"the field {name!r} is {type(value).__name__}, which a form cannot hold; "
        "pass a text, a number, a bool, a list or mapping of these, or a file"
    )


def _number(name: str, value: float | Decimal) -> str:
    """Write a number in the fewest digits and without an exponent, which some servers refuse."""
    # float() first: subclasses, such as NumPy's, have a repr of their own
    exact = Decimal(repr(float(value)) if isinstance(value, float) else value)
    if not exact.is_finite():
        raise ApiValueError(f"the field {name!r} is {value}; pass a finite number")
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
