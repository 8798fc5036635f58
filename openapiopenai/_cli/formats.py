"""Which format to request for those that are wanted, and one result written in each of them."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from openapiopenai._cli.arguments import FORMATS
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from openapiopenai._cli.arguments import Arguments
    from openapiopenai.models.create_transcription200_response import CreateTranscription200Response
    from openapiopenai.models.create_translation200_response import CreateTranslation200Response

    Result: TypeAlias = CreateTranscription200Response | CreateTranslation200Response

#: The formats that need the times of segments or words.
_TIMED = frozenset({"srt", "vtt", "tsv"})

#: The formats that are better with the times of words.
_OF_WORDS = frozenset({"srt", "vtt"})

#: Models -> the richest format that they know (OpenAI's speech-to-text guide); the first pattern
#: that matches counts. All others are taken to know ``verbose_json``, as whisper's do.
_RICHEST = {
    "gpt-4o-*-diarize*": "diarized_json",
    "gpt-4o-*": "json",
    "gpt-transcribe*": "json",
    "*": "verbose_json",
}


def choose_formats(given: list[str], model: str) -> list[str]:
    """Choose the formats to write.

    :param given: the formats given, ``all`` among them perhaps; none means ``txt``.
    :param model: the model.
    :return: the formats in order; for ``all``, those that the model's results can be written in.
    :raises ApiValueError: if one needs times, which the model does not return.
    """
    has_times = _richest_format(model) != "json"
    if not has_times and _TIMED.intersection(given):
        wanted = " and ".join(sorted(_TIMED.intersection(given)))
        raise ApiValueError(
            f"{model} returns no times, which {wanted} needs; use whisper-1, or "
            "gpt-4o-transcribe-diarize"
        )
    if "all" in given:
        return [name for name in FORMATS if has_times or name not in _TIMED]
    return list(dict.fromkeys(given)) or ["txt"]


def request_parameters(formats: list[str], model: str, *, translates: bool) -> dict[str, Any]:
    """Choose the parameters of the one call from whose result all formats can be written.

    :param formats: the formats to write.
    :param model: the model.
    :param translates: whether the call is a translation, which has fewer parameters.
    :return: the parameters.
    """
    # every model knows json, and its result names the usage, as that of text does not
    response_format = "json" if formats == ["txt"] else _richest_format(model)
    parameters: dict[str, Any] = {"response_format": response_format}
    if translates:
        return parameters
    if response_format == "verbose_json" and _OF_WORDS.intersection(formats):
        parameters["timestamp_granularities"] = ["word", "segment"]
    if response_format == "diarized_json":
        parameters["chunking_strategy"] = "auto"  # required beyond 30 s (the same guide)
    return parameters


def render(result: Result, name: str, arguments: Arguments) -> str:
    """Write a result in a format.

    :param result: a transcript or a translation.
    :param name: the format.
    :param arguments: the options for subtitles.
    :return: the content of the file.
    :raises ApiValueError: if the result lacks the times that the format needs.
    """
    return _RENDERERS[name](result, arguments)


def _richest_format(model: str) -> str:
    name = model.rpartition("/")[2]  # gateways put a provider before it: openai/whisper-1
    return next(known for pattern, known in _RICHEST.items() if fnmatch(name, pattern))


def _txt(result: Result, _: Arguments) -> str:
    return f"{result.text.strip()}\n"


def _srt(result: Result, arguments: Arguments) -> str:
    from openapiopenai import subtitles

    return subtitles.to_srt(result, **_subtitle_options(arguments))


def _vtt(result: Result, arguments: Arguments) -> str:
    from openapiopenai import subtitles

    options = _subtitle_options(arguments)
    return subtitles.to_vtt(result, highlight_words=arguments.highlight_words, **options)


def _json(result: Result, _: Arguments) -> str:
    """Return JSON that any encoding of a console can hold, as openai-whisper writes it."""
    return json.dumps(result.to_dict(), indent=2) + "\n"


def _tsv(result: Result, _: Arguments) -> str:
    """Return a line for each segment, with its times in milliseconds, as openai-whisper does."""
    rows = [
        (_milliseconds(segment.start), _milliseconds(segment.end), _one_line(segment.text))
        for segment in result.segments or ()
        if segment.start is not None and segment.end is not None
    ]
    if not rows and result.text.strip():
        raise ApiValueError("the result has no times, which tsv needs; use another model, or txt")
    return "".join("\t".join(row) + "\n" for row in [("start", "end", "text"), *rows])


def _subtitle_options(arguments: Arguments) -> dict[str, Any]:
    options = {
        "max_line_length": arguments.max_line_length,
        "max_words": arguments.max_words,
        "speakers": arguments.speakers,
    }
    return {name: value for name, value in options.items() if value is not None}


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


_RENDERERS: dict[str, Callable[[Result, Arguments], str]] = {
    "txt": _txt,
    "srt": _srt,
    "vtt": _vtt,
    "json": _json,
    "tsv": _tsv,
}
