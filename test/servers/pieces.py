"""Pieces of which the responses are made."""

from __future__ import annotations

from typing import Any

from openapiopenai import (
    CreateTranscriptionResponseDiarizedJson,
    CreateTranscriptionResponseJson,
    CreateTranscriptionResponseVerboseJson,
)

JSON = CreateTranscriptionResponseJson
VERBOSE = CreateTranscriptionResponseVerboseJson
DIARIZED = CreateTranscriptionResponseDiarizedJson
SRT = "1\n00:00:00,000 --> 00:00:01,500\nThe kettle sings.\n\n"
VTT = "WEBVTT\n\n00:00.000 --> 00:01.500\nThe kettle sings.\n\n"
PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please</body></html>"


def in_format(response_format: str) -> dict[str, Any]:
    return {"response_format": response_format}


def segment(**changed: Any) -> dict[str, Any]:
    """Return a segment as OpenAI describes it, but for what is changed."""
    usual = {
        "id": 0,
        "seek": 0,
        "start": 0.0,
        "end": 1.5,
        "text": " The kettle sings.",
        "tokens": [440, 9],
        "temperature": 0.0,
        "avg_logprob": -0.25,
        "compression_ratio": 1.25,
        "no_speech_prob": 0.125,
    }
    return usual | changed


def verbose(**changed: Any) -> dict[str, Any]:
    return {"language": "en", "duration": 1.5, "text": "The kettle sings.", **changed}
