"""A call as a value: what to send, and how to read what comes back. Nothing here sends anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from openapiopenai._transport.timeouts import RequestTimeout
    from openapiopenai.models.base import Model

T = TypeVar("T")


class Overrides(NamedTuple):
    """What a single call sets otherwise than the client: documented on ``AudioApi``."""

    timeout: RequestTimeout = None
    auth: Mapping[str, Any] | None = None
    content_type: str | None = None
    headers: Mapping[str, str | None] | None = None
    host_index: int = 0
    extra_fields: Mapping[str, Any] | None = None


@dataclass(slots=True)  # freezing it would double what making it costs
class Request(Generic[T]):
    """One call.

    :param path: the path below the base URL; all calls are POST.
    :param accept: the content types that are welcome as an answer.
    :param read: makes the value from the body and its headers; raises
        ``UnreadableError`` when nothing can be made of them.
    :param overrides: what this call sets otherwise than the client.
    :param json: the body as JSON, or
    :param form: the body as a form.
    :param added: fields that the kind of call adds, such as ``stream``.
    """

    path: str
    accept: str
    read: Callable[[bytes, Mapping[str, str]], T]
    overrides: Overrides
    json: Model | None = None
    form: Model | None = None
    added: Mapping[str, Any] | None = None

    def adding(self, accept: str, **fields: Any) -> Self:
        """Give the same call with further fields, for an answer of another content type."""
        return replace(self, accept=accept, added={**(self.added or {}), **fields})

    def fields(self) -> dict[str, Any]:
        """Give all fields that are to be sent, by name."""
        body = self.form or self.json
        fields = body.given() if body else {}
        fields.update(self.added or ())
        fields.update(self.overrides.extra_fields or ())
        return fields
