"""The result of a translation, in any format."""

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from openapiopenai.models.create_translation_response_json import CreateTranslationResponseJson
from openapiopenai.models.create_translation_response_verbose_json import (
    CreateTranslationResponseVerboseJson,
)
from openapiopenai.models.result import Result
from openapiopenai.models.transcription_segment import TranscriptionSegment

# the plainest first, since a mapping may be valid for several
_Variant: TypeAlias = CreateTranslationResponseJson | CreateTranslationResponseVerboseJson | str


class CreateTranslation200Response(Result):
    """A translation: ``str(result)`` is its text, the properties read through to the variant.

    :param actual_instance: the variant for the ``response_format``; a ``str`` for ``text``, ``srt``
        and ``vtt``.
    """

    actual_instance: _Variant = Field(description="The exact variant.")

    if TYPE_CHECKING:
        # pydantic's own takes keywords only
        def __init__(self, actual_instance: _Variant) -> None: ...

    @property
    def segments(self) -> list[TranscriptionSegment] | None:
        """The segments with their times; None if the format has none."""
        return self._read("segments")
