from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from faults import FaultyServer
from jobs import HERE, WORKER_TOKEN, Processes

if TYPE_CHECKING:
    from pathlib import Path

    from faults import Engine


@pytest.fixture(scope="module")
def sent(cluster: Processes, engine: Engine, recordings: Path) -> dict[str, Any]:
    """Return what workers did with a client, settings and errors that a driver sent them."""
    file = recordings / "hall/hall-00.wav"
    with (
        FaultyServer(engine) as server,
        Processes(
            sys.executable,
            HERE / "across_processes.py",
            server.host,
            file,
            folder=cluster.folder,
            environment={"RAY_ADDRESS": "auto"},
        ) as driver,
    ):
        assert driver.wait() == 0, driver.output
        return json.loads(driver.output.splitlines()[-1])


def test_a_client_calls_from_a_worker_and_its_answer_comes_back(sent: dict[str, Any]) -> None:
    assert (sent["status"], sent["text"], sent["request_id"]) == (
        200,
        "twenty one",
        "req-hall-00.wav",
    )


def test_a_token_goes_by_value_or_is_read_on_the_worker(sent: dict[str, Any]) -> None:
    assert sent["by_value"] == "Bearer sk-by-value"
    assert sent["by_callable"] == f"Bearer {WORKER_TOKEN}"


def test_errors_come_back_whole(sent: dict[str, Any]) -> None:
    assert len(sent["errors"]) == 9
    for raised, caught in sent["errors"]:
        assert caught == raised
    assert sent["argument"]
