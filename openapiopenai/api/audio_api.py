"""The audio endpoints, each described once; see :mod:`openapiopenai.api.operation`."""

from collections.abc import Mapping
from typing import Any, Literal, Union, cast

from typing_extensions import TypeAliasType
from urllib3 import Retry

from openapiopenai._files.upload import AudioFile, Upload
from openapiopenai._request.arguments import validate_keys, validated
from openapiopenai._request.request import Request, RequestOptions
from openapiopenai._response.headers import EVENT_STREAM
from openapiopenai._response.speech import read_speech
from openapiopenai._response.transcripts import transcription_reader, translation_reader
from openapiopenai.api.operation import (
    operation,
    streaming,
    with_http_info,
    without_preload_content,
)
from openapiopenai.api_client import ApiClient
from openapiopenai.exceptions import ApiTypeError
from openapiopenai.models.audio_response_format import AudioResponseFormat
from openapiopenai.models.create_speech_request import CreateSpeechRequest, CreateSpeechRequestDict
from openapiopenai.models.create_transcription200_response import CreateTranscription200Response
from openapiopenai.models.create_transcription_request import (
    CreateTranscriptionRequest,
    KnownTranscriptionModel,
)
from openapiopenai.models.create_transcription_request_model import (
    CreateTranscriptionRequestModel,
)
from openapiopenai.models.create_translation200_response import CreateTranslation200Response
from openapiopenai.models.create_translation_request import (
    CreateTranslationRequest,
    KnownTranslationModel,
)
from openapiopenai.models.transcription_include import TranscriptionInclude
from openapiopenai.models.vad_config import VadConfig
from openapiopenai.streaming import SpeechStream, TranscriptionStream

# Union, not |: the values of an alias must exist on Python 3.10 too
SpeechRequest = TypeAliasType("SpeechRequest", Union[CreateSpeechRequest, CreateSpeechRequestDict])
TranscriptionModel = TypeAliasType(
    "TranscriptionModel", Union[CreateTranscriptionRequestModel, KnownTranscriptionModel, str]
)
TranslationModel = TypeAliasType(
    "TranslationModel", Union[CreateTranscriptionRequestModel, KnownTranslationModel, str]
)
ResponseFormat = TypeAliasType(
    "ResponseFormat",
    Union[
        AudioResponseFormat,
        Literal["json", "text", "srt", "verbose_json", "vtt", "diarized_json"],
        str,
    ],
)
ChunkingStrategy = TypeAliasType(
    "ChunkingStrategy", Union[Literal["auto"], VadConfig, Mapping[str, Any]]
)
RequestTimeout = TypeAliasType("RequestTimeout", Union[float, tuple[float, float]])
RequestAuth = TypeAliasType("RequestAuth", Mapping[str, Any])
RequestRetries = TypeAliasType("RequestRetries", Union[int, Retry])
Headers = TypeAliasType("Headers", Mapping[str, Union[str, None]])
ExtraFields = TypeAliasType("ExtraFields", Mapping[str, Any])

_AUDIO = "application/octet-stream, audio/*"
_JSON = "application/json"
_TEXT = "text/plain"

#: The format of a transcript -> the content types of its response, JSON for errors included.
_ACCEPTS = {
    None: _JSON,
    "json": _JSON,
    "verbose_json": _JSON,
    "diarized_json": _JSON,
    "srt": f"application/x-subrip, {_TEXT}, {_JSON}",
    "vtt": f"text/vtt, {_TEXT}, {_JSON}",
}
_ACCEPTS_TEXT = f"{_TEXT}, {_JSON}"

#: Fields that some servers accept in place of a file: where they fetch the recording.
_INSTEAD_OF_A_FILE = {"url", "file_url", "file_id"}


class AudioApi:
    """Text to speech, transcriptions and translations, over OpenAI's audio endpoints.

    Every method accepts these options besides its own parameters, for this call only:

    - ``_request_timeout``: seconds for the entire call (connecting, sending, waiting, reading,
      retries), or a pair for connecting and for each wait between bytes. Default:
      ``Configuration.timeout``; without that, 5 s to connect and 600 s between bytes. A ``read``
      of the caller's own that blocks cannot be interrupted.
    - ``_request_auth``: credentials in place of the client's, as one of
      ``Configuration.auth_settings()``:
      ``{"in": "header", "key": "Authorization", "value": "Bearer ..."}``.
    - ``_content_type``: accepted for compatibility; must be the content type that the request has.
    - ``_headers``: headers that override all others; None removes one.
    - ``_host_index``: accepted for compatibility; must be 0.
    - ``_retries``: retries in place of ``Configuration.retries``: False for none, a number, or a
      ``urllib3.Retry``. By keyword only.
    - ``_extra_fields``: further fields of the body, for servers that have more than OpenAI; they
      override the documented ones. By keyword only.

    Every method raises, besides what it names itself:

    - ``ApiTypeError`` or ``ApiValueError`` if an argument is wrong, before anything is sent.
    - ``ApiException`` if the status is not 2xx; its subclass depends on the status, see
      :mod:`openapiopenai.exceptions`.
    - ``ApiConnectionException`` if there is no response, ``ApiTimeoutException`` if there is none
      in time, ``ApiDecodeException`` if it cannot be understood.

    What is said about the API is from OpenAI's own description of it, version 2.3.0.

    :param api_client: the client that makes the calls. Default: :meth:`ApiClient.get_default`.
    """

    def __init__(self, api_client: ApiClient | None = None) -> None:
        self.api_client = ApiClient.get_default() if api_client is None else api_client
        if not hasattr(self.api_client, "call"):
            kind = type(self.api_client).__name__
            raise ApiTypeError(f"api_client is {kind}; pass an ApiClient: ApiClient(configuration)")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.api_client!r})"

    @operation
    def create_speech(
        self,
        create_speech_request: SpeechRequest,
        _request_timeout: RequestTimeout | None = None,
        _request_auth: RequestAuth | None = None,
        _content_type: str | None = None,
        _headers: Headers | None = None,
        _host_index: int = 0,
        *,
        _retries: RequestRetries | None = None,
        _extra_fields: ExtraFields | None = None,
    ) -> Request[bytearray]:
        """Turn a text into speech.

        :param create_speech_request: text, voice and model: a model or a ``dict`` with its keys.
        :return: the audio, in the requested format (``mp3`` by default), decoded if
            ``stream_format`` is ``sse``. Some libraries mishandle a ``bytearray`` (Django's
            ``HttpResponse``, Starlette's ``Response``, IPython's ``Audio``): pass them
            ``bytes(speech)``. ``SpeechStream.read()`` returns ``bytes``.
        """
        request = _speech_request(create_speech_request)
        return Request(
            "/audio/speech",
            EVENT_STREAM if request.stream_format == "sse" else _AUDIO,
            read_speech,
            RequestOptions(
                _request_timeout,
                _request_auth,
                _content_type,
                _headers,
                _host_index,
                _retries,
                _extra_fields,
            ),
            json=request,
        )

    create_speech_with_http_info = with_http_info(create_speech)
    create_speech_without_preload_content = without_preload_content(create_speech)
    create_speech_streaming = streaming(create_speech, SpeechStream)

    @operation
    def create_transcription(
        self,
        file: AudioFile | None,
        model: TranscriptionModel,
        language: str | None = None,
        prompt: str | None = None,
        response_format: ResponseFormat | None = None,
        temperature: float | None = None,
        timestamp_granularities: list[Literal["word", "segment"] | str] | str | None = None,
        _request_timeout: RequestTimeout | None = None,
        _request_auth: RequestAuth | None = None,
        _content_type: str | None = None,
        _headers: Headers | None = None,
        _host_index: int = 0,
        *,
        include: list[TranscriptionInclude | Literal["logprobs"] | str] | str | None = None,
        languages: list[str] | str | None = None,
        keywords: list[str] | str | None = None,
        chunking_strategy: ChunkingStrategy | None = None,
        known_speaker_names: list[str] | str | None = None,
        known_speaker_references: list[str] | str | None = None,
        _retries: RequestRetries | None = None,
        _extra_fields: ExtraFields | None = None,
    ) -> Request[CreateTranscription200Response]:
        """Transcribe a recording, in the language that is spoken in it.

        :param file: the recording: a path, bytes, a file opened with ``"rb"``, or a tuple
            ``(name, any of these)`` or ``(name, any of these, content type)``. None only if
            ``_extra_fields`` has a ``url``, for a server that fetches the recording.
        :param model: the name of the model: a known one, or any other that the server has.
        :param language: the language of the recording, as an ISO 639-1 code such as ``en``;
            improves accuracy and latency.
        :param prompt: a text whose style and spelling the transcript follows, in its language.
        :param response_format: the format of the transcript. Default: ``json``. The newer models
            have fewer.
        :param temperature: the sampling temperature, from 0 to 1. At 0 (default) the server
            raises it automatically if that helps.
        :param timestamp_granularities: the times in ``verbose_json``: ``segment`` (default),
            ``word``, or both.
        :param include: additions to the response: ``logprobs``, for the format ``json``.
        :param languages: the languages that may occur, as codes.
        :param keywords: words that are likely to occur, such as names.
        :param chunking_strategy: how the server cuts the recording: ``auto``, or a ``VadConfig``.
        :param known_speaker_names: the names of up to 4 speakers that may occur.
        :param known_speaker_references: a sample of each of them, as a data URL, 2 to 10 seconds
            long.
        :return: the transcript. ``str()`` of it is its text; ``actual_instance`` is the variant
            for the requested format.
        """
        request = validated(
            CreateTranscriptionRequest,
            _given(
                file=_upload(file, _extra_fields),
                model=model,
                language=language,
                prompt=prompt,
                response_format=response_format,
                temperature=temperature,
                timestamp_granularities=timestamp_granularities,
                include=include,
                languages=languages,
                keywords=keywords,
                chunking_strategy=chunking_strategy,
                known_speaker_names=known_speaker_names,
                known_speaker_references=known_speaker_references,
            ),
        )
        return Request(
            "/audio/transcriptions",
            _ACCEPTS.get(request.response_format, _ACCEPTS_TEXT),
            transcription_reader(request.response_format),
            RequestOptions(
                _request_timeout,
                _request_auth,
                _content_type,
                _headers,
                _host_index,
                _retries,
                _extra_fields,
            ),
            form=request,
        )

    create_transcription_with_http_info = with_http_info(create_transcription)
    create_transcription_without_preload_content = without_preload_content(create_transcription)
    create_transcription_streaming = streaming(create_transcription, TranscriptionStream)

    @operation
    def create_translation(
        self,
        file: AudioFile | None,
        model: TranslationModel,
        prompt: str | None = None,
        response_format: ResponseFormat | None = None,
        temperature: float | None = None,
        _request_timeout: RequestTimeout | None = None,
        _request_auth: RequestAuth | None = None,
        _content_type: str | None = None,
        _headers: Headers | None = None,
        _host_index: int = 0,
        *,
        _retries: RequestRetries | None = None,
        _extra_fields: ExtraFields | None = None,
    ) -> Request[CreateTranslation200Response]:
        """Translate a recording into English text.

        :param file: the recording, as for :meth:`create_transcription`.
        :param model: the name of the model: a known one, or any other that the server has.
        :param prompt: a text in English whose style the translation follows.
        :param response_format: the format of the translation. Default: ``json``.
        :param temperature: the sampling temperature, from 0 to 1. At 0 (default) the server
            raises it automatically if that helps.
        :return: the translation. ``str()`` of it is its text; ``actual_instance`` is the variant
            for the requested format.
        """
        request = validated(
            CreateTranslationRequest,
            _given(
                file=_upload(file, _extra_fields),
                model=model,
                prompt=prompt,
                response_format=response_format,
                temperature=temperature,
            ),
        )
        return Request(
            "/audio/translations",
            _ACCEPTS.get(request.response_format, _ACCEPTS_TEXT),
            translation_reader(request.response_format),
            RequestOptions(
                _request_timeout,
                _request_auth,
                _content_type,
                _headers,
                _host_index,
                _retries,
                _extra_fields,
            ),
            form=request,
        )

    create_translation_with_http_info = with_http_info(create_translation)
    create_translation_without_preload_content = without_preload_content(create_translation)


def _speech_request(given: Any) -> CreateSpeechRequest:
    if isinstance(given, Mapping):
        request = validated(CreateSpeechRequest, cast("Mapping[str, Any]", given))
    elif isinstance(given, CreateSpeechRequest):
        request = given
    else:
        raise ApiTypeError(
            f"create_speech_request is {type(given).__name__}; pass a CreateSpeechRequest, or a "
            "dict with its keys"
        )
    validate_keys(request, "create_speech_request")
    return request


def _given(file: Upload | None, model: Any, **options: Any) -> dict[str, Any]:
    """Return the arguments to validate: those without a default, and the others unless None."""
    given = {name: value for name, value in options.items() if value is not None}
    return {"file": file, "model": model, **given}


def _upload(file: AudioFile | None, extra_fields: ExtraFields | None) -> Upload | None:
    if file is None and _INSTEAD_OF_A_FILE.intersection(extra_fields or ()):
        return None
    return Upload.of(file)  # type: ignore[arg-type] # its error names what is wrong with None
