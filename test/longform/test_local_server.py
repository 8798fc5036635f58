"""Real speech and recognition: what is spoken in parts is understood in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from local.caller import SENTENCES, heard

from openapiopenai import ApiClient, AudioApi, BadRequestException, Configuration, longform
from openapiopenai.local import LocalServer

if TYPE_CHECKING:
    from pathlib import Path


def test_a_recording_over_the_limit_has_the_transcript_of_the_whole(
    local_server: LocalServer, tmp_path: Path
) -> None:
    sentences = [SENTENCES[2], SENTENCES[4], SENTENCES[3], SENTENCES[0], SENTENCES[4]]
    words: dict[str, Any] = {
        "response_format": "verbose_json",
        "timestamp_granularities": ["word", "segment"],
    }
    with ApiClient(Configuration(host=local_server.host)) as client:
        api = AudioApi(client)
        request = {"model": "tts-1", "voice": "alloy", "input": " ".join(sentences)}
        with longform.speak(api, request, max_characters=100) as speech:
            speech.save(tmp_path / "talk.mp3")
        whole = api.create_transcription(tmp_path / "talk.mp3", "whisper-1", **words)
    assert whole.text == " ".join(map(heard, sentences))
    with (
        LocalServer(max_seconds=8) as limited,
        ApiClient(Configuration(host=limited.host)) as client,
    ):
        api = AudioApi(client)
        with pytest.raises(BadRequestException, match="longer than 8 seconds"):
            api.create_transcription(tmp_path / "talk.mp3", "whisper-1")
        joined = longform.transcribe(
            api, tmp_path / "talk.mp3", "whisper-1", max_seconds=8, **words
        )
    assert joined.text == whole.text
    assert joined.duration == whole.duration
    for ours, theirs in zip(joined.words or (), whole.words or (), strict=True):
        assert ours.start == pytest.approx(theirs.start, abs=0.05)
        assert ours.end == pytest.approx(theirs.end, abs=0.05)
