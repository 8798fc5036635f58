from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faults import Allowance, FaultyServer
from jobs import Processes, actors, one_machine, repeated, run, transcripts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faults import Engine

ALL = 500
FAULTS = ("429", "500", "reset", "truncated", "500", "reset", "500", "reset")
REFUSED = frozenset({"attic/attic-07.wav", "hall/hall-42.wav"})


def test_an_error_is_a_row_and_a_second_run_does_only_what_failed(
    cluster: Processes, engine: Engine, recordings: Path, paths: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with FaultyServer(engine, faults=FAULTS, broken=names(REFUSED)) as server:
        with run(server.host, recordings, out, cluster=cluster) as first:
            assert first.wait() == 1, first.output
            said = first.output
        rows, asked_before = transcripts(out), len(server.asked)
        outcomes = {call.outcome for call in server.asked}
        server.recover()
        with run(server.host, recordings, out, "--per-minute", "6", cluster=cluster) as second:
            while second.first.poll() is None:
                assert not repeated(transcripts(out))
                time.sleep(0.2)
            assert second.wait() == 0, second.output
            said_then = second.output
        asked_again = [call.name for call in server.asked[asked_before:]]

    errors = {row["path"]: row["error"] for row in rows if row["error"]}
    assert outcomes.issuperset(FAULTS)
    assert sorted(row["path"] for row in rows) == paths
    assert errors.keys() > REFUSED
    assert {errors[path]["status"] for path in REFUSED} == {400}
    assert f"{ALL - len(errors)} done, {len(errors)} failed" in said
    assert sorted(asked_again) == sorted(names(errors))

    rows = transcripts(out)
    hours = sum(row["duration"] for row in rows) / 3600
    assert done(rows) == paths
    assert f"{ALL} done, 0 failed, {hours:.2f} hours, cost {hours * 60 * 6:.2f}" in said_then
    assert next(row for row in rows if row["path"] == "südflügel/südflügel-00.wav") == {
        "path": "südflügel/südflügel-00.wav",
        "source": "südflügel",
        "text": "twenty one",
        "language": "english",
        "duration": pytest.approx(1.1, abs=0.2),
        "segments": [
            {
                "start": pytest.approx(0, abs=0.2),
                "end": pytest.approx(0.8, abs=0.2),
                "text": "twenty one",
            }
        ],
        "usage": {
            "seconds": pytest.approx(1.1, abs=0.2),
            "input_tokens": None,
            "output_tokens": None,
        },
        "request_id": "req-südflügel-00.wav",
        "error": None,
    }


def test_killing_an_actor_loses_and_repeats_nothing(
    cluster: Processes, engine: Engine, recordings: Path, paths: list[str], tmp_path: Path
) -> None:
    with (
        FaultyServer(engine, latency=0.1) as server,
        run(server.host, recordings, tmp_path / "out", cluster=cluster) as killed,
    ):
        killed.until(lambda: len(server.names("answer")) > 150)
        os.kill(actors()[0], signal.SIGKILL)
        assert killed.wait() == 0, killed.output
    assert done(transcripts(tmp_path / "out")) == paths
    assert len(server.asked) > ALL  # what the actor had in hand was asked for again


def test_killing_the_driver_and_starting_again_loses_and_repeats_nothing(
    cluster: Processes, engine: Engine, recordings: Path, paths: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with FaultyServer(engine, latency=0.1) as server:
        with run(server.host, recordings, out) as killed:
            killed.until(lambda: len(server.names("answer")) > 150)
            killed.kill()
        rows, asked_before = transcripts(out), len(server.asked)
        with run(server.host, recordings, out, cluster=cluster) as again:
            assert again.wait() == 0, again.output
        asked_again = [call.name for call in server.asked[asked_before:]]
    there = done(rows)
    assert 0 < len(there) == len(set(there)) < ALL
    assert sorted([*asked_again, *names(there)]) == sorted(names(paths))
    assert done(transcripts(out)) == paths


def test_a_limit_is_used_up_and_no_recording_is_lost_to_it(
    cluster: Processes, engine: Engine, recordings: Path, paths: list[str], tmp_path: Path
) -> None:
    allowed, in_flight = 40, 2 * 16
    with (
        FaultyServer(engine, allowance=Allowance(allowed), latency=0.05) as server,
        run(server.host, recordings, tmp_path / "out", cluster=cluster) as limited,
    ):
        assert limited.wait() == 0, limited.output
    assert done(transcripts(tmp_path / "out")) == paths
    assert ALL / (server.asked[-1].at - server.asked[0].at) >= 0.9 * allowed
    assert server.most_in_flight <= in_flight
    assert 0 < len(server.names("429")) < ALL  # it waits, rather than asking over and over


def test_the_guide_does_the_same_on_one_machine(
    engine: Engine, recordings: Path, paths: list[str], tmp_path: Path
) -> None:
    program, lines = one_machine(tmp_path), tmp_path / "transcripts.jsonl"
    with FaultyServer(engine, faults=("truncated",)) as server:
        settings = {"OPENAI_BASE_URL": server.host, "OPENAI_API_KEY": "sk-test"}
        command = (sys.executable, program, recordings, lines)
        for _ in range(2):
            with Processes(*command, environment=settings) as threads:
                assert threads.wait() == 0, threads.output
            server.recover()
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    there = sorted(
        Path(row["path"]).relative_to(recordings).as_posix() for row in rows if "text" in row
    )
    assert there == paths
    assert len(rows) > ALL  # what failed has a line too


def done(rows: list[dict[str, object]]) -> list[str]:
    """:return: the recordings that have a transcript."""
    return sorted(str(row["path"]) for row in rows if not row["error"])


def names(paths: Iterable[str]) -> frozenset[str]:
    """:return: what a server knows recordings by."""
    return frozenset(path.rpartition("/")[2] for path in paths)
