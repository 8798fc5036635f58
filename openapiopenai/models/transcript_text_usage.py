"""The usage of a call, in tokens or in seconds of audio."""

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Tag

from openapiopenai._response.json import as_object
from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens

# the names of the classes, since pydantic puts a tag into the location of an error
_TOKENS = TranscriptTextUsageTokens.__name__
_DURATION = TranscriptTextUsageDuration.__name__

_BY_TYPE = {"tokens": _TOKENS, "duration": _DURATION}


def _class_of(usage: Any) -> str:
    """Return the name of the class of a usage: by its type, else by its fields."""
    fields = as_object(usage)
    kind = fields.get("type")
    if isinstance(kind, str) and kind in _BY_TYPE:
        return _BY_TYPE[kind]
    is_timed = "seconds" in fields or isinstance(usage, TranscriptTextUsageDuration)
    return _DURATION if is_timed else _TOKENS


#: Without the discriminator, pydantic would try both classes and reject a usage with a bad value.
TranscriptTextUsage: TypeAlias = Annotated[
    Annotated[TranscriptTextUsageTokens, Tag(_TOKENS)]
    | Annotated[TranscriptTextUsageDuration, Tag(_DURATION)],
    Discriminator(_class_of),
]
