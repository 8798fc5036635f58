"""Speakers keep their labels from part to part."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

from longform.sounds import WORDS, decode, encode, hear, speech

from openapiopenai import AudioApi, longform

if TYPE_CHECKING:
    from longform.servers import HearingServer
    from longform.sounds import Heard

LIMITS: dict[str, Any] = {"max_seconds": 20, "response_format": "diarized_json"}
MODEL = "gpt-4o-transcribe-diarize"


def voice_of(word: str) -> int:
    """Return whose voice it is: low tones are one, high tones the other."""
    return int(WORDS.index(word) >= len(WORDS) // 2)


def label(number: int, word: Heard, fields: dict[str, list[str]]) -> str:
    """Return the name of a voice that is known, else a label of this part's own."""
    for name, url in zip(
        fields.get("known_speaker_names", ()),
        fields.get("known_speaker_references", ()),
        strict=True,
    ):
        sample = b64decode(url.partition(",")[2])
        if voice_of(hear(decode(sample))[0].word) == voice_of(word.word):
            return name
    return "AB"[(voice_of(word.word) + number) % 2]  # swapped from part to part


def test_labels_that_are_swapped_from_part_to_part_become_one_naming(
    api: AudioApi, server: HearingServer
) -> None:
    server.speaker_of = label
    recording = encode(speech(100, seed=3))
    joined = longform.transcribe(api, recording, MODEL, **LIMITS)
    assert len(server.parts) >= 5
    assert joined.segments
    named = {
        (voice_of(str(segment.text).split()[0]), segment.speaker) for segment in joined.segments
    }
    assert len(named) == 2
    assert {name for _, name in named} == {"A", "B"}
    ids = [str(segment.id) for segment in joined.segments]
    assert ids == [f"seg_{number:03}" for number in range(len(ids))]


def test_samples_are_data_urls_of_two_to_ten_seconds(api: AudioApi, server: HearingServer) -> None:
    server.speaker_of = label
    longform.transcribe(api, encode(speech(60, pauses=False)), MODEL, **LIMITS)
    assert "known_speaker_names" not in server.parts[0]
    for fields in server.parts[1:]:
        (url,) = fields["known_speaker_references"]
        assert url.startswith("data:audio/ogg;base64,")
        assert 2 <= len(decode(b64decode(url.partition(",")[2]))) / 8000 <= 10


def test_a_speaker_not_in_the_first_part_gets_a_new_label_in_each_part(
    api: AudioApi, server: HearingServer
) -> None:
    server.speaker_of = lambda number, _word, fields: (
        "A" if number == 1 or "known_speaker_names" not in fields else "B"
    )
    joined = longform.transcribe(api, encode(speech(50, pauses=False)), MODEL, **LIMITS)
    labels = list(dict.fromkeys(segment.speaker for segment in joined.segments or ()))  # type: ignore[union-attr]
    assert labels == list("ABCDEF"[: len(server.parts)])


def test_speakers_whom_the_caller_knows_are_introduced_to_all_parts(
    api: AudioApi, server: HearingServer
) -> None:
    server.speaker_of = lambda *_: "Ann"
    known = {"known_speaker_names": ["Ann"], "known_speaker_references": ["data:audio/wav;base64,"]}
    joined = longform.transcribe(api, encode(speech(50)), MODEL, **LIMITS, **known)  # type: ignore[arg-type]
    assert {segment.speaker for segment in joined.segments or ()} == {"Ann"}  # type: ignore[union-attr]
    assert all(fields["known_speaker_names"] == ["Ann"] for fields in server.parts)


def test_the_strategy_that_the_model_requires_is_sent_beyond_thirty_seconds(
    api: AudioApi, server: HearingServer
) -> None:
    long, short = encode(speech(31)), encode(speech(20))
    longform.transcribe(api, long, MODEL)
    longform.transcribe(api, short, MODEL)
    longform.transcribe(api, long, MODEL, chunking_strategy={"type": "server_vad"})
    sent = [fields.get("chunking_strategy") for fields in server.parts]
    assert sent == [["auto"], None, None]
    assert server.parts[2]["chunking_strategy[type]"] == ["server_vad"]
