"""Models as users make and read them: read by type checkers, never run."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

import openapiopenai.models
from openapiopenai import (
    AudioResponseFormat,
    CreateSpeechRequest,
    CreateTranscription200Response,
    CreateTranscriptionRequest,
    CreateTranscriptionRequestModel,
    CreateTranscriptionResponseDiarizedJson,
    CreateTranscriptionResponseJson,
    CreateTranscriptionResponseVerboseJson,
    CreateTranslation200Response,
    CreateTranslationResponseJson,
    CreateTranslationResponseVerboseJson,
    CustomVoice,
    Error,
    ErrorResponse,
    TranscriptionDiarizedSegment,
    TranscriptionLogprob,
    TranscriptionSegment,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
    TranscriptTextUsageTokensInputTokenDetails,
    VadConfig,
    VoiceIdsOrCustomVoice,
)
from openapiopenai.models.create_speech_request_model import CreateSpeechRequestModel
from openapiopenai.models.transcription_word import TranscriptionWord

request = CreateSpeechRequest(
    model=CreateSpeechRequestModel("gpt-4o-mini-tts"),
    input="Hello.",
    voice="marin",
    instructions="Whisper.",
    response_format="opus",
    speed=1.25,
    stream_format="sse",
)
assert_type(request.input, str)
assert_type(request.speed, float | None)
assert_type(request.instructions, str | None)
assert_type(request.to_dict(), dict[str, Any])
assert_type(request.to_json(), str)
assert_type(request.to_str(), str)
assert_type(CreateSpeechRequest.from_dict({"model": "tts-1"}), CreateSpeechRequest)
assert_type(CreateSpeechRequest.from_json("{}"), CreateSpeechRequest)
assert_type(CreateSpeechRequest.from_json(b"{}"), CreateSpeechRequest)
assert_type(request.model_copy(), CreateSpeechRequest)
request.speed = 2
request.voice = CustomVoice(id="voice_1")

CreateTranscriptionRequest(file=b"RIFF", model="whisper-1", response_format="srt")
CreateTranscriptionRequest(file="talk.mp3", model=CreateTranscriptionRequestModel("whisper-1"))
assert_type(VadConfig(type="server_vad").threshold, float | None)
assert_type(CreateTranscriptionRequestModel("whisper-1").actual_instance, str)
assert_type(CreateTranscriptionRequestModel(actual_instance="whisper-1").actual_instance, str)
assert_type(VoiceIdsOrCustomVoice("alloy").actual_instance, CustomVoice | str)
assert_type(AudioResponseFormat.from_json('"srt"'), AudioResponseFormat)
SRT: str = AudioResponseFormat.SRT.value


def read(result: CreateTranscription200Response) -> float | None:
    """Distinguish the variants."""
    variant = result.actual_instance
    if isinstance(variant, CreateTranscriptionResponseVerboseJson):
        assert_type(variant.words, list[TranscriptionWord] | None)
        assert_type(variant.segments, list[TranscriptionSegment] | None)
        return variant.duration
    if isinstance(variant, CreateTranscriptionResponseDiarizedJson):
        assert_type(variant.segments, list[TranscriptionDiarizedSegment] | None)
        return variant.duration
    if isinstance(variant, CreateTranscriptionResponseJson):
        assert_type(variant.logprobs, list[TranscriptionLogprob] | None)
        return None
    assert_type(variant, str)
    return None


def translated(result: CreateTranslation200Response) -> str:
    """Distinguish the variants."""
    variant = result.actual_instance
    if isinstance(variant, (CreateTranslationResponseVerboseJson, CreateTranslationResponseJson)):
        return variant.text
    assert_type(variant, str)
    return variant


def cost(usage: TranscriptTextUsageTokens | TranscriptTextUsageDuration) -> float | None:
    """Distinguish the kinds of usage."""
    if isinstance(usage, TranscriptTextUsageDuration):
        return usage.seconds
    assert_type(usage.input_token_details, TranscriptTextUsageTokensInputTokenDetails | None)
    assert_type(usage.total_tokens, int | None)
    return usage.total_tokens


assert_type(CreateTranscription200Response.from_json('"Hi"'), CreateTranscription200Response)
assert_type(ErrorResponse(error=Error(message="no")).error, Error | str)
assert_type(openapiopenai.models.TranscriptionWord(word="Hi").word, str | None)
assert_type(TranscriptionLogprob(bytes=[72]).bytes, list[int] | None)
assert_type(CreateTranscription200Response("Hi").text, str)
CreateTranslation200Response(actual_instance=CreateTranslationResponseJson(text="Hi"))
