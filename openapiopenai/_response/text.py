"""Bodies as text, in whatever charset they come."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING

from openapiopenai._response.headers import charset

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Codecs of Python's that are not charsets of the web: escapes, and UTF-7, which browsers refuse.
_NOT_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}

_PAGE_STARTS = ("<!doctype", "<html", "<?xml", "<head", "<body", "<!--")


def decode_text(body: bytes, headers: Mapping[str, str]) -> str:
    """Decode a body, whatever its charset, and remove a byte order mark.

    :param body: the body.
    :param headers: its headers, whose charset is used if Python knows it.
    :return: the text; bytes that cannot be decoded are replaced.
    """
    detected = json.detect_encoding(body)  # by byte order marks, and by the zeros of UTF-16
    name = detected if detected != "utf-8" else charset(headers) or detected
    try:
        is_charset = codecs.lookup(name).name not in _NOT_CHARSETS
        text = body.decode(name if is_charset else "utf-8", "replace")
    except (LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.removeprefix("\ufeff")


def is_web_page(text: str) -> bool:
    """Whether a text begins as HTML or XML does."""
    return text.lstrip()[:16].lower().startswith(_PAGE_STARTS)
