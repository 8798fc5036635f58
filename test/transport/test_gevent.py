"""gevent may replace the standard library's sockets and threads before or after the import."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import openapiopenai

if TYPE_CHECKING:
    from wire import RecordingServer

HERE = str(Path(openapiopenai.__file__).parents[1])

PATCH = "from gevent import monkey; monkey.patch_all()"
IMPORT = "import openapiopenai.rest; openapiopenai.AudioApi"

#: Five calls at once, to a server in the same process that takes 0.3 s for each.
CALLS = """
import sys, socket, time
import gevent
from gevent.pywsgi import WSGIServer
from openapiopenai import ApiClient, AudioApi, Configuration

at_once = most = 0

def app(environ, start_response):
    global at_once, most
    at_once += 1
    most = max(most, at_once)
    gevent.sleep(0.3)
    at_once -= 1
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"text": "hello"}']

real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest: real(host.replace("api.test", "127.0.0.1"), *rest)

server = WSGIServer(("127.0.0.1", 0), app, log=None)
server.start()
configuration = Configuration(f"http://api.test:{server.server_port}/v1", access_token="sk-test")
with ApiClient(configuration) as client:
    api = AudioApi(client)
    jobs = [gevent.spawn(api.create_transcription, b"RIFF", "whisper-1") for _ in range(5)]
    gevent.joinall(jobs, timeout=30, raise_error=True)
    assert [job.value.text for job in jobs] == ["hello"] * 5
assert most > 1, most
server.stop()
print("done")
"""

#: An application whose client is made when it is loaded, which is before gunicorn patches.
APPLICATION = """
import os
from openapiopenai import ApiClient, AudioApi, Configuration

api = AudioApi(ApiClient(Configuration(os.environ["API_HOST"], access_token="sk-test")))

def app(environ, start_response):
    text = api.create_transcription(b"RIFF", "whisper-1").text
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [text.encode()]
"""


@pytest.mark.parametrize("order", [(PATCH, IMPORT), (IMPORT, PATCH)], ids=["early", "late"])
def test_calls_by_name_take_turns_whenever_gevent_patches(order: tuple[str, str]) -> None:
    pytest.importorskip("gevent")
    source = "\n".join([f"import sys; sys.path.insert(0, {HERE!r})", *order, CALLS])
    command = [sys.executable, "-W", "ignore", "-c", source]  # gevent warns of a late patch
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.returncode) == ("done", 0), done.stderr


def test_a_client_that_gunicorn_has_preloaded_calls_by_name(
    recording: RecordingServer, tmp_path: Path
) -> None:
    pytest.importorskip("gunicorn")
    recording.answers_always(body={"text": "hello"})
    (tmp_path / "application.py").write_text(APPLICATION)
    host = recording.host.replace("127.0.0.1", "localhost")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        options = ["-k", "gevent", "--preload", "-b", f"fd://{number}", "--chdir", str(tmp_path)]
        with subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "application:app"],
            env={**os.environ, "PYTHONPATH": HERE, "API_HOST": host, "NO_PROXY": "localhost"},
            pass_fds=[number],
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                connection = HTTPConnection(*listener.getsockname(), timeout=30)
                connection.request("GET", "/")
                response = connection.getresponse()
                assert (response.status, response.read()) == (200, b"hello")
                connection.close()
            finally:
                process.terminate()
