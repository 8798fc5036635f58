"""Responses with 2xx that have no transcript."""

from __future__ import annotations

from typing import Any

from openapiopenai import (
    ApiDecodeException,
)

from .case import HTTP_INFO, PLAIN, Case
from .pieces import PAGE, in_format

UNREADABLE: list[tuple[str, Any, str | None]] = [
    ("a page", PAGE, "text/html"),
    ("a page without a doctype", "\n<html><body>no</body></html>", "text/html"),
    ("an empty object", {}, "application/json"),
    ("an error", {"error": {"message": "no more", "code": "full"}}, "application/json"),
    ("an error in a text", {"error": "no more"}, "application/json"),
    ("null", "null", "application/json"),
    ("nothing", "", "application/json"),
    ("white space", " \n", "application/json"),
    ("broken JSON", '{"text": "The ke', "application/json"),
    ("a text that is null", {"text": None}, "application/json"),
    ("a text that is a number", {"text": 7}, "application/json"),
    ("a list", [{"text": "Hi"}], "application/json"),
]

NO_TRANSCRIPTS = [
    Case(
        f"{name} for {response_format}",
        body,
        kind,
        call,
        in_format(response_format),
        raises=ApiDecodeException,
        ways=(PLAIN, HTTP_INFO) if call == "translation" else Case.ways,
    )
    for call, response_format in (
        ("transcription", "json"),
        ("transcription", "verbose_json"),
        ("transcription", "diarized_json"),
        ("transcription", "text"),
        ("transcription", "srt"),
        ("translation", "json"),
        ("translation", "vtt"),
    )
    for name, body, kind in UNREADABLE
]

EMPTY = [
    Case(
        f"{status} for {response_format}",
        "",
        None,
        options=in_format(response_format),
        status=status,
        raises=ApiDecodeException,
        message="no content",
    )
    for status in (204, 205)
    for response_format in ("json", "text")
]
