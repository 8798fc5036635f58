"""The result of a transcription, in any format."""

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from openapiopenai.models.create_transcription_response_diarized_json import (
    CreateTranscriptionResponseDiarizedJson,
)
from openapiopenai.models.create_transcription_response_json import CreateTranscriptionResponseJson
from openapiopenai.models.create_transcription_response_verbose_json import (
    CreateTranscriptionResponseVerboseJson,
)
from openapiopenai.models.result import Result
from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens
from openapiopenai.models.transcription_diarized_segment import TranscriptionDiarizedSegment
from openapiopenai.models.transcription_language import TranscriptionLanguage
from openapiopenai.models.transcription_logprob import TranscriptionLogprob
from openapiopenai.models.transcription_segment import TranscriptionSegment
from openapiopenai.models.transcription_word import TranscriptionWord

# the plainest first, since a mapping may be valid for several
_Variant: TypeAlias = (
    CreateTranscriptionResponseJson
    | CreateTranscriptionResponseVerboseJson
    | CreateTranscriptionResponseDiarizedJson
    | str
)


class CreateTranscription200Response(Result):
    """A transcript: ``str(result)`` is its text, the properties read through to the variant.

    :param actual_instance: the variant for the ``response_format``; a ``str`` for ``text``, ``srt``
        and ``vtt``.
    """

    actual_instance: _Variant = Field(description="The exact variant.")

    if TYPE_CHECKING:
        # pydantic's own takes keywords only
        def __init__(self, actual_instance: _Variant) -> None: ...

    @property
    def languages(self) -> list[TranscriptionLanguage] | None:
        """The languages that were detected; None if the server does not report any."""
        return self._read("languages")

    @property
    def segments(self) -> list[TranscriptionSegment] | list[TranscriptionDiarizedSegment] | None:
        """The segments with their times; None if the format has none."""
        return self._read("segments")

    @property
    def words(self) -> list[TranscriptionWord] | None:
        """The words with their times, even if the server sends them inside the segments."""
        words: list[TranscriptionWord] | None = self._read("words")
        return self._words_of_segments() if words is None else words

    @property
    def usage(self) -> TranscriptTextUsageTokens | TranscriptTextUsageDuration | None:
        """The usage of the call, in tokens or seconds; None if the server does not report it."""
        return self._read("usage")

    @property
    def logprobs(self) -> list[TranscriptionLogprob] | None:
        """The log probability of each token; None if it was not requested."""
        return self._read("logprobs")

    def _words_of_segments(self) -> list[TranscriptionWord] | None:
        if isinstance(self.actual_instance, (str, CreateTranscriptionResponseJson)):
            return None
        segments = self.actual_instance.segments or []
        return [word for segment in segments for word in segment.words or []] or None
