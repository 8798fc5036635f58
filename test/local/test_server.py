"""``LocalServer`` starts a server, knows when it is ready, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import signal
import socket
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from local.caller import SENTENCES, Caller, events, form, heard, next_event
from local.processes import PROC, descendants, ended, seconds_of_work, workers

from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.local import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_proc = pytest.mark.skipif(not (PROC / "self/stat").exists(), reason="looks into /proc")

SILENT_PARENT = """
import sys, time
from openapiopenai.local import LocalServer
server = LocalServer(workers=2).start()
print(server.pid, server.host, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server for one test, which may break it."""
    with LocalServer() as server:
        yield server


def test_a_block_has_a_running_server(local_server: LocalServer) -> None:
    assert local_server.host == f"http://127.0.0.1:{local_server.port}/v1"
    assert Caller(local_server).speech("Hello.").status == 200


def test_a_server_can_be_stopped_and_started_again() -> None:
    server = LocalServer()
    server.stop()
    for _ in range(2):
        assert server.start() is server
        pid = server.pid
        assert Caller(server).speech("Hello.").status == 200
        server.stop()
        assert ended([pid], within=0)
    server.stop()


def test_a_stopped_server_has_no_address() -> None:
    server = LocalServer()
    for name in "host", "port", "pid":
        with pytest.raises(RuntimeError, match="is not running"):
            getattr(server, name)


def test_a_server_is_not_started_twice(local_server: LocalServer) -> None:
    with pytest.raises(RuntimeError, match="already running"):
        local_server.start()


def test_a_port_can_be_chosen_and_a_busy_one_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"cannot listen on 127.0.0.1, port {port}"):
            LocalServer(port=port).start()
    with LocalServer(port=port) as server:
        assert server.port == port


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"port": "x"}, ApiTypeError, "port must be an integer from 0 to 65535, not 'x'"),
        ({"port": 65_536}, ApiValueError, "port must be an integer from 0 to 65535, not 65536"),
        ({"workers": 0}, ApiValueError, "workers must be an integer of at least 1, not 0"),
        ({"workers": 1.0}, ApiTypeError, "workers must be an integer of at least 1, not 1.0"),
        ({"workers": True}, ApiTypeError, "workers must be an integer of at least 1, not True"),
        ({"max_seconds": math.nan}, ApiValueError, "max_seconds must be a number .*, not nan"),
        ({"max_seconds": math.inf}, ApiValueError, "max_seconds must be a number .*, not inf"),
        ({"max_queue": -1}, ApiValueError, "max_queue must be an integer of at least 0, not -1"),
        ({"startup_timeout": None}, ApiTypeError, "startup_timeout must be a number .*, not None"),
        ({"key": b"sk-test-unseen"}, ApiTypeError, "key must be a str or None, not bytes"),
        ({"host": None}, ApiTypeError, "host must be a str, not NoneType"),
        ({"host": "http://127.0.0.1"}, ApiValueError, "host must be a name or an address"),
    ],
)
def test_wrong_arguments_are_refused_before_a_process_starts(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{message}"):
        LocalServer(**arguments)


def test_its_repr_says_where_it_runs_or_that_it_is_stopped() -> None:
    server = LocalServer(key="sk-test-unseen")
    assert repr(server) == "<LocalServer host='127.0.0.1' stopped>"
    with server:
        assert repr(server) == f"<LocalServer host='{server.host}' running>"
    assert repr(server) == "<LocalServer host='127.0.0.1' stopped>"


def test_the_host_may_be_an_ipv6_address() -> None:
    with LocalServer(host="::1") as server:
        assert server.host == f"http://[::1]:{server.port}/v1"


def test_a_server_that_is_not_ready_in_time_is_ended() -> None:
    with pytest.raises(RuntimeError, match=r"not ready after 0\.01 s"):
        LocalServer(startup_timeout=0.01).start()


def test_the_key_is_on_no_command_line() -> None:
    with LocalServer(key="sk-test-unseen") as server:
        command = (PROC / str(server.pid) / "cmdline").read_text() if PROC.exists() else ""
        assert "sk-test-unseen" not in command
        assert Caller(server).speech("Hello.").status == 401
        assert Caller(server, {"Authorization": "Bearer sk-test-unseen"}).speech().status == 200


@needs_proc
def test_no_process_outlives_the_block() -> None:
    with contextlib.suppress(KeyboardInterrupt), LocalServer(workers=2) as server:
        running = [server.pid, *descendants(server.pid)]
        assert len(workers(server.pid)) == 2
        raise KeyboardInterrupt
    assert ended(running, within=1)


def test_nothing_is_left_open() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with LocalServer():
            pass
        gc.collect()
    assert not caught


@needs_proc
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_when_its_parent_process_ends(sign: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SILENT_PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline().split()[0])
        running = [pid, *descendants(pid)]
        assert len(workers(pid)) == 2
        parent.send_signal(sign)
        parent.wait(30)
    assert ended(running, within=30)


@needs_proc
def test_a_busy_server_stops_too(server: LocalServer) -> None:
    caller = Caller(server)
    audio = caller.spoken(" ".join(SENTENCES))
    path = "/v1/audio/transcriptions"
    with caller.opened("POST", path, *form(audio, ("stream", "true"))) as answer:
        next_event(answer)
        running = [server.pid, *descendants(server.pid)]
        server.stop()
    assert ended(running, within=1)


@needs_proc
def test_workers_do_not_outlive_a_server_that_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # where it cannot clear up
    server = LocalServer(workers=2).start()
    running = workers(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    assert len(running) == 2
    assert ended(running, within=30)


@needs_proc
def test_a_worker_that_dies_is_an_error_once_and_replaced(server: LocalServer) -> None:
    caller = Caller(server)
    audio = caller.spoken(SENTENCES[-1])
    os.kill(workers(server.pid)[0], signal.SIGKILL)
    reply = caller.transcription(audio)
    assert (reply.status, reply.error["type"]) == (500, "server_error")
    assert "stopped unexpectedly" in reply.error["message"]
    assert reply.headers["x-request-id"]
    assert caller.transcription(audio).json["text"] == heard(SENTENCES[-1])


@needs_proc
def test_a_worker_that_dies_in_a_stream_is_an_event(server: LocalServer) -> None:
    caller = Caller(server)
    audio = caller.spoken(" ".join(SENTENCES[-3:]))
    path = "/v1/audio/transcriptions"
    with caller.opened("POST", path, *form(audio, ("stream", "true"))) as answer:
        assert next_event(answer)["type"] == "transcript.text.delta"
        os.kill(workers(server.pid)[0], signal.SIGKILL)
        *_, failure, end = events(answer.read())
    assert (failure["type"], end) == ("error", "[DONE]")
    assert failure["error"]["type"] == "server_error"


@needs_proc
def test_two_workers_recognize_two_utterances_at_a_time() -> None:
    with LocalServer(workers=2) as server:
        caller = Caller(server)
        reply = caller.transcription(caller.spoken(" ".join(SENTENCES[-3:])))
        used = [seconds_of_work(worker) for worker in workers(server.pid)]
    assert reply.json["text"] == " ".join(map(heard, SENTENCES[-3:]))
    assert min(used) > 0


def test_the_server_imports_no_part_of_the_client() -> None:
    program = "import sys, openapiopenai.local, openapiopenai.local.runner; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stdout.split())
    assert "openapiopenai.local.app" in loaded
    assert not loaded & {"openapiopenai.rest", "openapiopenai.api_client", "urllib3"}
