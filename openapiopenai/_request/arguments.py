"""Validation of a call's arguments: one line per wrong argument, as an error of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import ValidationError

from openapiopenai._files.reading import quoted
from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from openapiopenai.models.base import Model

M = TypeVar("M", bound="Model")

#: pydantic's type of an error -> what is accepted; names in braces are in the error's context.
_ACCEPTED = {
    "string_type": "a string",
    "string_too_short": "a non-empty string",
    "string_too_long": "a string of at most {max_length} characters",
    "list_type": "a list",
    "too_long": "at most {max_length} items",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "True or False",
    "bool_parsing": "True or False",
    "finite_number": "a finite number",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "model_type": "a {class_name}",
    "literal_error": "{expected}",
    "enum": "{expected}",
}

#: The errors of values that are not among the known ones; any text is accepted besides these.
_KNOWN_VALUES = ("literal_error", "enum")

#: Known values are listed up to this length; above it, a text is what a message asks for.
_MAX_KNOWN_VALUES = 66

#: How similar a key must be to a documented one to be taken for a slip, from 0 to 1.
_SIMILARITY = 0.8

#: Parameters of other servers that resemble a documented one.
_NO_SLIPS = frozenset({"seed"})


def validated(model: type[M], values: Mapping[str, Any]) -> M:
    """Return a request model of a call's arguments.

    :param model: the class.
    :param values: the arguments by name.
    :raises ApiTypeError: when arguments are of a wrong type or missing.
    :raises ApiValueError: when arguments have a wrong value.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _argument_error(error, values) from error


def validate_keys(request: Model, what: str) -> None:
    """Check that no further key of a request is a documented one, misspelt.

    :param request: the request.
    :param what: its name, for the message.
    :raises ApiValueError: when one is, and the documented key is not there itself.
    """
    unknown = set(request.model_extra or ()) - _NO_SLIPS
    if not unknown:
        return
    import difflib

    known = set(type(request).model_fields) - request.model_fields_set
    for key in unknown:
        for meant in difflib.get_close_matches(key, known, 1, _SIMILARITY):
            raise ApiValueError(
                f"{what} has the key {key!r}; did you mean {meant!r}? To send {key!r}, pass it in "
                "_extra_fields"
            )


def _argument_error(error: ValidationError, values: Mapping[str, Any]) -> Exception:
    by_argument: defaultdict[str, list[ErrorDetails]] = defaultdict(list)
    for detail in error.errors(include_url=False):
        by_argument[str(detail["loc"][0])].append(detail)
    chosen = [_decisive(details, values) for details in by_argument.values()]
    message = "\n".join(_line(details, values) for details in chosen)
    is_type_error = all(_is_type_error(detail) for details in chosen for detail in details)
    return ApiTypeError(message) if is_type_error else ApiValueError(message)


def _decisive(details: list[ErrorDetails], values: Mapping[str, Any]) -> list[ErrorDetails]:
    """Choose among the errors of an argument, of which each type in a union gives one.

    The deepest tell most; and once a value has the type of one branch, only its limits matter.
    """
    plain = [detail for detail in details if not _is_about_wrapper(detail)] or details
    depth = max(len(_path(detail, values)) for detail in plain)
    deepest = [detail for detail in plain if len(_path(detail, values)) == depth]
    limits = [detail for detail in deepest if not _is_type_error(detail)]
    return limits or deepest


def _is_about_wrapper(detail: ErrorDetails) -> bool:
    """Whether an error says that a mapping does not spell out a ``Wrapper``, as none needs to."""
    return detail["type"] == "extra_forbidden" or detail["loc"][-1] == "actual_instance"


def _is_type_error(detail: ErrorDetails) -> bool:
    kind = detail["type"]
    return kind.endswith("_type") or kind in ("missing", *_KNOWN_VALUES)


def _line(details: list[ErrorDetails], values: Mapping[str, Any]) -> str:
    name = _name(_path(details[0], values))
    if details[0]["type"] == "missing":
        return f"{name} is missing"
    accepted = dict.fromkeys(_accepted(detail) for detail in details)
    return f"{name} is {_given(details[0]['input'])}; pass {_joined([*filter(None, accepted)])}"


def _accepted(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind not in _ACCEPTED:
        return detail["msg"]
    text = _ACCEPTED[kind].format_map(detail.get("ctx", {}))
    return "" if kind in _KNOWN_VALUES and len(text) > _MAX_KNOWN_VALUES else text


def _given(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    shown = repr(value)
    return shown if len(shown) <= _MAX_KNOWN_VALUES else f"of the type {type(value).__name__}"


def _joined(texts: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))


def _path(detail: ErrorDetails, values: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return the keys and indices that lead to an error, without pydantic's names of branches."""
    path: list[str | int] = []
    value: Any = values
    for step in detail["loc"]:
        found = _item(value, step)
        if found is not None:
            path.append(step)
            value = found[0]
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    return tuple(path)


def _item(value: Any, step: str | int) -> tuple[Any] | None:
    """Return what a value has at a key or an index, in a tuple; None if it has nothing there."""
    if isinstance(value, Mapping) and step in value:
        return (cast("Mapping[Any, Any]", value)[step],)
    if isinstance(value, (list, tuple)) and isinstance(step, int):
        return (cast("Sequence[Any]", value)[step],)
    return None


def _name(path: Iterable[str | int]) -> str:
    first, *rest = path
    return f"{first}{''.join(f'[{step!r}]' for step in rest)}"
