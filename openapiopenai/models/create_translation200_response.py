"""The answer to a translation, whatever its format."""

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from openapiopenai.models.base import Wrapper
from openapiopenai.models.create_translation_response_json import CreateTranslationResponseJson
from openapiopenai.models.create_translation_response_verbose_json import (
    CreateTranslationResponseVerboseJson,
)
from openapiopenai.models.transcription_segment import TranscriptionSegment

# the plainest first: where a mapping fits both alike, it is that one
_Variant: TypeAlias = CreateTranslationResponseJson | CreateTranslationResponseVerboseJson | str


class CreateTranslation200Response(Wrapper):
    """A translation: ``str(result)`` is its text, the properties read through to the variant.

    :param actual_instance: the variant that was asked for by ``response_format``; a ``str`` for
        ``text``, ``srt`` and ``vtt``.
    """

    actual_instance: _Variant = Field(description="The exact variant.")

    if TYPE_CHECKING:
        # pydantic's own is by keyword alone
        def __init__(self, actual_instance: _Variant) -> None: ...

    @property
    def text(self) -> str:
        """The translation; with times where the format is ``srt`` or ``vtt``."""
        inner = self.actual_instance
        return inner if isinstance(inner, str) else inner.text

    @property
    def language(self) -> str | None:
        """The language that the server names; None where the format has none."""
        language = getattr(self.actual_instance, "language", None)
        return language if isinstance(language, str) else None

    @property
    def duration(self) -> float | None:
        """The duration of the audio in seconds; None where the format has none."""
        duration = getattr(self.actual_instance, "duration", None)
        return duration if isinstance(duration, (int, float)) else None

    @property
    def segments(self) -> list[TranscriptionSegment] | None:
        """The segments with their times; None where the format has none."""
        return getattr(self.actual_instance, "segments", None)

    def __str__(self) -> str:
        return self.text
