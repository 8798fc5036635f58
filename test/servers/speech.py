"""Speech, in one piece and streamed."""

from __future__ import annotations

import base64
import struct
from typing import Any

from openapiopenai import ApiDecodeException, ApiException

from .case import Case, sse
from .pieces import PAGE

MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(range(256))
ENDLESS_WAV = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack(
    "<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16
)
ENDLESS_WAV += b"data\xff\xff\xff\xff\x01\x00\x02\x00"
PCM_LIKE_JSON = b'{"' + bytes(range(64))
PCM_LIKE_AN_OBJECT = b'{"ab' + bytes(range(64))
IN_BASE64 = base64.b64encode(MP3).decode()
USAGE = {"input_tokens": 4, "output_tokens": 90, "total_tokens": 94}


def delta(audio: bytes, key: str = "audio") -> dict[str, str]:
    return {"type": "speech.audio.delta", key: base64.b64encode(audio).decode()}


DONE = {"type": "speech.audio.done", "usage": USAGE}
EVENTS: dict[str, Any] = {"kind": "text/event-stream", "options": {"stream_format": "sse"}}

RAW = [
    Case("OpenAI", MP3, "audio/mpeg"),
    Case("OpenAI: octets", MP3, "application/octet-stream"),
    Case("Kokoro: opus", b"OggS\x00\x02", "audio/opus"),
    Case("ogg with its codec", b"OggS\x00\x02", "audio/ogg; codecs=opus"),
    Case("pcm with its rate", b"\x00\x01" * 40, "audio/pcm;rate=22050;channels=1"),
    Case("LocalAI: a WAV for pcm", ENDLESS_WAV, "audio/wav", options={"response_format": "pcm"}),
    Case(
        "Kokoro: a file to be saved",
        MP3,
        "audio/mpeg",
        headers={"Content-Disposition": "attachment; filename=speech.mp3"},
    ),
    Case("no content type", MP3, None),
    Case("pcm that begins as JSON does", PCM_LIKE_JSON, "audio/pcm"),
    Case("pcm that goes on as JSON does", PCM_LIKE_AN_OBJECT, "audio/pcm"),
    Case("pcm that begins as a page does", b"<h" + bytes(40), "audio/pcm"),
    Case("a single byte", b"{", "audio/pcm"),
]

WRAPPED = [
    Case("Mistral: base64 in JSON", {"audio_data": IN_BASE64, "usage": USAGE}),
    Case("base64 in JSON that does not say so", {"audio": IN_BASE64}, "audio/mpeg"),
    Case("base64 in lines", {"audio_data": base64.encodebytes(MP3).decode()}),
    Case("OpenAI: events", sse(delta(MP3[:9]), delta(MP3[9:]), DONE), **EVENTS),
    Case("speaches: token_usage", sse(delta(MP3), {**DONE, "token_usage": USAGE}), **EVENTS),
    Case("Mistral: events", sse(delta(MP3, "audio_data"), DONE), **EVENTS),
    Case("[DONE] at the end", sse(delta(MP3), "data: [DONE]"), **EVENTS),
    Case(
        "CRLF, and comments to stay alive", sse(": hi", delta(MP3), DONE, end="\r\n\r\n"), **EVENTS
    ),
    Case(
        "events of other kinds",
        sse("event: ping\ndata: 12:00", "data:", {"type": "speech.phonemes"}, delta(MP3), DONE),
        **EVENTS,
    ),
    Case("events that were not requested", sse(delta(MP3), DONE), "text/event-stream"),
]

UNSPOKEN = [
    Case("nothing", b"", "audio/mpeg"),
    Case("nothing, and it does not say of what", b"", None),
    Case("a page", PAGE, "text/html"),
    Case("a page that says it is sound", PAGE, "audio/mpeg"),
    Case("a page without a content type", PAGE, None),
    Case("a page after white space", "\r\n  " + PAGE, "application/octet-stream"),
    Case("an XML error", '<?xml version="1.0"?><Error/>', "application/octet-stream"),
    Case("a text", "The voice is away.", "text/plain", message="voice is away"),
    Case("an error", {"error": {"message": "no voice"}}, message="no voice"),
    Case(
        "an error that says it is sound", {"detail": "no voice"}, "audio/mpeg", message="no voice"
    ),
    Case("an error without a content type", {"error": "no voice"}, None, message="no voice"),
    Case("an object that says it is sound", "{}", "audio/mpeg"),
    Case("an empty object", {}),
    Case("a list", [], "application/json"),
    Case("JSON with audio that is not base64", {"audio_data": "*****"}),
    Case("JSON with empty audio", {"audio_data": ""}),
    Case("204", b"", None, status=204),
    Case("events without sound", sse(DONE), **EVENTS),
    Case("events without an end", sse(delta(MP3)), **EVENTS),
    Case("no events", "", **EVENTS),
    Case("an event that is not JSON", sse("data: {no"), **EVENTS),
    Case("an event that is no object", sse("data: 7"), **EVENTS),
    Case("an event with audio that is not base64", sse({**delta(b""), "audio": "*"}), **EVENTS),
]

TOLD = [
    Case("an error event", sse({"error": {"message": "no voice"}}), **EVENTS),
    Case("an error event by type", sse({"type": "error", "message": "no voice"}), **EVENTS),
    Case("an error event by name", sse("event: error\ndata: no voice"), **EVENTS),
    Case("an error after sound", sse(delta(MP3), {"error": "no voice"}), **EVENTS),
]

SPEECH = [
    Case(**{**vars(case), "call": "speech", **outcome})
    for case, outcome in [
        *((case, {"audio": case.content}) for case in RAW),
        *((case, {"audio": MP3}) for case in WRAPPED),
        *((case, {"raises": ApiDecodeException}) for case in UNSPOKEN),
        *((case, {"raises": ApiException, "message": "no voice"}) for case in TOLD),
    ]
]
