"""The guards of the session are themselves held to what they promise."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from guards import OutsideWorldError, ambient_settings, is_local, left_behind, running
from wire import RecordingServer, refused_port

if TYPE_CHECKING:
    from guards import NetworkGuard

SESSION = """
import os, socket, subprocess, sys, threading

release = threading.Event()
left = []

def test_swallows_a_refusal():
    try:
        socket.getaddrinfo("nowhere.test", 80)
    except Exception:
        pass

def test_leaves_a_thread_and_a_process():
    threading.Thread(target=release.wait, name="forgotten").start()
    left.append(subprocess.Popen([sys.executable, "-c", "input('forgotten too')"], stdin=-1))

def test_cleans_up_after_them():
    release.set()
    left[0].communicate(b"go")

def test_has_a_plain_environment():
    assert "OPENAI_API_KEY" not in os.environ
    assert "https_proxy" not in os.environ
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", None, b"::1"])
def test_loopback_is_local(host: str | bytes | None) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "fe80::1%eth0", "localhost.test", b"api.openai.com"]
)
def test_all_else_is_not_local(host: str | bytes) -> None:
    assert not is_local(host)


def test_a_connection_beyond_loopback_is_refused(only_this_machine: NetworkGuard) -> None:
    """The address used is this machine's all the same, should the guard ever fail."""
    with socket.socket() as client, refused_port() as port:
        for connect in client.connect, client.connect_ex:
            with pytest.raises(OutsideWorldError, match=r"0\.0\.0\.0"):
                connect(("0.0.0.0", port))
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        with pytest.raises(OutsideWorldError):
            client.sendto(b"x", ("0.0.0.0", port))
        with pytest.raises(OutsideWorldError):
            client.sendmsg([b"x"], [], 0, ("0.0.0.0", port))
    assert len(only_this_machine.attempts) == 4
    only_this_machine.attempts.clear()


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.getaddrinfo", ("api.openai.com", 443, 0, 0, 0)),
        ("socket.gethostbyname", ("api.openai.com",)),
        ("socket.gethostbyaddr", ("192.0.2.1",)),
        ("socket.getnameinfo", (("192.0.2.1", 80),)),
    ],
)
def test_a_name_beyond_this_machine_is_not_resolved(
    event: str, arguments: tuple[object, ...], only_this_machine: NetworkGuard
) -> None:
    """The interpreter's own event is raised, and nothing is sent even if the guard fails."""
    with pytest.raises(OutsideWorldError, match=event):
        sys.audit(event, *arguments)
    only_this_machine.attempts.clear()


def test_what_stays_on_this_machine_is_allowed(
    recording: RecordingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_connection(("localhost", recording.port)):
        pass
    monkeypatch.chdir(tmp_path)  # the path of such a socket has to be short
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as client:
        listening.bind("socket")
        listening.listen()
        client.connect("socket")


def test_what_is_running_is_seen_and_its_end_is_awaited() -> None:
    before = set(running())
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="still here")
    thread.start()
    assert [name for key, name in running().items() if key not in before] == ["thread 'still here'"]
    threading.Timer(0.05, release.set).start()
    assert left_behind(before) == []


def test_settings_of_the_environment_are_known_by_name() -> None:
    names = ["OPENAI_API_KEY", "HTTPS_PROXY", "no_proxy", "SSL_CERT_FILE", "PATH", "PROXY_NOT"]
    assert ambient_settings(dict.fromkeys(names, "x")) == names[:4]


def test_a_session_fails_what_breaks_its_rules(tmp_path: Path) -> None:
    tmp_path.joinpath("test_session.py").write_text(SESSION)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    environment |= {"OPENAI_API_KEY": "sk-test", "https_proxy": "http://127.0.0.1:9"}
    options = [
        "-m",
        "pytest",
        "-p",
        "conftest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:anyio",
        "--rootdir",
        ".",
        "-c",
        "none.ini",
    ]
    tmp_path.joinpath("none.ini").write_text("[pytest]\n")
    session = subprocess.run(
        [sys.executable, *options],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "4 passed, 2 errors" in session.stdout, session.stdout
    assert "nowhere.test" in session.stdout
    assert "left behind: [\"thread 'forgotten'\", " in session.stdout
    assert "input('forgotten too')" in session.stdout
