"""A call passes few frames of the package on its way to urllib3."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from calls import WAV, client

import openapiopenai

if TYPE_CHECKING:
    from types import FrameType

    from wire import RecordingServer

PACKAGE = str(Path(openapiopenai.__file__).parent)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_transcription", (WAV, "whisper-1")),
        ("create_translation_with_http_info", (WAV, "whisper-1")),
        ("create_transcription_without_preload_content", (WAV, "whisper-1")),
    ],
)
def test_at_most_four_frames_stand_between_a_call_and_urllib3(
    recording: RecordingServer, name: str, arguments: tuple[Any, ...]
) -> None:
    stacks: list[list[str]] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name == "urlopen":
            files = [entry.filename for entry in traceback.extract_stack(frame)]
            stacks.append([file for file in files if file.startswith(PACKAGE)])

    with client(recording.host) as api:
        before = sys.getprofile()
        sys.setprofile(note)
        try:
            response = getattr(api, name)(*arguments)
        finally:
            sys.setprofile(before)
        if hasattr(response, "drain_conn"):
            response.drain_conn()
    assert [len(stack) for stack in stacks] == [4]
