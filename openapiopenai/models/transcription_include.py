"""What a transcript can be asked to include."""

from enum import Enum

from pydantic_core import from_json
from typing_extensions import Self


class TranscriptionInclude(str, Enum):
    """The additions that the API's description names; any ``str`` is accepted."""

    LOGPROBS = "logprobs"

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Make the member from a JSON text such as ``"logprobs"``, in quotes."""
        return cls(from_json(json_str))
