"""A client for the audio endpoints of OpenAI and of servers with the same API.

The path of one call, down and up again::

    AudioApi.create_*        describes the call: what is sent, how the response is parsed
      -> ApiClient             serialises it: URL, headers, credentials, JSON or form
        -> RESTClientObject    sends it: pool, deadline, retries; the only I/O
      <- ApiClient             interprets the response: an exception, or a value
    <- the caller            a value, an ApiResponse, an unread response, or a stream

What users import is on the top level and in ``api/`` and ``models/``. The private packages follow
the path of a call:

    _request/      what goes out: the request as a value, its body and its headers
    _files/        the audio file in it: its name, content type and bytes
    _settings/     the parts of a configuration: checks, credentials, logs
    _transport/    how it travels: pools, connections, deadlines, proxies, TLS, retries
    _response/     what comes back: values, streams, and lenient validation
    _settings/     the parts of a configuration: checks, credentials, logging

Beside the client, which imports none of them by itself:

    subtitles/     SubRip and WebVTT from results with times
    longform/      recordings and texts of any length (extra ``longform``)
    cli.py, _cli/  the command ``openapiopenai``
    local/         a speech server for development (extra ``local``)

Nothing in ``_transport/`` knows of audio, and nothing else of sockets. Names are loaded on first
use, so that the import costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "2.0.0"

#: Module -> the public names in it. What is not here is a model, in the file of its name. Type
#: checkers read all of it from the imports below; a test compares the two.
_MODULES = {
    "api.audio_api": ("AudioApi",),
    "api_client": ("ApiClient",),
    "api_response": ("ApiResponse",),
    "configuration": ("Configuration",),
    "models.create_speech_request": ("CreateSpeechRequestDict",),
    "exceptions": (
        "ApiAttributeError",
        "ApiConnectionException",
        "ApiDecodeException",
        "ApiException",
        "ApiKeyError",
        "ApiTimeoutException",
        "ApiTypeError",
        "ApiValueError",
        "BadRequestException",
        "ConflictException",
        "ForbiddenException",
        "NotFoundException",
        "OpenApiException",
        "PayloadTooLargeException",
        "ServiceException",
        "TooManyRequestsException",
        "UnauthorizedException",
        "UnprocessableEntityException",
    ),
    "_transport.retry": ("RetryPolicy",),
    "streaming": ("SpeechStream", "TranscriptionStream"),
}

if TYPE_CHECKING:
    from openapiopenai._transport.retry import RetryPolicy
    from openapiopenai.api.audio_api import AudioApi
    from openapiopenai.api_client import ApiClient
    from openapiopenai.api_response import ApiResponse
    from openapiopenai.configuration import Configuration
    from openapiopenai.exceptions import (
        ApiAttributeError,
        ApiConnectionException,
        ApiDecodeException,
        ApiException,
        ApiKeyError,
        ApiTimeoutException,
        ApiTypeError,
        ApiValueError,
        BadRequestException,
        ConflictException,
        ForbiddenException,
        NotFoundException,
        OpenApiException,
        PayloadTooLargeException,
        ServiceException,
        TooManyRequestsException,
        UnauthorizedException,
        UnprocessableEntityException,
    )
    from openapiopenai.models.audio_response_format import AudioResponseFormat
    from openapiopenai.models.create_speech_request import (
        CreateSpeechRequest,
        CreateSpeechRequestDict,
    )
    from openapiopenai.models.create_speech_request_model import CreateSpeechRequestModel
    from openapiopenai.models.create_speech_response_stream_event import (
        CreateSpeechResponseStreamEvent,
    )
    from openapiopenai.models.create_transcription200_response import CreateTranscription200Response
    from openapiopenai.models.create_transcription_request import CreateTranscriptionRequest
    from openapiopenai.models.create_transcription_request_model import (
        CreateTranscriptionRequestModel,
    )
    from openapiopenai.models.create_transcription_response_diarized_json import (
        CreateTranscriptionResponseDiarizedJson,
    )
    from openapiopenai.models.create_transcription_response_json import (
        CreateTranscriptionResponseJson,
    )
    from openapiopenai.models.create_transcription_response_stream_event import (
        CreateTranscriptionResponseStreamEvent,
    )
    from openapiopenai.models.create_transcription_response_verbose_json import (
        CreateTranscriptionResponseVerboseJson,
    )
    from openapiopenai.models.create_translation200_response import CreateTranslation200Response
    from openapiopenai.models.create_translation_request import CreateTranslationRequest
    from openapiopenai.models.create_translation_response_json import CreateTranslationResponseJson
    from openapiopenai.models.create_translation_response_verbose_json import (
        CreateTranslationResponseVerboseJson,
    )
    from openapiopenai.models.custom_voice import CustomVoice
    from openapiopenai.models.error import Error
    from openapiopenai.models.error_response import ErrorResponse
    from openapiopenai.models.speech_audio_delta_event import SpeechAudioDeltaEvent
    from openapiopenai.models.speech_audio_done_event import SpeechAudioDoneEvent
    from openapiopenai.models.speech_audio_done_event_usage import SpeechAudioDoneEventUsage
    from openapiopenai.models.stream_event import StreamEvent
    from openapiopenai.models.transcript_text_delta_event import TranscriptTextDeltaEvent
    from openapiopenai.models.transcript_text_done_event import TranscriptTextDoneEvent
    from openapiopenai.models.transcript_text_segment_event import TranscriptTextSegmentEvent
    from openapiopenai.models.transcript_text_usage_duration import TranscriptTextUsageDuration
    from openapiopenai.models.transcript_text_usage_tokens import TranscriptTextUsageTokens
    from openapiopenai.models.transcript_text_usage_tokens_input_token_details import (
        TranscriptTextUsageTokensInputTokenDetails,
    )
    from openapiopenai.models.transcription_diarized_segment import TranscriptionDiarizedSegment
    from openapiopenai.models.transcription_include import TranscriptionInclude
    from openapiopenai.models.transcription_language import TranscriptionLanguage
    from openapiopenai.models.transcription_logprob import TranscriptionLogprob
    from openapiopenai.models.transcription_segment import TranscriptionSegment
    from openapiopenai.models.transcription_word import TranscriptionWord
    from openapiopenai.models.vad_config import VadConfig
    from openapiopenai.models.voice_ids_or_custom_voice import VoiceIdsOrCustomVoice
    from openapiopenai.models.voice_ids_shared import VoiceIdsShared
    from openapiopenai.streaming import SpeechStream, TranscriptionStream

__all__ = [
    "ApiAttributeError",
    "ApiClient",
    "ApiConnectionException",
    "ApiDecodeException",
    "ApiException",
    "ApiKeyError",
    "ApiResponse",
    "ApiTimeoutException",
    "ApiTypeError",
    "ApiValueError",
    "AudioApi",
    "AudioResponseFormat",
    "BadRequestException",
    "Configuration",
    "ConflictException",
    "CreateSpeechRequest",
    "CreateSpeechRequestDict",
    "CreateSpeechRequestModel",
    "CreateSpeechResponseStreamEvent",
    "CreateTranscription200Response",
    "CreateTranscriptionRequest",
    "CreateTranscriptionRequestModel",
    "CreateTranscriptionResponseDiarizedJson",
    "CreateTranscriptionResponseJson",
    "CreateTranscriptionResponseStreamEvent",
    "CreateTranscriptionResponseVerboseJson",
    "CreateTranslation200Response",
    "CreateTranslationRequest",
    "CreateTranslationResponseJson",
    "CreateTranslationResponseVerboseJson",
    "CustomVoice",
    "Error",
    "ErrorResponse",
    "ForbiddenException",
    "NotFoundException",
    "OpenApiException",
    "PayloadTooLargeException",
    "RetryPolicy",
    "ServiceException",
    "SpeechAudioDeltaEvent",
    "SpeechAudioDoneEvent",
    "SpeechAudioDoneEventUsage",
    "SpeechStream",
    "StreamEvent",
    "TooManyRequestsException",
    "TranscriptTextDeltaEvent",
    "TranscriptTextDoneEvent",
    "TranscriptTextSegmentEvent",
    "TranscriptTextUsageDuration",
    "TranscriptTextUsageTokens",
    "TranscriptTextUsageTokensInputTokenDetails",
    "TranscriptionDiarizedSegment",
    "TranscriptionInclude",
    "TranscriptionLanguage",
    "TranscriptionLogprob",
    "TranscriptionSegment",
    "TranscriptionStream",
    "TranscriptionWord",
    "UnauthorizedException",
    "UnprocessableEntityException",
    "VadConfig",
    "VoiceIdsOrCustomVoice",
    "VoiceIdsShared",
    "__version__",
]

#: Modules that are found below the package without an import of their own, as they always were.
_SUBMODULES = ("api", "api_client", "configuration", "exceptions", "models", "rest")

_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    if name not in __all__:
        from openapiopenai.api import missing

        raise missing(__name__, name)
    home = _HOMES.get(name) or f"models.{_file_of(name)}"
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def _file_of(model: str) -> str:
    """Return the name of a model's module: ``vad_config`` for ``VadConfig``."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in model)[1:]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
