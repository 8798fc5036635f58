"""The formats of a transcript."""

from enum import Enum

from pydantic_core import from_json
from typing_extensions import Self


class AudioResponseFormat(str, Enum):
    """The documented formats of a transcript; any ``str`` is accepted too."""

    JSON = "json"
    TEXT = "text"
    SRT = "srt"
    VERBOSE_JSON = "verbose_json"
    VTT = "vtt"
    DIARIZED_JSON = "diarized_json"

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Return the member for a JSON text such as ``"srt"``, in quotes."""
        return cls(from_json(json_str))
