"""Reading what a server meant: a value that does not fit its schema is left out, not the answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from openapiopenai import headers as _headers
from openapiopenai.json_value import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openapiopenai.models.base import Model

M = TypeVar("M", bound="Model")

#: How often what does not fit is looked for: each time a level further up.
_ROUNDS = 4

#: Byte order marks of texts that are not UTF-8.
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class UnreadableError(ValueError):
    """Nothing can be made of an answer; the message says why."""


def decoded(body: bytes, headers: Mapping[str, str]) -> str:
    """Give a body as text, whatever its charset, without a byte order mark.

    :param body: the body.
    :param headers: its headers; a charset that they name is used where Python knows it.
    :return: the text; what cannot be decoded is replaced.
    """
    charset = _MARKS.get(body[:2]) or _headers.charset(headers) or "utf-8"
    try:
        text = body.decode(charset, "replace")
    except (LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.removeprefix("\ufeff")


def parsed(text: str | bytes) -> Any:
    """Give what a JSON text holds.

    :param text: the text.
    :return: the value.
    :raises UnreadableError: when it is not JSON.
    """
    if not text.strip():
        raise UnreadableError("the answer is empty")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the answer is not JSON: {error}") from error


def read_json(model: type[M], body: bytes, headers: Mapping[str, str]) -> M:
    """Give a body as a model.

    :param model: the schema.
    :param body: a JSON object.
    :param headers: its headers.
    :return: the model.
    :raises UnreadableError: when nothing can be made of it.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return fitted(model, parsed(decoded(body, headers)))


def fitted(model: type[M], data: Any) -> M:
    """Give parsed JSON as a model, without the values that do not fit.

    :param model: the schema.
    :param data: what was parsed; changed in place.
    :return: the model.
    :raises UnreadableError: when what the schema requires is not there.
    """
    if not isinstance(data, dict):
        raise UnreadableError(f"the answer is {_kind(data)}, not an object")
    for trimmed in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            problems = [problem["loc"] for problem in error.errors(include_url=False)]
        _refuse_missing(model, problems)
        for path in problems:
            _leave_out(data, path[: max(1, len(path) - trimmed)])
    raise UnreadableError("the answer does not have the shape of one")


def _refuse_missing(model: type[Model], problems: Sequence[tuple[int | str, ...]]) -> None:
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    missing = sorted({str(path[0]) for path in problems} & required)
    if missing:
        raise UnreadableError(f"the answer has no usable {' and no usable '.join(missing)}")


def _leave_out(data: Any, path: Sequence[int | str]) -> None:
    """Set to None what a path of pydantic leads to; its steps may end in names of its own."""
    holder: Any = data
    key = path[0]
    for step in path[1:]:
        inner: Any = holder[key]
        in_list = isinstance(step, int) and bool(as_list(inner))
        if not in_list and step not in as_object(inner):
            break
        holder, key = inner, step
    holder[key] = None


def _kind(data: Any) -> str:
    return "null" if data is None else f"a {type(data).__name__}"
