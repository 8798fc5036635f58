"""Transcripts in the formats text, srt and vtt."""

from __future__ import annotations

from .case import Case
from .pieces import SRT, VTT, in_format

AS_TEXT = [
    Case(
        "plain text", "The kettle sings.\n", "text/plain; charset=utf-8", options=in_format("text")
    ),
    Case("whisper.cpp: text/html", " The kettle sings.\n", "text/html", options=in_format("text")),
    Case("no content type", "The kettle sings.", None, options=in_format("text")),
    Case("text labelled as JSON", "The kettle sings.", options=in_format("text")),
    Case("srt as text/plain", SRT, "text/plain", options=in_format("srt")),
    Case("whisper.cpp: srt as x-subrip", SRT, "application/x-subrip", options=in_format("srt")),
    Case("srt labelled as JSON", SRT, options=in_format("srt")),
    Case("LocalAI: srt after empty lines", "\n\n" + SRT, "text/plain", options=in_format("srt")),
    Case("Azure: srt with CRLF", SRT.replace("\n", "\r\n"), "text/plain", options=in_format("srt")),
    Case(
        "LocalAI: minutes beyond 59, and no line end at the end",
        "1\n01:75:30,000 --> 01:75:31,500\nThe kettle sings.",
        "text/plain; charset=UTF-8",
        options=in_format("srt"),
    ),
    Case("vtt", VTT, "text/vtt", options=in_format("vtt")),
    Case(
        "speaches: hours, and a blank before each cue's text",
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n The kettle sings.\n\n",
        "text/vtt; charset=utf-8",
        options=in_format("vtt"),
    ),
    Case("vtt without a content type", VTT, None, options=in_format("vtt")),
    Case(
        "a text that begins with a brace", "{laughs} Well.", "text/plain", options=in_format("text")
    ),
    Case(
        "a text that looks like an event", "data: plural.", "text/plain", options=in_format("text")
    ),
    Case("silence", "", "text/plain", options=in_format("text")),
    Case(
        "a format of one server only (lrc)", "[00:00.00]The", "text/plain", options=in_format("lrc")
    ),
    Case("a translation as text", "The kettle.", "text/plain", "translation", in_format("text")),
]

AS_TEXT_OTHERWISE = [
    Case(
        "a byte order mark",
        b"\xef\xbb\xbfThe kettle",
        "text/plain",
        options=in_format("text"),
        text="The kettle",
    ),
    Case("UTF-16", "Küche".encode("utf-16"), "text/plain", options=in_format("text"), text="Küche"),
    Case(
        "Latin-1",
        "Küche".encode("latin-1"),
        'text/plain; charset="ISO-8859-1"',
        options=in_format("text"),
        text="Küche",
    ),
    Case(
        "a charset that nobody knows",
        "Küche",
        "text/plain; charset=klingon",
        options=in_format("text"),
        text="Küche",
    ),
    Case(
        "a charset of Python's own",
        r"\d Küche",
        "text/plain; charset=unicode_escape",
        options=in_format("text"),
        text=r"\d Küche",
    ),
    Case("vLLM: JSON for text", {"text": " The kettle", "usage": None}, options=in_format("text")),
    Case("LiteLLM: JSON for srt", {"text": SRT}, options=in_format("srt"), text=SRT),
    Case(
        "LiteLLM: JSON for vtt as text",
        {"text": VTT},
        "text/plain",
        options=in_format("vtt"),
        text=VTT,
    ),
    Case("a JSON string", '"The kettle"', options=in_format("text"), text="The kettle"),
]
