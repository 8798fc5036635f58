"""The audio endpoints, each described once; see :mod:`openapiopenai.api.operation`."""

from collections.abc import Mapping
from typing import Any, Literal, Union, cast

from typing_extensions import TypeAliasType

from openapiopenai._files.upload import AudioFile, Upload
from openapiopenai._request.request import Overrides, Request
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
from openapiopenai.models.create_speech_request import CreateSpeechRequest
from openapiopenai.models.create_transcription200_response import CreateTranscription200Response
from openapiopenai.models.create_transcription_request import (
    CreateTranscriptionRequest,
    KnownTranscriptionModel,
)
from openapiopenai.models.create_transcription_request_model import (
    CreateTranscriptionRequestModel,
)
from openapiopenai.models.create_translation200_response import CreateTranslation200Response
from openapiopenai.models.create_translation_request import CreateTranslationRequest
from openapiopenai.models.transcription_include import TranscriptionInclude
from openapiopenai.models.vad_config import VadConfig
from openapiopenai.streaming import SpeechStream, TranscriptionStream

# Union, not |: the values of an alias must exist on Python 3.10 too
SpeechRequest = TypeAliasType("SpeechRequest", Union[CreateSpeechRequest, Mapping[str, Any]])
Model = TypeAliasType(
    "Model",
    Union[
        CreateTranscriptionRequestModel,
        KnownTranscriptionModel,
        str,
    ],
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
Headers = TypeAliasType("Headers", Mapping[str, Union[str, None]])
ExtraFields = TypeAliasType("ExtraFields", Mapping[str, Any])

_AUDIO = "application/octet-stream, audio/*"
_JSON = "application/json"
_TEXT = "text/plain"

#: The format of a transcript -> the content types that fit it, JSON for errors included.
_ACCEPTS = {
    None: _JSON,
    "json": _JSON,
    "verbose_json": _JSON,
    "diarized_json": _JSON,
    "srt": f"application/x-subrip, {_TEXT}, {_JSON}",
    "vtt": f"text/vtt, {_TEXT}, {_JSON}",
}
_ACCEPTS_TEXT = f"{_TEXT}, {_JSON}"

#: Fields by which some servers are told where the audio is, instead of being sent it.
_INSTEAD_OF_A_FILE = {"url", "file_url", "file_id"}


class AudioApi:
    """Speech and transcripts, over OpenAI's audio endpoints.

    Every method takes these beside its own parameters, for this call alone:

    - ``_request_timeout``: how long the call may take, in seconds: a number for all of it
      (connecting, sending, waiting, reading, trying again), or a pair for connecting and for
      each wait between bytes. Default: ``Configuration.timeout``; without that, 5 s to connect
      and 600 s between bytes.
    - ``_request_auth``: the key of this call, instead of the client's, as one of
      ``Configuration.auth_settings()``:
      ``{"in": "header", "key": "Authorization", "value": "Bearer ..."}``.
    - ``_content_type``: kept from the generated style; only the content type that the request
      has anyway is accepted.
    - ``_headers``: headers that win over all others; None as a value takes one away.
    - ``_host_index``: kept from the generated style; there is one host, 0.
    - ``_extra_fields``: further fields of the body, for servers that know more than OpenAI; they
      win over the documented ones.

    Every method raises, beside what it names itself:

    - ``ApiValueError``, ``ApiTypeError`` or pydantic's ``ValidationError`` when an argument
      cannot be used, before anything is sent.
    - ``ApiException`` when the answer is not 2xx: by status, see :mod:`openapiopenai.exceptions`.
    - ``ApiConnectionException`` when there is no answer, ``ApiTimeoutException`` when it is late,
      ``ApiDecodeException`` when nothing can be made of it.

    The facts about the API are those of OpenAI's own description of it, version 2.3.0.

    :param api_client: what makes the calls. Default: :meth:`ApiClient.get_default`.
    """

    def __init__(self, api_client: ApiClient | None = None) -> None:
        self.api_client = ApiClient.get_default() if api_client is None else api_client
        if not hasattr(self.api_client, "call"):
            kind = type(self.api_client).__name__
            raise ApiTypeError(f"api_client is {kind}; pass an ApiClient: ApiClient(configuration)")

    @operation
    def create_speech(
        self,
        create_speech_request: SpeechRequest,
        _request_timeout: RequestTimeout | None = None,
        _request_auth: RequestAuth | None = None,
        _content_type: str | None = None,
        _headers: Headers | None = None,
        _host_index: int = 0,
        _extra_fields: ExtraFields | None = None,
    ) -> Request[bytearray]:
        """Turn a text into speech.

        :param create_speech_request: the text, the voice and the model; a model or a ``dict``
            with its keys.
        :return: the audio, in the format that was asked for (``mp3`` by default). With
            ``stream_format="sse"`` it is decoded all the same.
        """
        asked = _speech_request(create_speech_request)
        return Request(
            "/audio/speech",
            EVENT_STREAM if asked.stream_format == "sse" else _AUDIO,
            read_speech,
            json=asked,
            overrides=Overrides(
                _request_timeout, _request_auth, _content_type, _headers, _host_index, _extra_fields
            ),
        )

    create_speech_with_http_info = with_http_info(create_speech)
    create_speech_without_preload_content = without_preload_content(create_speech)
    create_speech_streaming = streaming(create_speech, SpeechStream)

    @operation
    def create_transcription(
        self,
        file: AudioFile | None,
        model: Model,
        language: str | None = None,
        prompt: str | None = None,
        response_format: ResponseFormat | None = None,
        temperature: float | None = None,
        timestamp_granularities: list[Literal["word", "segment"] | str] | None = None,
        include: list[TranscriptionInclude | Literal["logprobs"] | str] | None = None,
        languages: list[str] | None = None,
        keywords: list[str] | None = None,
        chunking_strategy: ChunkingStrategy | None = None,
        known_speaker_names: list[str] | None = None,
        known_speaker_references: list[str] | None = None,
        _request_timeout: RequestTimeout | None = None,
        _request_auth: RequestAuth | None = None,
        _content_type: str | None = None,
        _headers: Headers | None = None,
        _host_index: int = 0,
        _extra_fields: ExtraFields | None = None,
    ) -> Request[CreateTranscription200Response]:
        """Transcribe a recording, in the language that is spoken in it.

        :param file: the recording: a path, bytes, a file opened with ``"rb"``, or a tuple
            ``(name, any of these)`` or ``(name, any of these, content type)``; flac, mp3, mp4,
            mpeg, mpga, m4a, ogg, wav or webm. None only where ``_extra_fields`` names a ``url``.
        :param model: the model: ``whisper-1``, ``gpt-transcribe``, ``gpt-4o-transcribe``,
            ``gpt-4o-mini-transcribe``, ``gpt-4o-transcribe-diarize``, or any that the server has.
        :param language: the language of the recording, as an ISO 639-1 code such as ``en``; makes
            the transcript better and faster.
        :param prompt: a text whose style and spelling the transcript follows, in its language.
        :param response_format: ``json`` (default), ``text``, ``srt``, ``verbose_json``, ``vtt``
            or ``diarized_json``; the newer models know fewer.
        :param temperature: the sampling temperature, from 0 to 1. At 0 (default) the server
            raises it by itself where that helps.
        :param timestamp_granularities: which times to give in ``verbose_json``: ``segment``
            (default), ``word``, or both.
        :param include: what to add: ``logprobs``, in the format ``json``.
        :param languages: the languages that may occur, as codes.
        :param keywords: words that are likely to occur, such as names.
        :param chunking_strategy: how the server cuts the recording: ``auto``, or a ``VadConfig``.
        :param known_speaker_names: names of speakers that may occur, at most 4.
        :param known_speaker_references: a sample of each of them, as a data URL, 2 to 10 seconds
            long.
        :return: the transcript. ``str()`` of it is its text; ``actual_instance`` is the variant
            that was asked for.
        """
        asked = CreateTranscriptionRequest(
            file=_upload(file, _extra_fields),
            model=model,
            **_given(
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
            _ACCEPTS.get(asked.response_format, _ACCEPTS_TEXT),
            transcription_reader(asked.response_format),
            form=asked,
            overrides=Overrides(
                _request_timeout, _request_auth, _content_type, _headers, _host_index, _extra_fields
            ),
        )

    create_transcription_with_http_info = with_http_info(create_transcription)
    create_transcription_without_preload_content = without_preload_content(create_transcription)
    create_transcription_streaming = streaming(create_transcription, TranscriptionStream)

    @operation
    def create_translation(
        self,
        file: AudioFile | None,
        model: Model,
        prompt: str | None = None,
        response_format: ResponseFormat | None = None,
        temperature: float | None = None,
        _request_timeout: RequestTimeout | None = None,
        _request_auth: RequestAuth | None = None,
        _content_type: str | None = None,
        _headers: Headers | None = None,
        _host_index: int = 0,
        _extra_fields: ExtraFields | None = None,
    ) -> Request[CreateTranslation200Response]:
        """Translate a recording into English text.

        :param file: the recording, as for :meth:`create_transcription`.
        :param model: the model: ``whisper-1``, or any other that the server has.
        :param prompt: a text in English whose style the translation follows.
        :param response_format: ``json`` (default), ``text``, ``srt``, ``verbose_json`` or ``vtt``.
        :param temperature: the sampling temperature, from 0 to 1. At 0 (default) the server
            raises it by itself where that helps.
        :return: the translation. ``str()`` of it is its text; ``actual_instance`` is the variant
            that was asked for.
        """
        asked = CreateTranslationRequest(
            file=_upload(file, _extra_fields),
            model=model,
            **_given(prompt=prompt, response_format=response_format, temperature=temperature),
        )
        return Request(
            "/audio/translations",
            _ACCEPTS.get(asked.response_format, _ACCEPTS_TEXT),
            translation_reader(asked.response_format),
            form=asked,
            overrides=Overrides(
                _request_timeout, _request_auth, _content_type, _headers, _host_index, _extra_fields
            ),
        )

    create_translation_with_http_info = with_http_info(create_translation)
    create_translation_without_preload_content = without_preload_content(create_translation)


def _speech_request(given: Any) -> CreateSpeechRequest:
    if isinstance(given, CreateSpeechRequest):
        return given
    if isinstance(given, Mapping):
        return CreateSpeechRequest.from_dict(cast("Mapping[str, Any]", given))
    raise ApiTypeError(
        f"create_speech_request is {type(given).__name__}; pass a CreateSpeechRequest, or a dict "
        "with its keys"
    )


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _upload(file: AudioFile | None, extra_fields: ExtraFields | None) -> Upload | None:
    if file is None and _INSTEAD_OF_A_FILE.intersection(extra_fields or ()):
        return None
    return Upload.of(file)  # type: ignore[arg-type] # it says what is wrong with None
