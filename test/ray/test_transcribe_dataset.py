from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faults import Allowance, FaultyServer
from jobs import Processes, actors, changed, one_machine, repeated, run, transcripts, until

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
        copy = changed(tmp_path, "2, 16, 100", "2, 16, 20")
        with run(server.host, recordings, out, cluster=cluster, program=copy) as first:
            assert first.wait() == 1, first.output
            said = first.output
        rows, asked_before = transcripts(out), len(server.asked)
        outcomes = {call.outcome for call in server.asked}
        server.recover()
        copy = changed(tmp_path, "0.006 / 60", "6.0 / 60")
        with run(server.host, recordings, out, cluster=cluster, program=copy) as second:
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
    assert all(errors[path].startswith("BadRequestException: (400)") for path in REFUSED)
    assert f"{ALL - len(errors)} done, {len(errors)} failed" in said
    assert sorted(asked_again) == sorted(names(errors))

    rows, files = transcripts(out), {file.name for file in out.rglob("*.parquet")}
    assert files == {f"part-00000{number}-of-000003.parquet" for number in range(3)}
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
        until(lambda: not server.in_flight)  # it may still have been answering them
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


def test_throughput_recovers_when_nothing_was_let_through_for_a_while(
    cluster: Processes, engine: Engine, recordings: Path, paths: list[str], tmp_path: Path
) -> None:
    allowed, in_flight, seconds = 40, 2 * 16, 2
    with (
        FaultyServer(engine, allowance=Allowance(allowed), latency=0.05) as server,
        run(server.host, recordings, tmp_path / "out", cluster=cluster) as limited,
    ):
        limited.until(lambda: len(server.names("answer")) > 40)
        shut = server.allow(0)
        limited.until(lambda: time.monotonic() > shut + seconds)
        open_again = server.allow(allowed)
        assert limited.wait() == 0, limited.output
    meanwhile = [call.outcome for call in server.asked if shut <= call.at < open_again]
    later = [call.at for call in server.asked if call.outcome == "answer" and call.at >= open_again]
    assert done(transcripts(tmp_path / "out")) == paths
    assert set(meanwhile) == {"429"}
    assert len(meanwhile) <= in_flight * (seconds + 1)  # each of them waits for a second
    assert server.most_in_flight <= in_flight
    assert len(later) > ALL / 2
    assert len(later) / (later[-1] - open_again) >= 0.9 * allowed


def test_the_guide_does_the_same_on_one_machine(
    engine: Engine, recordings: Path, paths: list[str], tmp_path: Path
) -> None:
    command, here = (sys.executable, one_machine(tmp_path)), tmp_path / "recordings"
    shutil.copytree(recordings, here)
    with FaultyServer(engine, faults=("truncated",)) as server:
        settings = {"OPENAI_BASE_URL": server.host, "OPENAI_API_KEY": "sk-test"}
        with Processes(*command, place=tmp_path, environment=settings) as first:
            assert first.wait() == 0, first.output
            told = [line for line in first.output.splitlines() if line.startswith("recordings/")]
        failed, asked_before = server.names("truncated"), len(server.asked)
        server.recover()
        with Processes(*command, place=tmp_path, environment=settings) as second:
            assert second.wait() == 0, second.output
        asked_again = [call.name for call in server.asked[asked_before:]]
    assert 0 < len(failed) < ALL
    assert sorted(Path(line.partition(": ")[0]).name for line in told) == sorted(failed)
    assert sorted(asked_again) == sorted(failed)
    for path in paths:
        assert json.loads(here.joinpath(path).with_suffix(".json").read_text())["text"]


def done(rows: list[dict[str, object]]) -> list[str]:
    """Return the recordings that have a transcript."""
    return sorted(str(row["path"]) for row in rows if not row["error"])


def names(paths: Iterable[str]) -> frozenset[str]:
    """Return what a server knows recordings by."""
    return frozenset(path.rpartition("/")[2] for path in paths)
