"""A call whose result is kept is not made again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from wire import Answer

from openapiopenai import AudioApi, ServiceException, longform

if TYPE_CHECKING:
    from pathlib import Path

    from longform.servers import HearingServer

SCRIPT = """
import sys
from openapiopenai import ApiClient, AudioApi, Configuration, longform
with ApiClient(Configuration(host=sys.argv[1])) as client:
    longform.transcribe(
        AudioApi(client), sys.argv[2], "whisper-1", max_seconds=6, workers=1,
        resume_dir=sys.argv[3],
    )
"""
LIMITS: dict[str, Any] = {"max_seconds": 6, "workers": 1}


def test_a_killed_run_is_resumed(
    api: AudioApi, server: HearingServer, short_talk: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    held = server.gate()
    server.before_answer = lambda number: None if number < 3 else _hold(held)
    command = [sys.executable, "-c", SCRIPT, server.host, str(short_talk), str(kept)]
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ) as run:
        server.wait_for(lambda: len(server.parts) == 3)
        run.send_signal(signal.SIGKILL)
    held.set()
    server.before_answer = lambda _: None
    finished = {path.name for path in kept.glob("*.json")}
    assert len(finished) == 2
    before = len(server.requests)
    joined = longform.transcribe(api, short_talk, "whisper-1", resume_dir=kept, **LIMITS)
    assert len(server.requests) - before == len(list(kept.glob("*.json"))) - 2
    assert joined == longform.transcribe(api, short_talk, "whisper-1", **LIMITS)


def _hold(gate: Any) -> None:
    gate.wait(30)


def test_a_finished_run_makes_no_calls(
    api: AudioApi, server: HearingServer, short_talk: Path, tmp_path: Path
) -> None:
    options = {**LIMITS, "resume_dir": tmp_path / "kept", "response_format": "verbose_json"}
    first = longform.transcribe(api, short_talk, "whisper-1", **options)
    before = len(server.requests)
    assert longform.transcribe(api, short_talk, "whisper-1", **options) == first
    assert longform.transcribe(api, short_talk, "whisper-1", **{**options, "workers": 3}) == first
    assert len(server.requests) == before


def test_the_result_of_a_single_call_is_kept_too(
    api: AudioApi, server: HearingServer, short_talk: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        longform.transcribe(api, short_talk, "whisper-1", resume_dir=tmp_path / "kept")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "changed",
    [{"language": "de"}, {"response_format": "text"}, {"prompt": "Numbers"}, {"temperature": 1.0}],
)
def test_a_changed_parameter_makes_all_calls_again(
    api: AudioApi, server: HearingServer, short_talk: Path, tmp_path: Path, changed: dict[str, Any]
) -> None:
    options = {**LIMITS, "resume_dir": tmp_path / "kept"}
    longform.transcribe(api, short_talk, "whisper-1", **options)
    count = len(server.requests)
    longform.transcribe(api, short_talk, "whisper-1", **options, **changed)
    assert len(server.requests) == 2 * count


def test_another_model_operation_or_recording_makes_all_calls_again(
    api: AudioApi, server: HearingServer, short_talk: Path, talk: Path, tmp_path: Path
) -> None:
    options: dict[str, Any] = {"max_seconds": 60, "resume_dir": tmp_path / "kept"}
    longform.transcribe(api, short_talk, "whisper-1", **options)
    longform.transcribe(api, short_talk, "whisper-2", **options)
    longform.translate(api, short_talk, "whisper-1", **options)
    assert len(server.requests) == 3
    longform.transcribe(api, talk, "whisper-1", **options)
    assert len(server.requests) >= 6


@pytest.mark.parametrize("damage", [b"", b"{", b'{"kind": "str"}', b"\xff\xfe"])
def test_a_damaged_file_is_made_anew(
    api: AudioApi, server: HearingServer, short_talk: Path, tmp_path: Path, damage: bytes
) -> None:
    options = {**LIMITS, "resume_dir": tmp_path / "kept"}
    first = longform.transcribe(api, short_talk, "whisper-1", **options)
    count = len(server.requests)
    victim = next((tmp_path / "kept").iterdir())
    victim.write_bytes(damage)
    assert longform.transcribe(api, short_talk, "whisper-1", **options) == first
    assert len(server.requests) == count + 1
    assert json.loads(victim.read_bytes())["kind"] == "CreateTranscriptionResponseJson"


def test_a_result_that_was_changed_on_disk_is_made_anew(
    api: AudioApi, server: HearingServer, short_talk: Path, tmp_path: Path
) -> None:
    options = {**LIMITS, "resume_dir": tmp_path / "kept"}
    first = longform.transcribe(api, short_talk, "whisper-1", **options)
    victim = next((tmp_path / "kept").iterdir())
    kept = json.loads(victim.read_bytes())
    kept["value"]["text"] = "something else"
    victim.write_text(json.dumps(kept))
    count = len(server.requests)
    assert longform.transcribe(api, short_talk, "whisper-1", **options) == first
    assert len(server.requests) == count + 1


def test_parts_finished_before_a_failure_are_not_sent_again(
    api: AudioApi, server: HearingServer, short_talk: Path, tmp_path: Path
) -> None:
    server.before_answer = lambda number: Answer(500) if number == 2 else None
    options = {**LIMITS, "resume_dir": tmp_path / "kept"}
    with pytest.raises(ServiceException, match="seconds"):
        longform.transcribe(api, short_talk, "whisper-1", **options)
    longform.transcribe(api, short_talk, "whisper-1", **options)
    assert server.heard_seconds.count(server.heard_seconds[0]) == 1
