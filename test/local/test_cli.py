"""``python -m openapiopenai.local`` says where it listens, and ends when it is told to."""

from __future__ import annotations

import ast
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from local.caller import form, speech
from local.processes import PROC, descendants, ended, signals_blocked, workers

if TYPE_CHECKING:
    from collections.abc import Iterator

# When coverage is measured, it has a remark of its own to make.
QUIET = {"PYTHONWARNINGS": "ignore:Module openapiopenai"}
COMMAND = [sys.executable, "-m", "openapiopenai.local"]
needs_proc = pytest.mark.skipif(not (PROC / "self/stat").exists(), reason="looks into /proc")


@contextmanager
def command(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command, in a group of its own, as a terminal does."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **QUIET, **environment},
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def announced(process: subprocess.Popen[str]) -> str:
    """Return what it prints, once it listens."""
    assert process.stdout
    lines = list(iter(process.stdout.readline, "Press Ctrl-C to stop.\n"))
    assert lines[-1:] != [""]
    return "".join(lines)


def ask(url: str, key: str | None = None, text: str = "Hello.") -> int:
    """Return the status of a request for speech."""
    address = re.fullmatch(r"http://(.+):(\d+)/v1", url)
    assert address
    connection = HTTPConnection(address[1], int(address[2]), timeout=60)
    body, headers = speech(text)
    headers.update({"Authorization": f"Bearer {key}"} if key else {})
    connection.request("POST", "/v1/audio/speech", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def configuration(text: str) -> dict[str, object]:
    """Return the arguments of the call in the snippet that was printed."""
    call = ast.parse(text[text.index("openapiopenai.Configuration(") :].strip(), mode="eval").body
    assert isinstance(call, ast.Call)
    return {str(item.arg): ast.literal_eval(item.value) for item in call.keywords}


@needs_proc
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_where_it_listens_and_stops_cleanly(sign: signal.Signals) -> None:
    with command("--workers", "2") as process:
        text = announced(process)
        url = text.splitlines()[0].removeprefix("Listening on ")
        assert ask(url) == 200
        assert configuration(text) == {"host": url}
        running = [process.pid, *descendants(process.pid)]
        assert len(workers(process.pid)) == 2
        os.killpg(process.pid, sign)
        rest, complaints = process.communicate(timeout=30)
    assert (process.returncode, rest, complaints) == (0, "", "")
    assert ended(running, within=1)


@pytest.mark.parametrize("as_argument", [True, False])
def test_it_prints_where_a_key_belongs_but_not_the_key(*, as_argument: bool) -> None:
    arguments = ["--key", "sk-test-unseen"] if as_argument else []
    environment = {} if as_argument else {"OPENAPIOPENAI_LOCAL_KEY": "sk-test-unseen"}
    with command(*arguments, **environment) as process:
        text = announced(process)
        url = text.splitlines()[0].removeprefix("Listening on ")
        assert configuration(text) == {"host": url, "access_token": "..."}
        assert "unseen" not in text
        assert (ask(url), ask(url, "sk-test-unseen")) == (401, 200)


def test_it_can_stop_at_the_end_of_its_input() -> None:
    with command("--until-input-ends") as process:
        announced(process)
        _, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, "")


def test_an_interrupt_before_it_is_ready_is_clean_too() -> None:
    with command("--until-input-ends") as process:
        assert process.stdin
        process.stdin.close()
        process.stdin = None
        _, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, "")


@needs_proc
def test_ctrl_c_is_left_to_the_server_from_the_start_of_each_worker() -> None:
    with command("--workers", "2") as process:
        announced(process)
        blocked = [signals_blocked(pid) for pid in workers(process.pid)]
        process.terminate()
        process.communicate(timeout=30)
    assert len(blocked) == 2
    assert all(signal.SIGINT in signals for signals in blocked)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_a_worker_starts_is_clean_too(sign: signal.Signals) -> None:
    """The signal comes between the start of the worker's process and what it is told to run."""
    program = f"""
import os, sys, threading
from openapiopenai.local.cli import main

def interrupt(frame, event, argument):
    names = frame.f_code.co_name, frame.f_back and frame.f_back.f_code.co_name
    if (event, *names) == ("return", "spawnv_passfds", "_launch"):
        os.kill(os.getpid(), {int(sign)})

threading.setprofile(interrupt)
sys.setprofile(interrupt)
sys.exit(main(["--port", "0"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_proc
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_incomplete_request_does_not_delay_its_stop(sign: signal.Signals) -> None:
    with command() as process:
        url = announced(process).splitlines()[0]
        port = int(url.rpartition(":")[2].removesuffix("/v1"))
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            head = "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            head += "Content-Length: 1000\r\n"
            kind = form(None)[1]["Content-Type"]
            connection.sendall(f"{head}Content-Type: {kind}\r\n\r\n--boundary".encode())
            assert ask(url.removeprefix("Listening on ")) == 200
            os.killpg(process.pid, sign)
            _, complaints = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in complaints


def test_a_busy_port_is_one_line_that_names_the_option() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"openapiopenai.local: cannot listen on 127.0.0.1, port {port}: ")
    assert "choose another --port" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_extra_is_named_with_its_command() -> None:
    program = """
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "pocketsphinx" else find(name, *rest)
from openapiopenai.local.cli import main
sys.exit(main([]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "pocketsphinx" in done.stderr
    assert 'pip install "openapiopenai[local]"' in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "0"], "workers must be an integer of at least 1, not 0"),
        (["--max-queue", "-1"], "max_queue must be an integer of at least 0, not -1"),
        (["--port", "http"], "port must be an integer from 0 to 65535, not 'http'"),
        (["--max-seconds", "nan"], "max_seconds must be a number of at least 0.001, not nan"),
        (["--unknown"], "unrecognized arguments: --unknown"),
    ],
)
def test_wrong_arguments_are_explained(arguments: list[str], message: str) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "usage: python -m openapiopenai.local" in done.stderr
    assert message in done.stderr


def test_limits_are_options() -> None:
    with command("--max-characters", "10", "--max-body", "2000") as process:
        url = announced(process).splitlines()[0].removeprefix("Listening on ")
        assert (ask(url, text="Good day."), ask(url, text="Good morning.")) == (200, 400)
        assert ask(url, text="a" * 2000) == 413


def test_help_names_each_option_with_its_default() -> None:
    done = subprocess.run(
        [*COMMAND, "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    for option in "host", "key", "port", "workers", "max-body", "max-seconds", "max-characters":
        assert re.search(rf"--{option} [^(]*\(default: ", done.stdout)
