"""The base URL of a server, parsed once, when it is set."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from openapiopenai.exceptions import ApiTypeError, ApiValueError

_DEFAULT_PORTS = {"http": 80, "https": 443}

#: OpenAI itself, which takes no call without a key; its regions are names below it.
_OPENAI_HOST = "api.openai.com"


class BaseURL(NamedTuple):
    """The parts of a base URL."""

    scheme: str
    host: str
    port: int
    path: str
    query: str
    username: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, url: Any, setting: str = "host") -> BaseURL:
        """Parse a base URL.

        :param url: an ``http`` or ``https`` URL; a slash at its end makes no difference.
        :param setting: where it was set, for the messages.
        :return: its parts.
        :raises ApiTypeError: when it is not a ``str``.
        :raises ApiValueError: when no server can be reached by it; the message does not quote
            it, since it may hold a password.
        """
        if not isinstance(url, str):
            raise ApiTypeError(f"{setting} is {type(url).__name__}; pass a string: 'https://...'")
        split = _split(url.strip())
        if split is None:
            raise ApiValueError(f"{setting} is not a URL; pass one such as 'https://...'")
        parts, port = split
        scheme = parts.scheme.lower()
        if scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise ApiValueError(
                f"{setting} {_lack(scheme, parts.netloc)}; it must begin with 'https://' or "
                "'http://' and name a server: 'https://api.openai.com/v1'"
            )
        _refuse_controls(url, setting)
        return cls(
            scheme,
            parts.hostname,
            _DEFAULT_PORTS[scheme] if port is None else port,
            parts.path.rstrip("/"),
            parts.query,
            parts.username and unquote(parts.username),
            parts.password and unquote(parts.password),
        )

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two URLs share when they lead to the same server."""
        return self.scheme, self.host, self.port

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI itself."""
        return self.host == _OPENAI_HOST or self.host.endswith(f".{_OPENAI_HOST}")

    @property
    def root(self) -> str:
        """The URL of the server itself, without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        """The base URL again, without credentials."""
        return self.root + self.target("")

    def target(self, path: str) -> str:
        """Return the path and query of a request for a path below the base URL."""
        return f"{self.path}{path}?{self.query}" if self.query else self.path + path


def _lack(scheme: str, place: str) -> str:
    if scheme in _DEFAULT_PORTS:
        return "names no server"
    # in 'localhost:8000/v1' what stands before the colon is no scheme
    return f"has the scheme {scheme!r}" if scheme and place else "has no scheme"


def _split(url: str) -> tuple[SplitResult, int | None] | None:
    with suppress(ValueError):  # whose text may quote a password, chained even
        parts = urlsplit(url)
        return parts, parts.port
    return None


def _refuse_controls(url: str, setting: str) -> None:
    if any(character <= " " or character == "\x7f" for character in url.strip()):
        raise ApiValueError(f"{setting} holds a space or a control character; percent-escape it")
