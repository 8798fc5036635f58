from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from faults import FaultyServer
from jobs import changed, run, transcripts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faults import Engine
    from jobs import Processes


@pytest.fixture
def archive(object_store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a bucket that is empty."""
    for name, value in object_store.items():
        monkeypatch.setenv(name, value)
    store = boto3.resource("s3")
    yield store.create_bucket(Bucket="archive")
    store.meta.client.close()


def test_recordings_in_a_bucket_become_a_data_set_in_a_bucket(
    archive: Any, cluster: Processes, engine: Engine, recordings: Path, tmp_path: Path
) -> None:
    sources = ["hall", "north wing", "südflügel"]
    keys = [f"audio/{source}/{source}-{number:02}.wav" for source in sources for number in range(5)]
    places = ("s3://archive/audio", "s3://archive/transcripts")
    program = changed(tmp_path, "2, 16, 100", "2, 16, 2")  # more than one file for a source
    for key in keys:
        archive.put_object(Key=key, Body=(recordings / key.removeprefix("audio/")).read_bytes())

    with FaultyServer(engine, broken=frozenset({"hall-03.wav"})) as server:
        with run(server.host, *places, cluster=cluster, program=program) as first:
            assert first.wait() == 1, first.output
        asked_before = len(server.asked)
        server.recover()
        with run(server.host, *places, cluster=cluster, program=program) as second:
            assert second.wait() == 0, second.output
        asked_again = [call.name for call in server.asked[asked_before:]]

    found = [stored.key for stored in archive.objects.filter(Prefix="transcripts/")]
    (tmp_path / "found").mkdir()
    for number, key in enumerate(found):
        (tmp_path / f"found/{number}.parquet").write_bytes(archive.Object(key).get()["Body"].read())
    rows = transcripts(tmp_path / "found")
    assert asked_again == ["hall-03.wav"]
    assert sorted(f"audio/{row['path']}" for row in rows if not row["error"]) == sorted(keys)
    folders = {"source=hall", "source=north%20wing", "source=s%C3%BCdfl%C3%BCgel"}
    assert {key.split("/")[1] for key in found} == folders
