"""Transcripts and translations that are not streamed."""

from __future__ import annotations

from typing import Any

from openapiopenai import (
    CreateTranslationResponseJson,
    CreateTranslationResponseVerboseJson,
)

from .case import Case
from .detailed import AS_DIARIZED_JSON, AS_VERBOSE_JSON, AS_VERBOSE_TRANSLATION
from .json_transcripts import AS_JSON
from .pieces import DIARIZED, JSON, VERBOSE, in_format
from .texts import AS_TEXT, AS_TEXT_OTHERWISE
from .unreadable import EMPTY, NO_TRANSCRIPTS


def _as(cases: list[Case], **common: Any) -> list[Case]:
    """Add to cases what they all share."""
    return [Case(**{**vars(case), **common}) for case in cases]


TRANSCRIPTS = [
    *(Case(**{**vars(case), "variant": str, "text": case.body}) for case in AS_TEXT),
    *(
        Case(**{**vars(case), "variant": str, "text": case.text or " The kettle"})
        for case in AS_TEXT_OTHERWISE
    ),
    *AS_JSON,
    *_as(
        AS_VERBOSE_JSON,
        options=in_format("verbose_json"),
        variant=VERBOSE,
        text="The kettle sings.",
    ),
    *_as(
        AS_DIARIZED_JSON,
        options=in_format("diarized_json"),
        variant=DIARIZED,
        text="The kettle sings.",
    ),
    *_as(
        AS_VERBOSE_TRANSLATION,
        call="translation",
        options=in_format("verbose_json"),
        variant=CreateTranslationResponseVerboseJson,
        text="The kettle sings.",
    ),
    Case(
        "verbose_json for a translation that has only the text",
        {"text": "Hi"},
        call="translation",
        variant=CreateTranslationResponseJson,
        text="Hi",
    ),
    Case("201 is a success too", {"text": "Hi"}, status=201, text="Hi", variant=JSON),
    *NO_TRANSCRIPTS,
    *EMPTY,
]
