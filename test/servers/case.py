"""A response of a server, and the value or error that the client makes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN, HTTP_INFO, STREAMING = "plain", "with_http_info", "streaming"

#: In ``Case.attrs``: the path leads nowhere, or to None.
ABSENT = object()


@dataclass(frozen=True)
class Case:
    """A response, and the value or the error expected from it.

    :param name: the server that responds so, and what is special about it.
    :param body: bytes or text; anything else is sent as JSON.
    :param kind: the content type; None for none.
    :param call: ``transcription``, ``translation`` or ``speech``.
    :param options: arguments of the call, besides the required ones.
    :param variant: the class of ``actual_instance``; ``str`` for a text.
    :param text: the transcript. In a stream, at its end.
    :param attrs: paths into the result (``segments.0.seek``), or attributes of the error.
    :param back: whether ``to_dict()`` equals the body.
    :param events: the types of the events of a stream.
    :param audio: the audio, decoded.
    :param raises: the error, and
    :param message: a part of its message.
    :param ways: the kinds of call that it is a response to.
    """

    name: str
    body: Any
    kind: str | None = "application/json"
    call: str = "transcription"
    options: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    variant: type | None = None
    text: str | None = None
    attrs: Mapping[str, Any] = field(default_factory=dict)
    back: bool = False
    events: tuple[str | None, ...] | None = None
    audio: bytes | None = None
    raises: type[Exception] | None = None
    message: str = ""
    ways: tuple[str, ...] = (PLAIN, HTTP_INFO, STREAMING)

    @property
    def content(self) -> bytes:
        """The body, in bytes."""
        if isinstance(self.body, bytes):
            return self.body
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode()

    @property
    def sent_headers(self) -> dict[str, str]:
        """The headers, with the content type."""
        return {**({"Content-Type": self.kind} if self.kind else {}), **self.headers}


def sse(*events: Any, end: str = "\n\n") -> str:
    """Return events as a server sends them: texts as they are, anything else as JSON data."""
    lines = (item if isinstance(item, str) else f"data: {json.dumps(item)}" for item in events)
    return "".join(line + end for line in lines)


def look_up(value: Any, path: str) -> Any:
    """Follow a path through attributes, keys and indexes; ABSENT where it ends early."""
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else ABSENT
        elif isinstance(value, dict):
            value = value.get(step, ABSENT)
        else:
            value = getattr(value, step, ABSENT)
    return value
