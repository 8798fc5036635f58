"""Speech from a response's body: the body itself, or base64 in events or JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openapiopenai._response.headers import EVENT_STREAM, media_type
from openapiopenai._response.json import UnreadableError, as_object, parse_json
from openapiopenai._response.text import decode_text, is_web_page

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How JSON and web pages begin. Audio may begin with any bytes, so one character is not enough.
_TEXT_OR_HTML = re.compile(
    rb"(\xef\xbb\xbf)?\s*(\{\s*(\"[\w ]{2}|\}\s*$)|<(!doctype|html|\?xml|head|body|!--))",
    re.IGNORECASE,
)

#: How many bytes :func:`looks_like_text` needs, besides white space.
HEAD_SIZE = 16


def looks_like_text(head: bytes) -> bool:
    """Whether a body begins as JSON or a web page does, and so may not be audio.

    :param head: its first bytes, :data:`HEAD_SIZE` or more unless the body is shorter.
    """
    return bool(_TEXT_OR_HTML.match(head))


def read_speech(body: bytes, headers: Mapping[str, str]) -> bytearray:
    """Return the audio of a response.

    :param body: the body.
    :param headers: its headers.
    :return: the audio.
    :raises UnreadableError: when there is none.
    """
    kind = media_type(headers)
    if kind == EVENT_STREAM:
        return _audio_of_events(body)
    may_be_text = looks_like_text(body)
    if kind.endswith("json") or (may_be_text and _is_json(body)):
        return _audio_of_json(body, headers)
    if kind.startswith("text/") or (may_be_text and is_web_page(decode_text(body[:64], {}))):
        raise UnreadableError("the response is text, not audio")
    if not body:
        raise UnreadableError("the response has no audio")
    return bytearray(body)


def _audio_of_events(body: bytes) -> bytearray:
    from openapiopenai._response.events import parse_speech
    from openapiopenai._response.sse import EventParser

    return bytearray().join(part.audio for part in parse_speech(EventParser().feed(body)))


def _audio_of_json(body: bytes, headers: Mapping[str, str]) -> bytearray:
    from openapiopenai._response.audio import find_audio

    audio = bytearray(find_audio(as_object(parse_json(decode_text(body, headers)))))
    if not audio:
        raise UnreadableError("the response is JSON without audio")
    return audio


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(parse_json(decode_text(body, {})), dict)
    except UnreadableError:
        return False
