"""Audio that servers send as base64 in JSON."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from openapiopenai._response.json import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The keys of base64 audio; Mistral's is ``audio_data``.
_KEYS = ("audio", "audio_data")


def find_audio(data: Mapping[str, Any]) -> bytes:
    """Decode the audio in a JSON object.

    :param data: a response, or an event.
    :return: the audio; empty if there is none.
    :raises UnreadableError: when it is not base64.
    """
    found = (data.get(key) for key in _KEYS)
    text = next((value for value in found if isinstance(value, str)), "")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError(f"the audio in the response is not base64: {error}") from error
