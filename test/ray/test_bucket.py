from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from faults import FaultyServer
from jobs import run, transcripts
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faults import Engine

SETTINGS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Give what leads to an object store that starts empty."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {**SETTINGS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    yield given
    server.stop()


@contextmanager
def bucket(name: str) -> Iterator[Any]:
    """Give a bucket, and close the connections to it."""
    store = boto3.resource("s3")
    yield store.Bucket(name)
    store.meta.client.close()


def test_recordings_in_a_bucket_become_a_data_set_in_a_bucket(
    settings: dict[str, str], engine: Engine, recordings: Path, tmp_path: Path
) -> None:
    sources = ["hall", "north wing", "südflügel"]
    keys = [f"audio/{source}/{source}-{number:02}.wav" for source in sources for number in range(5)]
    options = ("s3://archive/audio", "s3://archive/transcripts", "--part", "2")
    with bucket("archive") as archive:
        archive.create()
        for key in keys:
            archive.put_object(Key=key, Body=(recordings / key.removeprefix("audio/")).read_bytes())
        for broken in (frozenset({"hall-03.wav"}), frozenset()):
            with FaultyServer(engine, broken=broken) as server:
                with run(server.host, *options, **settings) as done:
                    assert done.wait() == len(broken), done.output
        found = [stored.key for stored in archive.objects.filter(Prefix="transcripts/")]
        for number, key in enumerate(found):
            (tmp_path / f"{number}.parquet").write_bytes(archive.Object(key).get()["Body"].read())
    assert len(server.asked) == 1
    assert sorted(f"audio/{row['path']}" for row in transcripts(tmp_path)) == sorted(keys)
    assert not any(row["error"] for row in transcripts(tmp_path))
    assert {key.split("/")[1] for key in found} == {
        "source=hall",
        "source=north%20wing",
        "source=s%C3%BCdfl%C3%BCgel",
    }
