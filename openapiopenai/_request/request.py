"""A call as a value: what to send, and how to parse the response. Nothing here sends anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self
    from urllib3 import Retry

    from openapiopenai.models.base import Model

T = TypeVar("T")

#: The options of a call that are mappings: the field of ``RequestOptions`` -> the parameter.
_MAPPINGS = {"headers": "_headers", "auth": "_request_auth", "extra_fields": "_extra_fields"}


class RequestOptions(NamedTuple):
    """The settings of a single call; they are documented on ``AudioApi``."""

    timeout: float | tuple[float, float] | None = None
    auth: Mapping[str, Any] | None = None
    content_type: str | None = None
    headers: Mapping[str, str | None] | None = None
    host_index: int = 0
    retries: int | Retry | None = None
    extra_fields: Mapping[str, Any] | None = None


_NO_OPTIONS = RequestOptions()


@dataclass(slots=True)  # freezing it would double the cost of making it
class Request(Generic[T]):
    """A call.

    :param path: the path below the base URL; all calls are POST.
    :param accept: the content types that the response may have.
    :param read: parses the body, given the headers; raises ``UnreadableError`` if it cannot.
    :param options: the settings of this call.
    :param json: the body as JSON, or
    :param form: the body as a form.
    :param added: fields that the kind of call adds, such as ``stream``.
    """

    path: str
    accept: str
    read: Callable[[bytes, Mapping[str, str]], T]
    options: RequestOptions
    json: Model | None = None
    form: Model | None = None
    added: Mapping[str, Any] | None = None

    def adding(self, accept: str, **fields: Any) -> Self:
        """Return the same call with further fields, for a response of another content type."""
        return replace(self, accept=accept, added={**(self.added or {}), **fields})

    def fields(self) -> dict[str, Any]:
        """Return all fields that are sent, by name."""
        body = self.form or self.json
        fields = body.given() if body else {}
        fields.update(self.added or ())
        fields.update(self.options.extra_fields or ())
        return fields

    def check_options(self) -> None:
        """Check the settings of this call.

        :raises ApiTypeError: when one has a wrong type.
        :raises ApiValueError: when one contradicts the request.
        """
        options = self.options
        if options == _NO_OPTIONS:
            return
        if options.host_index != 0:
            raise ApiValueError(f"_host_index is {options.host_index!r}; there is one host, 0")
        expected = "application/json" if self.form is None else "multipart/form-data"
        kind = options.content_type
        if kind is not None and str(kind).partition(";")[0].strip().lower() != expected:
            raise ApiValueError(f"_content_type is {kind!r}; this call is sent as {expected}")
        for field, name in _MAPPINGS.items():
            value = getattr(options, field)
            if not isinstance(value, (Mapping, type(None))):
                raise ApiTypeError(f"{name} is {type(value).__name__}; pass a dict")
