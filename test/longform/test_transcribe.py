"""A recording in parts has the result that it has in one call."""

from __future__ import annotations

import io
import signal
import threading
from array import array
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from calls import piped
from longform.cues import times, without_times
from longform.sounds import (
    CONTAINERS,
    RATE,
    SECONDS_OF_NOTE,
    encode,
    hear,
    music,
    noise,
    speech,
)
from wire import Answer

from openapiopenai import (
    ApiClient,
    ApiValueError,
    AudioApi,
    BadRequestException,
    Configuration,
    longform,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from longform.servers import HearingServer

LIMIT = 20.0  # seconds: three minutes are ten parts or more
MIB = 1 << 20
DIARIZED: dict[str, Any] = {"response_format": "diarized_json", "chunking_strategy": "auto"}


@pytest.mark.parametrize("response_format", ["json", "text", "verbose_json", "srt", "vtt"])
def test_each_format_is_that_of_the_recording_in_one_call(
    api: AudioApi, server: HearingServer, talk: Path, response_format: str
) -> None:
    whole = api.create_transcription(talk, "whisper-1", response_format=response_format)
    server.requests.clear()
    joined = longform.transcribe(
        api, talk, "whisper-1", response_format=response_format, max_seconds=LIMIT
    )
    assert len(server.requests) >= 10
    assert type(joined.actual_instance) is type(whole.actual_instance)
    if response_format in {"srt", "vtt"}:
        assert without_times(joined.text) == without_times(whole.text)
        pairs = zip(times(joined.text), times(whole.text), strict=True)
        assert max(abs(a - b) for a, b in pairs) <= 0.05
    else:
        assert joined.text == whole.text


@pytest.mark.parametrize("container", CONTAINERS)
def test_words_keep_their_times_in_each_container(
    api: AudioApi, server: HearingServer, container: str
) -> None:
    data = encode(speech(40), container)
    name = f"talk.{CONTAINERS[container].extension}"
    options: dict[str, Any] = {
        "response_format": "verbose_json",
        "timestamp_granularities": ["word", "segment"],
    }
    whole = api.create_transcription((name, data), "whisper-1", **options)
    joined = longform.transcribe(api, (name, data), "whisper-1", max_seconds=10, **options)
    assert joined.text == whole.text
    assert joined.words
    assert whole.words
    for ours, theirs in zip(joined.words, whole.words, strict=True):
        assert abs((ours.start or 0) - (theirs.start or 0)) <= 0.05
        assert abs((ours.end or 0) - (theirs.end or 0)) <= 0.05
    assert joined.segments
    assert [segment.id for segment in joined.segments] == list(range(len(joined.segments)))
    assert joined.duration == pytest.approx(whole.duration, abs=0.1)
    assert max(server.heard_seconds[1:]) <= 10


def test_parts_are_under_both_limits_few_at_once_and_each_second_is_sent_once(
    api: AudioApi, server: HearingServer, talk: Path
) -> None:
    longform.transcribe(api, talk, "whisper-1", max_seconds=30, max_bytes=120_000, workers=3)
    assert max(server.heard_seconds) <= 30
    assert max(server.sizes) <= 120_000
    assert 1 < server.most_at_once <= 3
    total = sum(server.heard_seconds)
    longform.transcribe(api, talk, "whisper-1")
    # an encoder's delay, which a header says to skip, and parts without a header do not
    assert total == pytest.approx(server.heard_seconds[-1], abs=0.1)
    server.names.pop()
    assert set(server.names) == {f"part-{n:03}.mp3" for n in range(1, len(server.names) + 1)}


@pytest.mark.parametrize(
    "passed",
    [
        lambda path: path,
        str,
        lambda path: path.read_bytes(),
        lambda path: bytearray(path.read_bytes()),
        lambda path: (path.name, path.read_bytes()),
        lambda path: (path.name, io.BytesIO(path.read_bytes()), "audio/mpeg"),
    ],
    ids=["path", "text", "bytes", "bytearray", "named bytes", "named file"],
)
def test_a_recording_may_be_passed_as_anything_that_the_client_takes(
    api: AudioApi, short_talk: Path, passed: Callable[[Path], Any]
) -> None:
    expected = longform.transcribe(api, short_talk, "whisper-1", max_seconds=6)
    assert longform.transcribe(api, passed(short_talk), "whisper-1", max_seconds=6) == expected


def test_an_open_file_and_a_pipe_are_divided_too(api: AudioApi, short_talk: Path) -> None:
    expected = longform.transcribe(api, short_talk, "whisper-1", max_seconds=6)
    with short_talk.open("rb") as file:
        assert longform.transcribe(api, file, "whisper-1", max_seconds=6) == expected
    with piped(short_talk.read_bytes()) as pipe:
        assert longform.transcribe(api, pipe, "whisper-1", max_seconds=6) == expected


def test_a_recording_within_the_limits_is_one_call_with_its_bytes_untouched(
    api: AudioApi, server: HearingServer, talk: Path, three_minutes: bytes
) -> None:
    for file in (talk, three_minutes, talk.open("rb")):
        longform.transcribe(api, file, "gpt-4o-transcribe")
        (sent,) = [part for part in server.last.form if part.name == "file"]
        assert sent.content == three_minutes
        if hasattr(file, "close"):
            file.close()
    assert [part.filename for part in server.requests[0].form if part.filename] == ["talk.mp3"]
    assert len(server.requests) == 3


def test_the_limit_in_time_is_that_of_the_model(api: AudioApi, server: HearingServer) -> None:
    server.answers_always(body={"text": "nothing"})
    long = encode(array("h", bytes(2 * 1500 * 8000)), "wav", rate=8000)
    longform.transcribe(api, long, "gpt-4o-mini-transcribe")
    seconds = [(request.size - 1000) / 16_000 for request in server.requests]
    assert len(seconds) == 2
    assert max(seconds) <= 1390
    longform.transcribe(api, long, "whisper-1")
    assert len(server.requests) == 3


@pytest.mark.parametrize("response_format", ["json", "text", "verbose_json", "srt", "vtt"])
def test_translations_are_made_in_parts_too(
    api: AudioApi, server: HearingServer, talk: Path, response_format: str
) -> None:
    whole = api.create_translation(talk, "whisper-1", response_format=response_format)
    joined = longform.translate(
        api, talk, "whisper-1", response_format=response_format, max_seconds=LIMIT
    )
    assert type(joined) is type(whole)
    assert type(joined.actual_instance) is type(whole.actual_instance)
    if response_format in {"srt", "vtt"}:
        assert without_times(joined.text) == without_times(whole.text)
    else:
        assert joined.text == whole.text
    assert server.last.path == "/v1/audio/translations"


def test_speakers_have_the_text_and_times_of_one_call(
    api: AudioApi, server: HearingServer, talk: Path
) -> None:
    whole = api.create_transcription(talk, "gpt-4o-transcribe-diarize", **DIARIZED)
    server.requests.clear()
    joined = longform.transcribe(
        api, talk, "gpt-4o-transcribe-diarize", max_seconds=LIMIT, **DIARIZED
    )
    assert len(server.requests) >= 10
    assert joined.text == whole.text
    for ours, theirs in zip(joined.segments or (), whole.segments or (), strict=True):
        assert ours.text == theirs.text
        assert abs((ours.start or 0) - (theirs.start or 0)) <= 0.05
        assert abs((ours.end or 0) - (theirs.end or 0)) <= 0.05


def test_usage_is_summed_and_logprobs_are_joined(api: AudioApi, talk: Path) -> None:
    whole = api.create_transcription(talk, "gpt-4o-transcribe", include=["logprobs"])
    joined = longform.transcribe(
        api, talk, "gpt-4o-transcribe", include=["logprobs"], max_seconds=LIMIT
    )
    assert joined.logprobs
    assert "".join(str(item.token) for item in joined.logprobs) == whole.text
    usage: Any = joined.usage
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens
    assert usage.input_token_details.audio_tokens == pytest.approx(1800, abs=20)


def cuts_of(server: HearingServer) -> list[float]:
    """Return where a recording was cut whose parts were sent one after the other."""
    return list(accumulate(server.heard_seconds[:-1]))


@pytest.mark.parametrize("container", ["wav", "mp3", "aiff"])
def test_cuts_are_in_pauses_where_there_are_any(
    api: AudioApi, server: HearingServer, container: str
) -> None:
    spoken = speech(60)
    longform.transcribe(api, encode(spoken, container), "whisper-1", max_seconds=8, workers=1)
    words = hear(spoken, RATE)
    pauses = [(a.end, b.start) for a, b in pairwise(words) if b.start - a.end > 0.5]
    assert len(cuts_of(server)) > 6
    for cut in cuts_of(server):
        assert [1 for start, end in pauses if start + 0.1 < cut < end - 0.1]


def test_music_is_cut_where_it_is_quietest(api: AudioApi, server: HearingServer) -> None:
    recording = encode(music(40, loudest=0.5), "wav")
    longform.transcribe(api, recording, "whisper-1", max_seconds=15, workers=1)
    assert len(cuts_of(server)) > 1
    for cut in cuts_of(server):
        from_note = cut - SECONDS_OF_NOTE * round(cut / SECONDS_OF_NOTE)
        assert abs(from_note) < 0.15  # between a note that has faded and the next


def test_a_digital_silence_is_where_the_cut_is(api: AudioApi, server: HearingServer) -> None:
    silent = array("h", bytes(2 * RATE * 2))
    recording = encode(noise(10) + silent + noise(10), "wav")
    longform.transcribe(api, recording, "whisper-1", max_seconds=14, workers=1)
    assert cuts_of(server) == [pytest.approx(11, abs=0.5)]


def test_a_cut_is_made_at_the_quietest_place_where_there_is_no_silence(
    api: AudioApi, server: HearingServer
) -> None:
    recording = encode(noise(24, quiet_at=17.5), "wav")
    longform.transcribe(api, recording, "whisper-1", max_seconds=20, workers=1)
    assert server.heard_seconds[0] == pytest.approx(17.6, abs=0.15)


def test_words_without_pauses_between_sentences_are_cut_between_words(
    api: AudioApi, server: HearingServer
) -> None:
    spoken = speech(30, pauses=False)
    joined = longform.transcribe(api, encode(spoken, "wav"), "whisper-1", max_seconds=8)
    assert len(server.requests) > 3
    assert joined.text == " ".join(word.word for word in hear(spoken, RATE))


def test_speech_that_is_too_quiet_to_be_told_from_silence_is_cut_between_words(
    api: AudioApi, server: HearingServer
) -> None:
    spoken = speech(30, level=0.01)
    server.before_answer = lambda _: Answer(body={"text": "quiet"})
    longform.transcribe(api, encode(spoken, "wav"), "whisper-1", max_seconds=8, workers=1)
    cuts, words = [0.0], hear(spoken, RATE, level=0.01)
    for seconds in server.heard_seconds:
        cuts.append(cuts[-1] + seconds)
    assert not [cut for cut in cuts for word in words if word.start + 0.02 < cut < word.end - 0.02]


def test_a_recording_of_silence_is_transcribed_like_any_other(
    api: AudioApi, server: HearingServer
) -> None:
    silent = encode(speech(1)[:1] * 24_000 * 60, "mp3")
    assert longform.transcribe(api, silent, "whisper-1", max_seconds=20).text == ""
    assert len(server.requests) >= 3


@pytest.mark.parametrize("data", [b"this is no recording, and long enough" * 100, b"RIFF1234WAVE"])
def test_what_cannot_be_decoded_is_an_error_before_anything_is_sent(
    api: AudioApi, server: HearingServer, data: bytes
) -> None:
    with pytest.raises(ApiValueError, match="cannot be decoded"):
        longform.transcribe(api, ("talk.mp3", data), "whisper-1")
    assert not server.requests


def test_a_video_without_sound_is_an_error_before_anything_is_sent(
    api: AudioApi, server: HearingServer
) -> None:
    import av
    from longform.sounds import _add_video

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        video: Any = output.add_stream("libx264", rate=1)
        video.width = video.height = 64
        _add_video(output, video, 3)
    with pytest.raises(ApiValueError, match="no sound track"):
        longform.transcribe(api, ("film.mp4", file.getvalue()), "whisper-1")
    assert not server.requests


def test_progress_is_reported_in_seconds_from_the_callers_thread(api: AudioApi, talk: Path) -> None:
    seen: list[tuple[float, float]] = []
    threads: set[int] = set()

    def report(done: float, total: float) -> None:
        seen.append((done, total))
        threads.add(threading.get_ident())

    longform.transcribe(api, talk, "whisper-1", max_seconds=LIMIT, on_progress=report)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == pytest.approx(seen[-1][1])
    assert threads == {threading.get_ident()}


def test_the_prompt_carries_the_text_before_a_part(
    api: AudioApi, server: HearingServer, talk: Path
) -> None:
    joined = longform.transcribe(
        api, talk, "whisper-1", prompt="Numbers:", max_seconds=LIMIT, carry_prompt=True
    )
    prompts = [fields["prompt"][0] for fields in server.parts]
    assert prompts[0] == "Numbers:"
    assert server.most_at_once == 1
    for prompt in prompts[1:]:
        carried = prompt.removeprefix("Numbers: ")
        assert carried in joined.text
        assert 0 < len(carried) <= 400


def test_a_failure_names_its_seconds_and_what_is_in_flight_is_finished(
    api: AudioApi, server: HearingServer, talk: Path, tmp_path: Path
) -> None:
    others = threading.Barrier(3)

    def answer(number: int) -> Answer | None:
        if number <= 3:
            others.wait(30)  # so that three are in flight when one fails
        return Answer(400, {"error": {"message": "no"}}) if number == 2 else None

    server.before_answer = answer
    with pytest.raises(BadRequestException) as caught:
        longform.transcribe(
            api, talk, "whisper-1", max_seconds=LIMIT, workers=3, resume_dir=tmp_path / "kept"
        )
    assert str(caught.value).count("of the recording") == 1
    assert str(caught.value.part).startswith("seconds ")
    assert 3 <= len(server.requests) <= 5
    assert len(list((tmp_path / "kept").iterdir())) == len(server.requests) - 1


def test_a_rate_limit_is_waited_out(server: HearingServer, talk: Path) -> None:
    slow_down = Answer(429, {"error": {"message": "slow down"}}, {"Retry-After": "0.05"})
    server.before_answer = lambda number: slow_down if number in {2, 3, 5} else None
    with ApiClient(Configuration(host=server.host)) as client:
        joined = longform.transcribe(AudioApi(client), talk, "whisper-1", max_seconds=LIMIT)
    assert len(joined.text.split()) == len(hear(speech(180), RATE))


def test_an_interrupt_begins_no_new_calls_and_finishes_those_in_flight(
    api: AudioApi, server: HearingServer, talk: Path, tmp_path: Path
) -> None:
    def interrupt(_done: float, _total: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        longform.transcribe(
            api,
            talk,
            "whisper-1",
            max_seconds=LIMIT,
            workers=2,
            resume_dir=tmp_path / "kept",
            on_progress=interrupt,
        )
    assert len(server.requests) <= 3
    assert len(list((tmp_path / "kept").iterdir())) == len(server.requests)


def test_ctrl_c_finishes_the_calls_in_flight_and_keeps_their_results(
    api: AudioApi, server: HearingServer, talk: Path, tmp_path: Path
) -> None:
    both = threading.Barrier(2)
    main = threading.main_thread().ident

    def answer(number: int) -> None:
        both.wait(30)  # so that two are in flight
        if number == 2:
            signal.pthread_kill(main or 0, signal.SIGINT)

    server.before_answer = answer
    kept = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        longform.transcribe(api, talk, "whisper-1", max_seconds=LIMIT, workers=2, resume_dir=kept)
    assert len(server.requests) == 2
    assert len(list(kept.iterdir())) == 2
    server.before_answer = lambda _: None
    longform.transcribe(api, talk, "whisper-1", max_seconds=LIMIT, resume_dir=kept)
    assert len(server.requests) == len(list(kept.iterdir()))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers is 0"),
        ({"max_seconds": 0.5}, "max_seconds is 0.5"),
        ({"max_bytes": 10}, "max_bytes is 10"),
    ],
)
def test_limits_that_leave_no_room_are_refused(
    api: AudioApi, server: HearingServer, talk: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ApiValueError, match=message):
        longform.transcribe(api, talk, "whisper-1", **options)
    assert not server.requests
