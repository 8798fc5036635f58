"""Guards of the test session, and the fixtures that most tests share."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from guards import NetworkGuard, ambient_settings, left_behind, running
from hypothesis import HealthCheck, settings
from wire import RecordingServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapiopenai import AudioApi
    from openapiopenai.local import LocalServer

# Generated examples must not fail on a slow machine, nor differ from one CI run to the next.
settings.register_profile(
    "here", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# A shell that starts pytest in the background has it ignore interrupts, which some tests are about.
signal.signal(signal.SIGINT, signal.default_int_handler)

network = NetworkGuard()
network.install()
settled: set[object] = set()  # threads and processes of fixtures that outlive a test


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are processors: at any time, some test waits."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
    """Let what a fixture of a session, module or class starts live on after a test."""
    before = set(running()) if fixturedef.scope != "function" else None
    result = yield
    if before is not None:
        settled.update(set(running()) - before)
    return result


@pytest.fixture(autouse=True)
def only_this_machine() -> Iterator[NetworkGuard]:
    """Fail a test that tried to reach beyond loopback, even if it swallowed the exception."""
    network.attempts.clear()
    yield network
    assert not network.attempts, f"reached for the outside world: {network.attempts}"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove keys, proxies and certificates from the environment."""
    for name in ambient_settings(os.environ):
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread or a child process behind."""
    before = set(running())
    yield
    leftovers = left_behind(before | settled)
    assert not leftovers, f"left behind: {leftovers}"


@pytest.fixture
def recording() -> Iterator[RecordingServer]:
    """A fresh recording server."""
    with RecordingServer() as server:
        yield server


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    """A client of the recording server."""
    from calls import client

    with client(recording.host) as made:
        yield made


@pytest.fixture
def no_defaults() -> Iterator[None]:
    """No default configuration and no default client, before the test and after it."""
    from openapiopenai import ApiClient, Configuration

    Configuration.set_default(None)
    ApiClient.set_default(None)
    yield
    Configuration.set_default(None)
    ApiClient.set_default(None)


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalServer]:
    """The local speech server, one for the session."""
    from openapiopenai.local import LocalServer

    with LocalServer() as server:
        yield server
