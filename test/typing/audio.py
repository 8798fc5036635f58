"""The eleven methods as users call them: read by type checkers, never run."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import urllib3
from typing_extensions import assert_type

from openapiopenai import (
    ApiClient,
    ApiResponse,
    AudioApi,
    AudioResponseFormat,
    Configuration,
    CreateSpeechRequest,
    CreateSpeechRequestDict,
    CreateSpeechRequestModel,
    CreateTranscription200Response,
    CreateTranscriptionRequestModel,
    CreateTranslation200Response,
    CustomVoice,
    SpeechStream,
    TranscriptionDiarizedSegment,
    TranscriptionInclude,
    TranscriptionLanguage,
    TranscriptionLogprob,
    TranscriptionSegment,
    TranscriptionStream,
    TranscriptionWord,
    TranscriptTextUsageDuration,
    TranscriptTextUsageTokens,
    VadConfig,
    VoiceIdsOrCustomVoice,
    VoiceIdsShared,
)
from openapiopenai.subtitles import Cue, divide

api = AudioApi()
assert_type(AudioApi(ApiClient(Configuration())).api_client, ApiClient)

# -- speech ---------------------------------------------------------------------------------

asked = CreateSpeechRequest(model="tts-1", input="Hello.", voice="alloy")
given: CreateSpeechRequestDict = {
    "model": "tts-1",
    "input": "Hello.",
    "voice": {"id": "voice_1"},
    "speed": 1.5,
}

assert_type(api.create_speech(asked), bytearray)
assert_type(api.create_speech(given, _request_timeout=5), bytearray)
assert_type(api.create_speech(create_speech_request=asked), bytearray)
assert_type(api.create_speech({"model": "m", "input": "Hi.", "voice": "alloy"}), bytearray)
# every checker sees the slip
api.create_speech({"model": "m", "input": "Hi.", "voice": "v", "respnse_format": "wav"})  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] # ty: ignore[invalid-argument-type, unknown-typed-dict-constructor-key] # pyrefly: ignore
assert_type(api.create_speech_with_http_info(asked), ApiResponse[bytearray])
assert_type(api.create_speech_with_http_info(asked).data, bytearray)
assert_type(api.create_speech_without_preload_content(asked), urllib3.HTTPResponse)
assert_type(api.create_speech_streaming(given), SpeechStream)

for voice in ("alloy", CustomVoice(id="v"), VoiceIdsShared("ash"), VoiceIdsOrCustomVoice("ash")):
    CreateSpeechRequest(model=CreateSpeechRequestModel("tts-1"), input="Hello.", voice=voice)

# -- transcriptions -------------------------------------------------------------------------


def transcribe(file: BinaryIO, name: str | None) -> None:
    """Pass every kind of file, by position and by name."""
    assert_type(api.create_transcription(file, "whisper-1"), CreateTranscription200Response)
    for kind in ("talk.mp3", Path("talk.mp3"), b"RIFF", bytearray(), memoryview(b""), io.BytesIO()):
        api.create_transcription(kind, "whisper-1")
        api.create_transcription(("talk.mp3", kind), "whisper-1")
        api.create_transcription((name, kind, "audio/mpeg"), "whisper-1")
    with Path("talk.mp3").open("rb") as opened:
        api.create_transcription(opened, CreateTranscriptionRequestModel("whisper-1"))
    api.create_transcription(None, "whisper-1", _extra_fields={"url": "https://example.org/a.mp3"})


transcript = api.create_transcription(
    b"RIFF",
    "gpt-4o-transcribe",
    "en",
    "A prompt.",
    AudioResponseFormat.JSON,
    0.5,
    ["word", "segment"],
    (1.0, 10.0),
    {"in": "header", "key": "Authorization", "value": "Bearer sk-test"},
    "multipart/form-data",
    {"X-Team": "a", "Accept": None},
    0,
    include=[TranscriptionInclude.LOGPROBS, "logprobs"],
    languages=["en"],
    keywords=["Ada"],
    chunking_strategy=VadConfig(type="server_vad"),
    known_speaker_names=["Ada"],
    known_speaker_references=["data:audio/wav;base64,AAAA"],
    _retries=3,
    _extra_fields={"diarize": True},
)
api.create_transcription(b"RIFF", "w", timestamp_granularities="word", include="logprobs")
api.create_transcription(b"RIFF", "w", _retries=False)
api.create_transcription(b"RIFF", "w", response_format="srt", chunking_strategy="auto")
api.create_transcription(b"RIFF", "w", chunking_strategy={"type": "server_vad", "threshold": 0.5})

assert_type(transcript, CreateTranscription200Response)
assert_type(transcript.text, str)
assert_type(str(transcript), str)
assert_type(transcript.language, str | None)
assert_type(transcript.languages, list[TranscriptionLanguage] | None)
assert_type(transcript.duration, float | None)
assert_type(
    transcript.segments, list[TranscriptionSegment] | list[TranscriptionDiarizedSegment] | None
)
assert_type(transcript.words, list[TranscriptionWord] | None)
assert_type(transcript.usage, TranscriptTextUsageTokens | TranscriptTextUsageDuration | None)
assert_type(transcript.logprobs, list[TranscriptionLogprob] | None)
assert_type(transcript.to_srt(max_words=4, speakers=None), str)
assert_type(transcript.to_vtt(max_line_length=37, highlight_words=True), str)
assert_type(divide(transcript, max_seconds=5), list[Cue])
for word in transcript.words or ():
    assert_type(word.word, str | None)
    assert_type(word.start, float | None)
for segment in transcript.segments or ():
    assert_type(segment.end, float | None)

info = api.create_transcription_with_http_info(b"RIFF", "whisper-1")
assert_type(info, ApiResponse[CreateTranscription200Response])
assert_type(info.data.text, str)
assert_type(info.status_code, int)
assert_type(info.raw_data, bytes)
assert_type(info.headers["content-type"], str)
assert_type(info.request_id, str | None)
assert_type(
    api.create_transcription_without_preload_content(b"RIFF", "whisper-1"), urllib3.HTTPResponse
)
assert_type(api.create_transcription_streaming(b"RIFF", "whisper-1"), TranscriptionStream)

# -- translations ---------------------------------------------------------------------------

translation = api.create_translation(b"RIFF", "whisper-1", "A prompt.", "verbose_json", 0)
assert_type(translation, CreateTranslation200Response)
assert_type(translation.text, str)
assert_type(translation.language, str | None)
assert_type(translation.duration, float | None)
assert_type(translation.segments, list[TranscriptionSegment] | None)
assert_type(
    api.create_translation_with_http_info(b"RIFF", "whisper-1"),
    ApiResponse[CreateTranslation200Response],
)
assert_type(
    api.create_translation_without_preload_content(b"RIFF", "whisper-1"), urllib3.HTTPResponse
)

# -- as methods -----------------------------------------------------------------------------

speak = api.create_speech
assert_type(speak(asked), bytearray)
assert_type(AudioApi.create_speech(api, asked), bytearray)


class Louder(AudioApi):
    """An API of one's own."""

    def spoken(self, text: str) -> bytes:
        """Speak a text."""
        return bytes(self.create_speech({**given, "input": text.upper()}))


assert_type(Louder().spoken("Hello."), bytes)
