"""Values as the fields of a form: what each becomes in ``multipart/form-data``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from os import PathLike
from typing import Any, cast

from openapiopenai._files.upload import AudioFile, Upload
from openapiopenai._request.scalars import MAX_DEPTH, plain_scalar
from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.models.base import Model, Wrapper

#: What a form holds without a conversion.
_AS_THEY_ARE = (str, Upload)


def form_fields(values: Mapping[str, Any]) -> Iterator[tuple[str, str | Upload]]:
    """Yield the fields of a form: ``name[]`` for each item of a list, ``name[key]`` of a mapping.

    :param values: names and values; None is left out. A name may have the brackets already.
    :return: names and texts or recordings, in order.
    :raises ApiTypeError: when a form cannot hold a value.
    :raises ApiValueError: when a value contains itself.
    """
    for name, value in values.items():
        if type(value) in _AS_THEY_ARE:  # as most are
            yield str(name), value
        elif value is not None:
            yield from _fields(str(name), value)


def _fields(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str | Upload]]:
    if value is None:
        return
    if depth > MAX_DEPTH:
        raise ApiValueError(
            f"the field {name.partition('[')[0]!r} contains itself, or is nested too deep"
        )
    if isinstance(value, Model):
        value = value.actual_instance if isinstance(value, Wrapper) else value.given()
    if isinstance(value, (list, tuple, set, frozenset)):
        for item in cast("Iterable[Any]", value):
            yield from _fields(f"{name.removesuffix('[]')}[]", item, depth + 1)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[Any, Any]", value).items():
            yield from _fields(f"{name}[{key}]", item, depth + 1)
    else:
        yield name, _text_or_upload(name, plain_scalar(value))


def _text_or_upload(name: str, value: Any) -> str | Upload:
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
        "pass a string, a number, a bool, a list or mapping of these, or a file"
    )


def _number(name: str, value: float | Decimal) -> str:
    """Return a number in the fewest digits and without an exponent, which some servers reject."""
    # float() first: a subclass has a repr of its own
    exact = Decimal(repr(float(value)) if isinstance(value, float) else value)
    if not exact.is_finite():
        raise ApiValueError(f"the field {name!r} is {value}; pass a finite number")
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
