"""Lenient validation: drops invalid values instead of rejecting the response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pydantic import ValidationError

from openapiopenai._response.json import UnreadableError, as_list, as_object, parse_json
from openapiopenai._response.text import decode_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openapiopenai.models.base import Model

    #: Where pydantic found something invalid, and what kind of error it is.
    _Problem: TypeAlias = "tuple[tuple[int | str, ...], str]"

M = TypeVar("M", bound="Model")

#: How often invalid values are dropped, each time one level further up.
_MAX_ROUNDS = 4


def parse_model(model: type[M], body: bytes, headers: Mapping[str, str]) -> M:
    """Parse a body as a model.

    :param model: the schema.
    :param body: a JSON object.
    :param headers: its headers.
    :return: the model, without the values that are invalid.
    :raises UnreadableError: when it is not JSON, or lacks what the schema requires.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return validate_leniently(model, parse_json(decode_text(body, headers)))


def validate_leniently(model: type[M], data: Any) -> M:
    """Validate parsed JSON, and drop the values that are invalid.

    :param model: the schema.
    :param data: the parsed JSON; changed in place.
    :return: the model.
    :raises UnreadableError: when what the schema requires is missing or invalid.
    """
    if not isinstance(data, dict):
        raise UnreadableError(f"the response is {_describe(data)}, not an object")
    for trimmed in range(_MAX_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            problems = [
                (problem["loc"][: max(1, len(problem["loc"]) - trimmed)], problem["type"])
                for problem in error.errors(include_url=False, include_input=False)
            ]
        _check_required(model, problems)
        for path, kind in dict.fromkeys(reversed(problems)):  # backwards: items may be deleted
            _drop_value(data, path, item=trimmed > 0 or kind == "model_type")
    raise UnreadableError(f"the response does not have the shape of a {model.__name__}")


def _check_required(model: type[Model], problems: Sequence[_Problem]) -> None:
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    missing = sorted({str(path[0]) for path, _ in problems} & required)
    if missing:
        raise UnreadableError(f"the response has no usable {' and no usable '.join(missing)}")


def _drop_value(data: Any, path: Sequence[int | str], *, item: bool) -> None:
    """Set the value at a path to None.

    :param data: where the path begins.
    :param path: keys and indexes, and between them pydantic's own names, such as a union's.
    :param item: whether an invalid item is deleted from its list; else the list is dropped.
    """
    places: list[tuple[Any, int | str]] = [(data, path[0])]
    for step in path[1:]:
        holder, key = places[-1]
        if _contains(holder[key], step):
            places.append((holder[key], step))
    if isinstance(places[-1][0], list) and not item:
        places.pop()
    holder, key = places[-1]
    if isinstance(key, int):
        del holder[key]
    else:
        holder[key] = None


def _contains(value: Any, step: int | str) -> bool:
    return step < len(as_list(value)) if isinstance(step, int) else step in as_object(value)


def _describe(data: Any) -> str:
    return "null" if data is None else f"a {type(data).__name__}"
