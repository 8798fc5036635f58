"""The examples on the generated pages: one for each method, one for each model."""

from __future__ import annotations

import inspect
from textwrap import indent

from openapiopenai import AudioApi

#: The longest line of an example, in characters, as the formatter has it.
_LINE = 100

_FULL = """
{imports}

# The host is OPENAI_BASE_URL where that is set, else https://api.openai.com/v1.
# Configuration.md lists all settings.
configuration = openapiopenai.Configuration(
    access_token=os.environ["BEARER_TOKEN"],  # leave it out to use OPENAI_API_KEY
)

# Enter a context with an instance of the API client; leaving it closes the connections
with openapiopenai.ApiClient(configuration) as api_client:
    # Create an instance of the API class
    api_instance = openapiopenai.AudioApi(api_client)
{arguments}

    try:
        # {summary}
{call}
        print("The response of AudioApi->{method}:")
{shown}
    except ApiException as e:
        print(f"Exception when calling AudioApi->{method}: {{e}}")
"""

_SPEECH_IMPORTS = """\
import os

import openapiopenai
from openapiopenai.models.create_speech_request import CreateSpeechRequest
from openapiopenai.rest import ApiException"""

_RECORDING_IMPORTS = """\
import os
from pprint import pprint

import openapiopenai
from openapiopenai.models.create_transcription_request_model import CreateTranscriptionRequestModel
from openapiopenai.rest import ApiException"""

_RECORDING = """\
file = "speech.mp3"  # AudioFile | a path, bytes, a file opened with "rb", or (name, file)
model = CreateTranscriptionRequestModel("whisper-1")  # or a str: "whisper-1"
"""


def _full(method: str, imports: str, arguments: str, call: str, shown: str) -> str:
    """Return the example of a method: settings, arguments, the call, and its errors."""
    summary = inspect.cleandoc(getattr(AudioApi, method).__doc__).splitlines()[0]
    return _FULL.format(
        method=method,
        imports=imports,
        arguments=indent(arguments.strip(), " " * 4),
        summary=summary.removesuffix("."),
        call=indent(call.strip(), " " * 8),
        shown=indent(shown.strip(), " " * 8),
    )


_SPEECH = _full(
    "create_speech",
    _SPEECH_IMPORTS,
    """
create_speech_request = CreateSpeechRequest(
    model="gpt-4o-mini-tts",  # str or CreateSpeechRequestModel
    input="Good morning and welcome to the show.",  # str | The text to speak
    voice="alloy",  # str, VoiceIdsShared, VoiceIdsOrCustomVoice or CustomVoice
    response_format="mp3",  # str | (optional) (default to 'mp3')
)  # CreateSpeechRequest | or a dict with the same keys
""",
    "api_response = api_instance.create_speech(create_speech_request)",
    """
print(len(api_response), "bytes of audio")
with open("speech.mp3", "wb") as file:
    file.write(api_response)
""",
)

_TRANSCRIPTION = _full(
    "create_transcription",
    _RECORDING_IMPORTS,
    f"""
{_RECORDING}\
language = "en"  # str | (optional)
prompt = "A talk show."  # str | (optional)
response_format = "verbose_json"  # AudioResponseFormat or str | (optional)
temperature = 0  # float | (optional)
timestamp_granularities = ["word", "segment"]  # sequence of str | (optional)
""",
    """
api_response = api_instance.create_transcription(
    file,
    model,
    language=language,
    prompt=prompt,
    response_format=response_format,
    temperature=temperature,
    timestamp_granularities=timestamp_granularities,
)
""",
    """
print(api_response.text)
for word in api_response.words or ():
    print(word.start, word.end, word.word)
pprint(api_response.to_dict())
""",
)

_TRANSLATION = _full(
    "create_translation",
    _RECORDING_IMPORTS,
    f"""
{_RECORDING}\
prompt = "A talk show."  # str | (optional)
response_format = "json"  # AudioResponseFormat or str | (optional)
temperature = 0  # float | (optional)
""",
    """
api_response = api_instance.create_translation(
    file, model, prompt=prompt, response_format=response_format, temperature=temperature
)
""",
    "pprint(api_response.to_dict())",
)


def _short(call: str) -> str:
    """Return the example of a sibling: a client set up by the environment, and the call."""
    return f"""
import openapiopenai

with openapiopenai.ApiClient() as api_client:  # key and host: OPENAI_API_KEY, OPENAI_BASE_URL
    api_instance = openapiopenai.AudioApi(api_client)
{indent(call.strip(), " " * 4)}
"""


_REQUEST = """\
request = openapiopenai.CreateSpeechRequest(
    model="gpt-4o-mini-tts", voice="alloy", input="Good morning."
)"""

METHODS = {
    "create_speech": _SPEECH,
    "create_speech_with_http_info": _short(f"""
{_REQUEST}
response = api_instance.create_speech_with_http_info(request)
print(response.status_code, response.headers["content-type"], response.request_id)
audio = response.data  # bytearray
"""),
    "create_speech_without_preload_content": _short(f"""
{_REQUEST}
response = api_instance.create_speech_without_preload_content(request)
print(response.status, response.headers["content-type"])
audio = response.read()  # bytes: the audio, or the body of an error
response.release_conn()
"""),
    "create_speech_streaming": _short(f"""
{_REQUEST}
with api_instance.create_speech_streaming(request) as stream:
    print(stream.content_type)
    stream.save("speech.mp3")  # or iterate over the stream for its bytes
"""),
    "create_transcription": _TRANSCRIPTION,
    "create_transcription_with_http_info": _short("""
response = api_instance.create_transcription_with_http_info("speech.mp3", "whisper-1")
print(response.status_code, response.request_id)
print(response.data.text)
print(response.raw_data)  # the body as it was received
"""),
    "create_transcription_without_preload_content": _short("""
response = api_instance.create_transcription_without_preload_content("speech.mp3", "whisper-1")
print(response.status)
print(response.json())  # the transcript, or the body of an error
response.release_conn()
"""),
    "create_transcription_streaming": _short("""
with api_instance.create_transcription_streaming("speech.mp3", "gpt-4o-transcribe") as stream:
    for text in stream.deltas():
        print(text, end="", flush=True)
    print()
    print(stream.text, stream.usage)
"""),
    "create_translation": _TRANSLATION,
    "create_translation_with_http_info": _short("""
response = api_instance.create_translation_with_http_info("speech.mp3", "whisper-1")
print(response.status_code, response.request_id)
print(response.data.text)
"""),
    "create_translation_without_preload_content": _short("""
response = api_instance.create_translation_without_preload_content("speech.mp3", "whisper-1")
print(response.status)
print(response.json())  # the transcript, or the body of an error
response.release_conn()
"""),
}

_TRANSCRIPT = '{"text": "Good morning.", "usage": {"type": "duration", "seconds": 2}}'
_VERBOSE = (
    '{"language": "english", "duration": 1.5, "text": "Good morning.", '
    '"words": [{"word": "Good", "start": 0.1, "end": 0.4}, '
    '{"word": "morning", "start": 0.4, "end": 1.1}]}'
)
_SEGMENT = '{"id": 0, "start": 0.1, "end": 1.1, "text": "Good morning.", "avg_logprob": -0.2}'
_SPOKEN = '{"id": "seg_1", "start": 0.1, "end": 1.1, "text": "Good morning.", "speaker": "A"}'
_DIARIZED = f'{{"task": "transcribe", "text": "Good morning.", "segments": [{_SPOKEN}]}}'


def _read(module: str, name: str, text: str, *shown: str) -> str:
    """Return the example of a model that is received: parsed from JSON, and read."""
    lines = "\n".join(f"print({expression})" for expression in shown)
    start = f"value = {name}.from_json("
    parsed = f"{start}'{text}')"
    if len(parsed) > _LINE:
        parsed = f"{start}\n{_wrapped(text)}\n)"
    return f"""
{_import(module, name)}

{parsed}
{lines}
"""


def _import(module: str, name: str) -> str:
    line = f"from openapiopenai.models.{module} import {name}"
    return line if len(line) <= _LINE else line.replace(name, f"(\n    {name},\n)")


def _wrapped(text: str) -> str:
    """Return JSON as adjacent string literals, each within the width of a page."""
    rows = [""]
    for piece in text.split(", "):
        if len(rows[-1]) + len(piece) > _LINE - 8:
            rows.append("")
        rows[-1] += piece + ", "
    rows[-1] = rows[-1].removesuffix(", ")
    return "\n".join(f"    '{row}'" for row in rows)


def _made(module: str, name: str, arguments: str, *shown: str) -> str:
    """Return the example of a model that is sent: constructed, and shown as JSON."""
    lines = "\n".join(f"print({expression})" for expression in shown or ("value.to_json()",))
    return f"""
{_import(module, name)}

value = {name}({arguments})
{lines}
"""


MODELS = {
    "ApiResponse": """
from openapiopenai import ApiResponse, TranscriptionWord

word = TranscriptionWord(word="hello", start=0.0, end=0.4)
response = ApiResponse(
    status_code=200, data=word, raw_data=b'{"word": "hello"}', headers={"x-request-id": "req_1"}
)  # as the methods ..._with_http_info return
print(response.status_code, response.data.word, response.request_id)
""",
    "AudioResponseFormat": """
from openapiopenai.models.audio_response_format import AudioResponseFormat

print([each.value for each in AudioResponseFormat])
print(AudioResponseFormat("srt") == "srt")
""",
    "CreateSpeechRequest": """
from openapiopenai.models.create_speech_request import CreateSpeechRequest

value = CreateSpeechRequest(
    model="gpt-4o-mini-tts",
    input="Good morning and welcome to the show.",
    voice="alloy",
    instructions="Cheerful, and not too fast.",
    response_format="wav",
)
value.speed = 1.25  # assignments are validated too
print(value.to_str())
""",
    "CreateSpeechRequestModel": _made(
        "create_speech_request_model",
        "CreateSpeechRequestModel",
        '"gpt-4o-mini-tts"',
        "value",
        "value.to_json()",
    ),
    "CreateSpeechResponseStreamEvent": _read(
        "create_speech_response_stream_event",
        "CreateSpeechResponseStreamEvent",
        '{"type": "speech.audio.delta", "audio": "SUQz"}',
        "type(value.actual_instance).__name__",
        "value.to_dict()",
    ),
    "CreateTranscription200Response": _read(
        "create_transcription200_response",
        "CreateTranscription200Response",
        _VERBOSE,
        "value",
        "[word.start for word in value.words or ()]",
        "type(value.actual_instance).__name__",
    ),
    "CreateTranscriptionRequest": """
from openapiopenai.models.create_transcription_request import CreateTranscriptionRequest

# create_transcription builds one from its arguments and sends it.
value = CreateTranscriptionRequest(
    file="hello.mp3",
    model="whisper-1",
    response_format="verbose_json",
    timestamp_granularities=["word"],
)
print(value.to_str())
""",
    "CreateTranscriptionRequestModel": _made(
        "create_transcription_request_model",
        "CreateTranscriptionRequestModel",
        '"whisper-1"',
        "value",
        "value.to_json()",
    ),
    "CreateTranscriptionResponseDiarizedJson": _read(
        "create_transcription_response_diarized_json",
        "CreateTranscriptionResponseDiarizedJson",
        _DIARIZED,
        "[(segment.speaker, segment.text) for segment in value.segments or ()]",
    ),
    "CreateTranscriptionResponseJson": _read(
        "create_transcription_response_json",
        "CreateTranscriptionResponseJson",
        _TRANSCRIPT,
        "value.text",
        "value.usage",
    ),
    "CreateTranscriptionResponseStreamEvent": _read(
        "create_transcription_response_stream_event",
        "CreateTranscriptionResponseStreamEvent",
        '{"type": "transcript.text.delta", "delta": "Good"}',
        "type(value.actual_instance).__name__",
        "value.to_dict()",
    ),
    "CreateTranscriptionResponseVerboseJson": _read(
        "create_transcription_response_verbose_json",
        "CreateTranscriptionResponseVerboseJson",
        _VERBOSE,
        "value.duration",
        "[(word.word, word.start) for word in value.words or ()]",
    ),
    "CreateTranslation200Response": _read(
        "create_translation200_response",
        "CreateTranslation200Response",
        '{"text": "Good morning."}',
        "value",
        "type(value.actual_instance).__name__",
    ),
    "CreateTranslationRequest": """
from openapiopenai.models.create_translation_request import CreateTranslationRequest

# create_translation builds one from its arguments and sends it.
value = CreateTranslationRequest(file="hello.mp3", model="whisper-1", response_format="srt")
print(value.to_str())
""",
    "CreateTranslationResponseJson": _read(
        "create_translation_response_json",
        "CreateTranslationResponseJson",
        '{"text": "Good morning."}',
        "value.text",
    ),
    "CreateTranslationResponseVerboseJson": _read(
        "create_translation_response_verbose_json",
        "CreateTranslationResponseVerboseJson",
        '{"language": "english", "duration": 1.5, "text": "Good morning."}',
        "value.language, value.duration",
    ),
    "CustomVoice": _made("custom_voice", "CustomVoice", 'id="voice_1234"'),
    "Error": _read(
        "error",
        "Error",
        '{"code": "invalid_api_key", "message": "Incorrect API key provided."}',
        "value.code, value.message",
    ),
    "ErrorResponse": _read(
        "error_response",
        "ErrorResponse",
        '{"error": {"message": "Incorrect API key provided."}}',
        "value.error",
    ),
    "SpeechAudioDeltaEvent": _read(
        "speech_audio_delta_event",
        "SpeechAudioDeltaEvent",
        '{"type": "speech.audio.delta", "audio": "SUQz"}',
        "value.audio",
    ),
    "SpeechAudioDoneEvent": _read(
        "speech_audio_done_event",
        "SpeechAudioDoneEvent",
        '{"type": "speech.audio.done", "usage": {"total_tokens": 96}}',
        "value.usage",
    ),
    "SpeechAudioDoneEventUsage": _read(
        "speech_audio_done_event_usage",
        "SpeechAudioDoneEventUsage",
        '{"input_tokens": 8, "output_tokens": 88, "total_tokens": 96}',
        "value.total_tokens",
    ),
    "StreamEvent": _read(
        "stream_event",
        "StreamEvent",
        '{"type": "transcript.text.mood", "mood": "cheerful"}',
        "value.type, value.mood",
    ),
    "TranscriptTextDeltaEvent": _read(
        "transcript_text_delta_event",
        "TranscriptTextDeltaEvent",
        '{"type": "transcript.text.delta", "delta": "Good"}',
        "value.delta",
    ),
    "TranscriptTextDoneEvent": _read(
        "transcript_text_done_event",
        "TranscriptTextDoneEvent",
        '{"type": "transcript.text.done", "text": "Good morning."}',
        "value.text",
    ),
    "TranscriptTextSegmentEvent": _read(
        "transcript_text_segment_event",
        "TranscriptTextSegmentEvent",
        _SPOKEN.replace('{"id"', '{"type": "transcript.text.segment", "id"'),
        "value.speaker, value.text",
    ),
    "TranscriptTextUsageDuration": _read(
        "transcript_text_usage_duration",
        "TranscriptTextUsageDuration",
        '{"type": "duration", "seconds": 2}',
        "value.seconds",
    ),
    "TranscriptTextUsageTokens": _read(
        "transcript_text_usage_tokens",
        "TranscriptTextUsageTokens",
        '{"type": "tokens", "input_tokens": 25, "output_tokens": 7, "total_tokens": 32}',
        "value.total_tokens",
    ),
    "TranscriptTextUsageTokensInputTokenDetails": _read(
        "transcript_text_usage_tokens_input_token_details",
        "TranscriptTextUsageTokensInputTokenDetails",
        '{"text_tokens": 0, "audio_tokens": 25}',
        "value.audio_tokens",
    ),
    "TranscriptionDiarizedSegment": _read(
        "transcription_diarized_segment",
        "TranscriptionDiarizedSegment",
        _SPOKEN,
        "value.speaker, value.text",
    ),
    "TranscriptionInclude": """
from openapiopenai.models.transcription_include import TranscriptionInclude

print([each.value for each in TranscriptionInclude])
""",
    "TranscriptionLanguage": _read(
        "transcription_language", "TranscriptionLanguage", '{"code": "en"}', "value.code"
    ),
    "TranscriptionLogprob": _read(
        "transcription_logprob",
        "TranscriptionLogprob",
        '{"token": "Good", "logprob": -0.01, "bytes": [71, 111, 111, 100]}',
        "value.token, value.logprob",
        "bytes(value.bytes or ())",
    ),
    "TranscriptionSegment": _read(
        "transcription_segment",
        "TranscriptionSegment",
        _SEGMENT,
        "value.start, value.end, value.text",
    ),
    "TranscriptionWord": _read(
        "transcription_word",
        "TranscriptionWord",
        '{"word": "Good", "start": 0.1, "end": 0.4}',
        "value.word, value.start",
        "value.to_dict()",
    ),
    "VadConfig": _made(
        "vad_config", "VadConfig", 'type="server_vad", silence_duration_ms=500, threshold=0.6'
    ),
    "VoiceIdsOrCustomVoice": """
from openapiopenai.models.custom_voice import CustomVoice
from openapiopenai.models.voice_ids_or_custom_voice import VoiceIdsOrCustomVoice

print(VoiceIdsOrCustomVoice("alloy").to_json())
print(VoiceIdsOrCustomVoice(CustomVoice(id="voice_1234")).to_json())
""",
    "VoiceIdsShared": _made(
        "voice_ids_shared", "VoiceIdsShared", '"alloy"', "value", "value.to_json()"
    ),
}
