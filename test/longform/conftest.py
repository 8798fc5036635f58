"""What the tests of longform share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest
from longform.servers import HearingServer
from longform.sounds import encode, speech

from openapiopenai import ApiClient, AudioApi, Configuration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


if not hasattr(av.AudioFrame, "metadata"):  # before PyAV 18, which needs Python 3.11
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def three_minutes() -> bytes:
    """Return a recording of three minutes, with pauses between sentences."""
    return encode(speech(180), "mp3")


@pytest.fixture
def talk(three_minutes: bytes, tmp_path: Path) -> Path:
    """Return the path of that recording."""
    path = tmp_path / "talk.mp3"
    path.write_bytes(three_minutes)
    return path


@pytest.fixture
def short_talk(tmp_path: Path) -> Path:
    """Return the path of a recording of 15 seconds."""
    path = tmp_path / "short.mp3"
    path.write_bytes(encode(speech(15), "mp3"))
    return path


@pytest.fixture
def server() -> Iterator[HearingServer]:
    """Return a server that recognizes words."""
    with HearingServer() as server:
        yield server


@pytest.fixture
def api(server: HearingServer) -> Iterator[AudioApi]:
    """Return a client of it, which tries each call once."""
    with ApiClient(Configuration(host=server.host, retries=False)) as client:
        yield AudioApi(client)
