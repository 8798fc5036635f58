"""Multipart forms, parsed by python-multipart, with nothing forgiven."""

from __future__ import annotations

from dataclasses import dataclass

from python_multipart.multipart import MultipartParser, parse_options_header

from .http1 import Headers

HEADERS_OF_A_PART = 100
LONGEST_HEADER = 1 << 20


class MalformedFormError(ValueError):
    """The body is no complete and well-formed multipart form."""


@dataclass(frozen=True)
class Part:
    """One part of a form. ``name`` and ``filename`` are as sent: ``%22`` stays ``%22``."""

    name: str
    filename: str | None
    content_type: str | None
    headers: Headers
    content: bytes

    @property
    def text(self) -> str:
        """The content as UTF-8."""
        return self.content.decode()


def parse_form(content_type: str, body: bytes) -> list[Part]:
    """Parse a form; its parts come in the order in which they were sent.

    :raises ValueError: anything about it is malformed.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise MalformedFormError(f"not a multipart form: {content_type!r}")
    collector = _Collector(boundary)
    collector.read(body)
    if not body.removesuffix(b"\r\n").endswith(b"--" + boundary + b"--"):
        raise MalformedFormError(f"the form ends with {body[-80:]!r}")
    return [_part(*part) for part in collector.parts]


class _Collector:
    """Callbacks of the parser, which collect the parts."""

    def __init__(self, boundary: bytes) -> None:
        self.parts: list[tuple[list[tuple[bytes, bytes]], bytes]] = []
        self._name = self._value = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._content: list[bytes] = []
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_part_data": lambda data, start, end: self._content.append(data[start:end]),
                "on_part_end": self._end_part,
                "on_header_field": self._add_to_name,
                "on_header_value": self._add_to_value,
                "on_header_end": self._end_header,
                "on_end": self._end,
            },
            max_header_count=HEADERS_OF_A_PART,
            max_header_size=LONGEST_HEADER,
        )

    def read(self, body: bytes) -> None:
        self._parser.write(body)
        self._parser.finalize()
        if not self._ended:
            raise MalformedFormError("the form has no closing boundary")

    def _begin_part(self) -> None:
        self._headers, self._content = [], []

    def _add_to_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers.append((self._name, self._value))
        self._name = self._value = b""

    def _end_part(self) -> None:
        self.parts.append((self._headers, b"".join(self._content)))

    def _end(self) -> None:
        self._ended = True


def _part(raw_headers: list[tuple[bytes, bytes]], content: bytes) -> Part:
    headers = Headers([(name.decode("ascii"), value.decode()) for name, value in raw_headers])
    dispositions = [value for name, value in raw_headers if name.lower() == b"content-disposition"]
    if len(dispositions) != 1:
        raise MalformedFormError(f"a part with the headers {headers!r}")
    kind, options = parse_options_header(dispositions[0])
    if kind != b"form-data" or b"name" not in options or options.keys() - {b"name", b"filename"}:
        raise MalformedFormError(f"a part with the disposition {dispositions[0]!r}")
    return Part(
        name=options[b"name"].decode(),
        filename=options[b"filename"].decode() if b"filename" in options else None,
        content_type=headers.get("content-type"),
        headers=headers,
        content=content,
    )
