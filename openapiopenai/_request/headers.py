"""The headers of a request: precedence, authentication, and what HTTP allows in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: What RFC 9110 allows as a name, as a regular expression.
NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"

#: What it allows as a value, in Latin-1, which is how it is sent.
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

#: What a message says of any other value.
ILLEGAL_VALUE = (
    "holds a character that cannot stand in a header (a control character, or one outside Latin-1)"
)

#: Headers that say where a body ends. A caller's would contradict the body that is sent.
_FRAMING = frozenset({"content-length", "transfer-encoding"})


def is_header_value(text: str) -> bool:
    """Whether a text can be the value of a header."""
    return _VALUE.fullmatch(text) is not None


def authorization(
    given: Mapping[str, Any] | None, settings: Callable[[], Mapping[str, Any]]
) -> dict[str, str]:
    """Return the headers that authenticate a call.

    :param given: the call's own ``_request_auth``.
    :param settings: returns the client's, if the call has none of its own.
    :raises ApiValueError: when the call's own cannot be used.
    """
    if given:
        return dict([_auth_header(given)])
    return {setting["key"]: setting["value"] for setting in settings().values()}


def _auth_header(setting: Mapping[str, Any]) -> tuple[str, str]:
    place = setting.get("in", "header")
    if place not in ("header", "cookie"):
        raise ApiValueError(
            f"_request_auth puts the key into the {place}, and URLs are logged on the way; "
            "put it into a header"
        )
    missing = {"key", "value"} - setting.keys()
    if missing:
        raise ApiValueError(
            f"_request_auth lacks {' and '.join(sorted(missing))}; pass "
            "{'in': 'header', 'key': 'Authorization', 'value': 'Bearer ...'}"
        )
    value = str(setting["value"]).strip()
    return ("Cookie", f"{setting['key']}={value}") if place == "cookie" else (setting["key"], value)


def basic_auth(username: str | None, password: str | None) -> str | None:
    """Return the value of the header for HTTP basic authentication; None without credentials."""
    if username is None and password is None:
        return None
    import base64

    # UTF-8, where urllib3's make_headers knows only Latin-1
    pair = f"{username or ''}:{password or ''}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def merge_headers(headers: dict[str, str], overrides: Mapping[Any, Any] | None) -> None:
    """Override headers; None removes one.

    :param headers: headers with names in lower case; changed in place.
    :param overrides: a caller's headers, whatever the letter case of their names.
    :raises ApiValueError: when a caller's header would frame the body.
    """
    for name, value in (overrides or {}).items():
        key = name.lower() if isinstance(name, str) else name
        if value is None:
            headers.pop(key, None)
            continue
        if key in _FRAMING:
            raise ApiValueError(
                f"the header {key!r} describes the body, and the client sets it; leave it out"
            )
        headers[key] = value


def validate_headers(headers: Mapping[Any, Any]) -> None:
    """Check that headers can be sent, without quoting what may be a secret.

    :param headers: the headers of a request.
    :raises ApiTypeError: when a value is not a text.
    :raises ApiValueError: when a name or value cannot stand in a header.
    """
    if _are_plain(headers):
        return
    for name, value in headers.items():
        if not (isinstance(name, str) and re.fullmatch(NAME, name)):
            # not quoted: a key may stand there by mistake
            raise ApiValueError(
                "a header has an invalid name; use letters, digits and '-', and pass the value "
                "separately"
            )
        if not isinstance(value, str):
            raise ApiTypeError(f"the header {name!r} is {type(value).__name__}; pass a string")
        if not is_header_value(value):
            raise ApiValueError(f"the header {name!r} {ILLEGAL_VALUE}")


def _are_plain(headers: Mapping[Any, Any]) -> bool:
    """Check all headers at once, which settles it for nearly every call."""
    try:
        names, values = "".join(headers), "".join(headers.values())
    except TypeError:
        return False
    is_named = "" not in headers and names.isascii() and names.replace("-", "").isalnum()
    return is_named and values.isascii() and values.isprintable()
