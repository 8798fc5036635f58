"""Fields of a request, read by name: what is missing or wrong is refused, naming the field."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NoReturn

from starlette.datastructures import FormData

from openapiopenai.local.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_ECHOED = 50  # characters of a wrong value that its error repeats


class Fields:
    """The fields of a JSON object or of a form; null counts as not given.

    :param values: the object or the form. In a form numbers are written out.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self._number_types = (str,) if isinstance(values, FormData) else (int, float)

    def given(self, name: str) -> bool:
        """Tell whether a field has a value.

        :param name: the field.
        :return: whether it is there and not null.
        """
        return self._values.get(name) is not None

    def text(self, name: str, *, longest: int | None = None) -> str:
        """Read a string.

        :param name: the field.
        :param longest: how many characters it may have; any number by default.
        :return: the string; empty when it is not given.
        """
        value = self._values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            wrong(name, "must be a string.")
        if longest is not None and len(value) > longest:
            wrong(
                name,
                f"has {len(value)} characters; at most {longest} are accepted.",
                code="string_above_max_length",
            )
        return value

    def required_text(self, name: str, *, longest: int | None = None) -> str:
        """Read a string that must be there and say something.

        :param name: the field.
        :param longest: how many characters it may have; any number by default.
        :return: the string.
        """
        self.require(name)
        value = self.text(name, longest=longest)
        if not value.strip():
            wrong(name, "must not be empty.", code="empty_string")
        return value

    def require(self, name: str) -> None:
        """Refuse a request without this field.

        :param name: the field.
        :raises ApiError: 422 when it is not given.
        """
        if not self.given(name):
            raise ApiError(
                422,
                f"The required parameter '{name}' is missing.",
                param=name,
                code="missing_required_parameter",
            )

    def number(
        self, name: str, default: float, *, least: float = -math.inf, most: float = math.inf
    ) -> float:
        """Read a number.

        :param name: the field.
        :param default: what it is when it is not given.
        :param least: the smallest that is accepted.
        :param most: the largest that is accepted.
        :return: the number.
        """
        value = self._values.get(name)
        if value is None:
            return default
        number = _number(value) if isinstance(value, self._number_types) else math.nan
        if not math.isfinite(number):
            wrong(name, "must be a number.")
        if not least <= number <= most:
            wrong(name, f"must be between {least:g} and {most:g}.")
        return number

    def choice(self, name: str, options: Collection[str], default: str) -> str:
        """Read one of a few words.

        :param name: the field.
        :param options: the words.
        :param default: which it is when it is not given.
        :return: the word.
        """
        value = self._values.get(name)
        return default if value is None else _chosen(name, value, options)

    def texts(self, name: str, *, most: int | None = None) -> list[str]:
        """Read a list of a form: fields of the same name, which ends in ``[]``.

        :param name: the field.
        :param most: how many there may be; any number by default.
        :return: the strings, in order.
        """
        values = self._values.getlist(name) if isinstance(self._values, FormData) else []
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < len(values):
            wrong(name, "must be text.")
        if most is not None and len(texts) > most:
            wrong(name, f"is given {len(texts)} times; at most {most} are accepted.")
        return texts

    def choices(self, name: str, options: Collection[str]) -> list[str]:
        """Read a list of a form whose items are each one of a few words.

        :param name: the field, which ends in ``[]``.
        :param options: the words.
        :return: the items, in order.
        """
        return [_chosen(name, text, options) for text in self.texts(name)]


def wrong(name: str, message: str, *, code: str = "invalid_value") -> NoReturn:
    """Refuse the value of a field.

    :param name: the field.
    :param message: what is wrong, to follow its name.
    :param code: a word for programs.
    :raises ApiError: always; status 400.
    """
    raise ApiError(400, f"'{name}' {message}", param=name.removesuffix("[]"), code=code)


def _chosen(name: str, value: object, options: Collection[str]) -> str:
    if not isinstance(value, str) or value not in options:
        wrong(name, f"must be one of {', '.join(options)}, not {str(value)[:_ECHOED]!r}.")
    return value


def _number(value: str | float) -> float:
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (ValueError, OverflowError):
        return math.nan
