"""An answer's body becomes a value: a transcript in the variant that was asked for, or audio."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openapiopenai.headers import EVENT_STREAM, media_type
from openapiopenai.json_value import as_list, as_object
from openapiopenai.lenient import UnreadableError, decoded, parsed, read_json
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

#: How JSON begins, where it is not a number: ``null`` beside objects, lists and texts.
_JSON_STARTS = ("{", "[", '"', "null")

#: What a ``json`` answer only has where the server gives more than it was asked for.
_RICHER = ("segments", "words")

_PAGE_STARTS = ("<!doctype", "<html", "<?xml", "<head", "<body", "<!--")

#: How an answer begins that is JSON or a page, whatever its content type says. Sound may begin
#: with any bytes: so more than the first must fit.
_NO_SOUND = re.compile(
    rb"(\xef\xbb\xbf)?\s*(\{\s*(\"[\w ]{2}|\}\s*$)|<(!doctype|html|\?xml|head|body|!--))",
    re.IGNORECASE,
)

#: How many of its first bytes tell; white space is not counted, nor expected.
HEAD_SIZE = 16


def transcription_reader(
    response_format: str | None,
) -> Callable[[bytes, Mapping[str, str]], CreateTranscription200Response]:
    """Give what reads a transcript of a format.

    :param response_format: the format that was asked for; None for the default.
    :return: a function of body and headers.
    """

    def read(body: bytes, headers: Mapping[str, str]) -> CreateTranscription200Response:
        variant = _variant(_TRANSCRIPTIONS, response_format, body, headers)
        return CreateTranscription200Response.model_construct(actual_instance=variant)

    return read


def translation_reader(
    response_format: str | None,
) -> Callable[[bytes, Mapping[str, str]], CreateTranslation200Response]:
    """Give what reads a translation of a format.

    :param response_format: the format that was asked for; None for the default.
    :return: a function of body and headers.
    """

    def read(body: bytes, headers: Mapping[str, str]) -> CreateTranslation200Response:
        variant = _variant(_TRANSLATIONS, response_format, body, headers)
        return CreateTranslation200Response.model_construct(actual_instance=variant)

    return read


def is_doubtful(head: bytes) -> bool:
    """Tell whether an answer begins as JSON or a page does, and has to be read whole.

    :param head: its first bytes, at least :data:`HEAD_SIZE` where there are so many.
    :return: whether what it holds may be something other than sound.
    """
    return bool(_NO_SOUND.match(head))


def read_speech(body: bytes, headers: Mapping[str, str]) -> bytearray:
    """Give the audio of an answer: the body itself, or what events or JSON hold in base64.

    :param body: the body.
    :param headers: its headers.
    :return: the audio.
    :raises UnreadableError: when it holds none.
    """
    kind = media_type(headers)
    if kind == EVENT_STREAM:
        return _audio_of_events(body)
    is_doubted = is_doubtful(body)
    if kind.endswith("json") or (is_doubted and _is_json(body)):
        return _audio_of_json(body, headers)
    if kind.startswith("text/") or (is_doubted and _is_page(decoded(body[:64], {}))):
        raise UnreadableError("the answer is a text, not audio")
    if not body:
        raise UnreadableError("the answer holds no audio")
    return bytearray(body)


def _variant(
    variants: Mapping[str, type[Model]],
    response_format: str | None,
    body: bytes,
    headers: Mapping[str, str],
) -> Model | str:
    model = variants.get(response_format or _JSON)
    if model is None:
        return _plain_text(body, headers)
    result: Any = read_json(model, body, headers)
    extra = result.model_extra
    if extra and response_format in (None, _JSON) and any(extra.get(key) for key in _RICHER):
        result = read_json(_richer(variants, extra), body, headers)
    if not isinstance(result, CreateTranscriptionResponseJson):  # which knows no words
        for holder in (result, *_given(result, "segments")):
            _name_words(_given(holder, "words"))
    return result  # type: ignore[no-any-return]


def _richer(variants: Mapping[str, type[Model]], extra: Mapping[str, Any]) -> type[Model]:
    """Tell which variant a body is that has more than its format promises."""
    segments = as_list(extra.get("segments"))
    spoken_by = any(as_object(segment).get("speaker") is not None for segment in segments)
    return variants[
        "diarized_json" if spoken_by and "diarized_json" in variants else "verbose_json"
    ]


def _name_words(words: Sequence[TranscriptionWord]) -> None:
    """Read words from ``text`` where a server calls them so (LocalAI)."""
    if not words or words[0].word is not None:  # a server has one name for all of them
        return
    for word in words:
        text = as_object(word.model_extra).get("text")
        if word.word is None and isinstance(text, str):
            # not as an attribute is set: it was not given, and to_dict() gives what was
            vars(word)["word"] = text


def _given(holder: Model, name: str) -> Sequence[Any]:
    # what the schema does not name is not asked for: pydantic would make an error of it first
    return vars(holder).get(name) or ()


def _plain_text(body: bytes, headers: Mapping[str, str]) -> str:
    """Give a transcript that is text, also where a server wraps it in JSON all the same."""
    text = decoded(body, headers)
    if _is_page(text):
        raise UnreadableError("the answer is a web page, not a transcript")
    promised = media_type(headers).endswith("json")
    if not text.lstrip().startswith(_JSON_STARTS if promised else "{") and (
        text.strip() or not promised
    ):
        return text
    try:
        data = parsed(text)
    except UnreadableError:
        if promised:
            raise
        return text
    return _text_of_json(data)


def _text_of_json(data: Any) -> str:
    text = data if isinstance(data, str) else as_object(data).get("text")
    if not isinstance(text, str):
        raise UnreadableError("the answer is JSON without a text")
    return text


def _audio_of_events(body: bytes) -> bytearray:
    from openapiopenai.event_stream import EventParser
    from openapiopenai.events import speech_part

    parts = [speech_part(event) for event in EventParser().feed(body)]
    if not any(part.is_end for part in parts):
        raise UnreadableError("the stream of events broke off before its end")
    audio = bytearray().join(part.audio for part in parts)
    if not audio:
        raise UnreadableError("the answer holds no audio")
    return audio


def _audio_of_json(body: bytes, headers: Mapping[str, str]) -> bytearray:
    from openapiopenai.events import audio_in

    audio = bytearray(audio_in(as_object(parsed(decoded(body, headers)))))
    if not audio:
        raise UnreadableError("the answer is JSON without audio")
    return audio


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(parsed(decoded(body, {})), dict)
    except UnreadableError:
        return False


def _is_page(text: str) -> bool:
    return text.lstrip()[:16].lower().startswith(_PAGE_STARTS)
