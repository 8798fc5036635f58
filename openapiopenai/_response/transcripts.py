"""Transcripts from a response's body, in the variant that the request asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from openapiopenai._response.headers import media_type
from openapiopenai._response.json import UnreadableError, as_list, as_object, parse_json
from openapiopenai._response.lenient import parse_model, validate_leniently
from openapiopenai._response.text import decode_text, is_web_page
from openapiopenai.models.create_transcription200_response import CreateTranscription200Response
from openapiopenai.models.create_transcription_response_diarized_json import (
    CreateTranscriptionResponseDiarizedJson,
)
from openapiopenai.models.create_transcription_response_json import CreateTranscriptionResponseJson
from openapiopenai.models.create_transcription_response_verbose_json import (
    CreateTranscriptionResponseVerboseJson,
)
from openapiopenai.models.create_translation200_response import CreateTranslation200Response
from openapiopenai.models.create_translation_response_json import CreateTranslationResponseJson
from openapiopenai.models.create_translation_response_verbose_json import (
    CreateTranslationResponseVerboseJson,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openapiopenai.models.base import Model
    from openapiopenai.models.transcription_word import TranscriptionWord

_JSON = "json"

_TRANSCRIPTIONS: dict[str, type[Model]] = {
    "json": CreateTranscriptionResponseJson,
    "verbose_json": CreateTranscriptionResponseVerboseJson,
    "diarized_json": CreateTranscriptionResponseDiarizedJson,
}
_TRANSLATIONS: dict[str, type[Model]] = {
    "json": CreateTranslationResponseJson,
    "verbose_json": CreateTranslationResponseVerboseJson,
}

#: How JSON begins, unless it is a number: ``null``, objects, arrays and strings.
_JSON_STARTS = ("{", "[", '"', "null")

#: How a stream of events begins that LiteLLM sends as the text of a transcript.
_EVENT_START = "data:"

#: Keys that a ``json`` response has only if the server sends more than was requested.
_RICHER = ("segments", "words")


def transcription_reader(
    response_format: str | None,
) -> Callable[[bytes, Mapping[str, str]], CreateTranscription200Response]:
    """Return a function that parses a transcription.

    :param response_format: the format of the request; None for the default.
    :return: a function of body and headers.
    """

    def read(body: bytes, headers: Mapping[str, str]) -> CreateTranscription200Response:
        variant = _parse_variant(_TRANSCRIPTIONS, response_format, body, headers)
        return CreateTranscription200Response.model_construct(actual_instance=variant)

    return read


def translation_reader(
    response_format: str | None,
) -> Callable[[bytes, Mapping[str, str]], CreateTranslation200Response]:
    """Return a function that parses a translation.

    :param response_format: the format of the request; None for the default.
    :return: a function of body and headers.
    """

    def read(body: bytes, headers: Mapping[str, str]) -> CreateTranslation200Response:
        variant = _parse_variant(_TRANSLATIONS, response_format, body, headers)
        return CreateTranslation200Response.model_construct(actual_instance=variant)

    return read


def _parse_variant(
    variants: Mapping[str, type[Model]],
    response_format: str | None,
    body: bytes,
    headers: Mapping[str, str],
) -> Any:
    model = variants.get(response_format or _JSON)
    if model is None:
        text = _parse_text(body, headers)
        return _unwrap_events(text, text)
    result: Any = parse_model(model, body, headers)
    extra = result.model_extra
    if extra and response_format in (None, _JSON) and any(extra.get(key) for key in _RICHER):
        result = parse_model(_richer_variant(variants, extra), body, headers)
    if not isinstance(result, CreateTranscriptionResponseJson):  # which has no words
        for holder in (result, *_declared(result, "segments")):
            _fill_words(_declared(holder, "words"))
    return _unwrap_events(result, result.text)


def _unwrap_events(result: Any, text: str) -> Any:
    """Return the transcript in a stream of events that LiteLLM sends as a text."""
    if not text.startswith(_EVENT_START):
        return result
    from openapiopenai._response.events import TranscriptEvents, unwrap_events

    transcript = TranscriptEvents()
    events = unwrap_events(text)
    if not events:
        return result
    *_, last = transcript.parse(events)
    if isinstance(result, str):
        return transcript.text
    model = cast("type[Model]", type(result))
    return validate_leniently(model, {**last.to_dict(), "text": transcript.text})


def _richer_variant(variants: Mapping[str, type[Model]], extra: Mapping[str, Any]) -> type[Model]:
    """Return the variant of a body that has more than its format promises."""
    segments = as_list(extra.get("segments"))
    has_speakers = any(as_object(segment).get("speaker") is not None for segment in segments)
    is_diarized = has_speakers and "diarized_json" in variants
    return variants["diarized_json" if is_diarized else "verbose_json"]


def _fill_words(words: Sequence[TranscriptionWord]) -> None:
    """Read words from ``text``, which is LocalAI's name for them."""
    if not words or words[0].word is not None:  # a server has one name for all of them
        return
    for word in words:
        text = as_object(word.model_extra).get("text")
        if word.word is None and isinstance(text, str):
            # not by assignment: to_dict() returns what the server sent
            vars(word)["word"] = text


def _declared(holder: Model, name: str) -> Sequence[Any]:
    # not by getattr(): for a missing name, pydantic would build an exception first
    return vars(holder).get(name) or ()


def _parse_text(body: bytes, headers: Mapping[str, str]) -> str:
    """Return a transcript that is text, also where a server wraps it in JSON."""
    text = decode_text(body, headers)
    if is_web_page(text):
        raise UnreadableError("the response is a web page, not a transcript")
    is_json = media_type(headers).endswith("json")
    if not text.lstrip().startswith(_JSON_STARTS if is_json else "{") and (
        text.strip() or not is_json
    ):
        return text
    try:
        data = parse_json(text)
    except UnreadableError:
        if is_json:
            raise
        return text
    return _text_in(data)


def _text_in(data: Any) -> str:
    text = data if isinstance(data, str) else as_object(data).get("text")
    if not isinstance(text, str):
        raise UnreadableError("the response is JSON without a text")
    return text
