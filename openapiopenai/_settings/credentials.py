"""Credentials: tokens and passwords, and how they authenticate a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypedDict, TypeVar, overload

from openapiopenai._request.headers import ILLEGAL_VALUE, is_header_value
from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr
    from typing_extensions import Self

    AccessToken: TypeAlias = str | SecretStr | Callable[[], str | SecretStr]

T = TypeVar("T")

_SCHEME = "bearer "
_QUOTES = ("'", '"')

#: How a call is authenticated; written as a call because ``in`` is a keyword.
AuthSetting = TypedDict("AuthSetting", {"type": str, "in": str, "key": str, "value": str})


class _HasEnvironment(Protocol):
    """Settings with defaults from the environment."""

    def from_environment(self, name: str) -> Any:
        """Return the default of a setting; None if there is none."""
        ...


class Credential(Generic[T]):
    """A credential that falls back to the environment, for its own origin only.

    Thus a key from the environment is never sent to another server.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, settings: None, owner: type) -> Self: ...
    @overload
    def __get__(self, settings: _HasEnvironment, owner: type) -> T | None: ...
    def __get__(self, settings: _HasEnvironment | None, owner: type) -> Self | T | None:
        if settings is None:
            return self
        given: T | None = vars(settings).get(self._name)
        return settings.from_environment(self._name) if given is None else given

    def __set__(self, settings: _HasEnvironment, value: T | None) -> None:
        vars(settings)[self._name] = value


def auth_setting(scheme: str, value: str) -> AuthSetting:
    """Return the setting that sends a value as the ``Authorization`` header."""
    return {"type": scheme, "in": "header", "key": "Authorization", "value": value}


def plain_token(token: AccessToken | None) -> str | None:
    """Return a token as the text to send; None if it is empty.

    :param token: the token; a function is called now.
    :raises ApiTypeError: when it is of another type.
    :raises ApiValueError: when it cannot be sent; the message does not quote it.
    """
    given = token() if callable(token) else token
    text = given if given is None or isinstance(given, str) else _revealed(given)
    text = text and text.strip()
    if not text:
        return None
    if text[:7].lower() == _SCHEME:
        raise ApiValueError("access_token begins with 'Bearer', which is added; pass the key alone")
    if text[0] in _QUOTES and text[-1] == text[0]:
        raise ApiValueError(
            "access_token is in quotes, which would be sent as part of it; remove them, also from "
            "a file that OPENAI_API_KEY is read from"
        )
    if not is_header_value(text):
        raise ApiValueError(
            f"access_token {ILLEGAL_VALUE}; copy the key again, without line breaks or "
            "typographic signs"
        )
    return text


def _revealed(secret: SecretStr) -> str:
    if not hasattr(secret, "get_secret_value"):
        raise ApiTypeError(
            f"access_token is {type(secret).__name__}; pass a str, a SecretStr, or a function "
            "that returns one"
        )
    return secret.get_secret_value()
