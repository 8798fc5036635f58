"""What the results of transcriptions and translations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from openapiopenai.models.base import Model, Wrapper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Unpack

    from openapiopenai.subtitles import Options, VttOptions

#: How much of the text ``repr`` shows, in characters.
_SHOWN = 60

#: What ``repr`` counts.
_COUNTED = ("segments", "words")


class Result(Wrapper):
    """A result of any format: ``str(result)`` is its text, attributes read through to the variant.

    So do the fields that a server adds (``result.x_groq``).
    """

    @property
    def text(self) -> str:
        """The text; with times where the format is ``srt`` or ``vtt``."""
        inner = self.actual_instance
        return inner if isinstance(inner, str) else inner.text

    @property
    def language(self) -> str | None:
        """The language as the server sends it; None if the format has none."""
        language = self._read("language")
        return language if isinstance(language, str) else None

    @property
    def duration(self) -> float | None:
        """The duration of the audio in seconds; None if the format has none."""
        duration = self._read("duration")
        return duration if isinstance(duration, (int, float)) else None

    def to_srt(self, **options: Unpack[Options]) -> str:
        """Return the result as SubRip subtitles.

        :param options: the options of :func:`openapiopenai.subtitles.to_srt`.
        :return: the text of a subtitle file.
        :raises ApiValueError: when the result has no times.
        """
        from openapiopenai import subtitles

        return subtitles.to_srt(self, **options)

    def to_vtt(self, **options: Unpack[VttOptions]) -> str:
        """Return the result as WebVTT subtitles.

        :param options: the options of :func:`openapiopenai.subtitles.to_vtt`.
        :return: the text of a subtitle file.
        :raises ApiValueError: when the result has no times.
        """
        from openapiopenai import subtitles

        return subtitles.to_vtt(self, **options)

    def _read(self, name: str) -> Any | None:
        """Return a field of the variant; None if it has none of that name."""
        return getattr(self.actual_instance, name, None)

    def __getattr__(self, name: str) -> Any:
        fields = self._fields()
        if name not in fields:
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name!r}; its "
                f"{type(vars(self).get('actual_instance')).__name__} has {', '.join(fields)}",
                name=name,
                obj=self,
            )
        return getattr(self.actual_instance, name)

    def _fields(self) -> list[str]:
        """Return the names of the variant's fields, with those that a server added."""
        inner = vars(self).get("actual_instance")  # not there yet while a copy is being made
        return (
            [*type(inner).model_fields, *(inner.model_extra or ())]
            if isinstance(inner, Model)
            else ["text"]
        )

    def __contains__(self, text: str) -> bool:
        return text in self.text

    def __format__(self, format_spec: str) -> str:
        return format(self.text, format_spec)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        text = self.text
        yield "text", text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        for name in _COUNTED:
            items: object = getattr(self, name, None)
            if isinstance(items, list) and items:
                yield name, len(cast("list[object]", items))

    def __str__(self) -> str:
        return self.text
