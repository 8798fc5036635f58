"""Additions to a transcript."""

from enum import Enum

from pydantic_core import from_json
from typing_extensions import Self


class TranscriptionInclude(str, Enum):
    """The documented additions to a transcript; any ``str`` is accepted too."""

    LOGPROBS = "logprobs"

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Return the member for a JSON text such as ``"logprobs"``, in quotes."""
        return cls(from_json(json_str))
