"""The headers of a request: who asks, what goes over what, and what may stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openapiopenai.configuration import Configuration

#: What RFC 9110 allows, as regular expressions; a value as Latin-1, which is how it is sent.
NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
VALUE = r"[\t\x20-\x7e\x80-\xff]*"


def authorization(given: Mapping[str, Any] | None, configuration: Configuration) -> dict[str, str]:
    """Give the header that says who asks: the call's own, else the configuration's."""
    if given:
        return dict([_auth_header(given)])
    settings = configuration.auth_settings().values()
    return {setting["key"]: setting["value"] for setting in settings}


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


def put_over(headers: dict[str, str], given: Mapping[Any, Any] | None) -> None:
    """Put headers over others; None takes one away.

    :param headers: the others, with names in lower case; changed in place.
    :param given: the headers, whatever the letter case of their names.
    """
    for name, value in (given or {}).items():
        key = name.lower() if isinstance(name, str) else name
        if value is None:
            headers.pop(key, None)
        else:
            headers[key] = value


def refuse_unsendable(headers: Mapping[Any, Any]) -> None:
    """Say what is wrong with headers, if anything is, without quoting what may be a secret.

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
                "a header has a name that no header can have; pass letters, digits and '-', and "
                "the value as the value"
            )
        if not isinstance(value, str):
            raise ApiTypeError(f"the header {name!r} is {type(value).__name__}; pass a text")
        if not re.fullmatch(VALUE, value):
            raise ApiValueError(
                f"the header {name!r} holds a character that cannot stand in a header (a control "
                "character, or one outside Latin-1)"
            )


def _are_plain(headers: Mapping[Any, Any]) -> bool:
    """Look at all headers at once: that settles it for nearly every call."""
    try:
        names, values = "".join(headers), "".join(headers.values())
    except TypeError:
        return False
    is_named = "" not in headers and names.isascii() and names.replace("-", "").isalnum()
    return is_named and values.isascii() and values.isprintable()
