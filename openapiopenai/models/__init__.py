"""The schemas of the API, one file each; loaded when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

__all__ = [
    "AudioResponseFormat",
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
    "SpeechAudioDeltaEvent",
    "SpeechAudioDoneEvent",
    "SpeechAudioDoneEventUsage",
    "StreamEvent",
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
    "TranscriptionWord",
    "VadConfig",
    "VoiceIdsOrCustomVoice",
    "VoiceIdsShared",
]


def __getattr__(name: str) -> object:
    import openapiopenai

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(openapiopenai, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
