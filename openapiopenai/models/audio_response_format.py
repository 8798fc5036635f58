"""The formats that a transcript can have."""

from enum import Enum

from pydantic_core import from_json
from typing_extensions import Self


class AudioResponseFormat(str, Enum):
    """The formats of a transcript that the API's description names; any ``str`` is accepted."""

    JSON = "json"
    TEXT = "text"
    SRT = "srt"
    VERBOSE_JSON = "verbose_json"
    VTT = "vtt"
    DIARIZED_JSON = "diarized_json"

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Make the member from a JSON text such as ``"srt"``, in quotes."""
        return cls(from_json(json_str))
