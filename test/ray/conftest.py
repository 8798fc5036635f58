"""What the tests over Ray share: recordings, the engine that spoke them, and a cluster."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faults import Engine
    from jobs import Processes

    from openapiopenai.local import LocalServer

HERE = Path(__file__).parent
sys.path.append(str(HERE))  # no package here: one named ray would stand before the real one


@pytest.fixture(scope="session")
def recordings(local_server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of 500 recordings."""
    from recordings import speak

    return speak(local_server.host, tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="session")
def engine(local_server: LocalServer, recordings: Path) -> Iterator[Engine]:
    """Return the engine, which has heard every sentence: so no test waits for it."""
    from faults import Engine
    from recordings import listen

    with Engine(local_server.host) as answers:
        listen(answers, recordings)
        yield answers


@pytest.fixture(scope="session")
def paths(recordings: Path) -> list[str]:
    """Return the recordings, as the data set names them."""
    return sorted(path.relative_to(recordings).as_posix() for path in recordings.rglob("*.wav"))


@pytest.fixture(scope="session")
def object_store() -> Iterator[dict[str, str]]:
    """Return the settings that lead to an object store which speaks S3."""
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    key = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    place = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    yield {**key, **place, "AWS_EC2_METADATA_DISABLED": "true"}
    server.stop()


@pytest.fixture(scope="session")
def cluster(object_store: dict[str, str]) -> Iterator[Processes]:
    """Return a Ray that outlives its drivers."""
    from jobs import start_cluster

    with start_cluster(object_store) as processes:
        yield processes
