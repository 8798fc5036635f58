"""A stream that is left before its end lets go of its connection, however it is left."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from calls import client, heard, spoken
from wire import RawServer, open_sockets, whole

from openapiopenai import ApiConnectionException, ApiException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wire import Connection

    from openapiopenai import AudioApi, SpeechStream, TranscriptionStream

    Open = Callable[[], SpeechStream | TranscriptionStream]


class Kind(NamedTuple):
    """A kind of stream: how it is opened, and how its server begins."""

    opened: Callable[[AudioApi], SpeechStream | TranscriptionStream]
    first: bytes
    content_type: str


LAST_CHUNK = b"0\r\n\r\n"
KINDS = {
    "speech": Kind(spoken, b"first" * 20, "audio/mpeg"),
    "transcript": Kind(
        heard,
        b'data: {"type": "transcript.text.delta", "delta": "Good "}\n\n',
        "text/event-stream",
    ),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def server(kind: Kind) -> Iterator[RawServer]:
    """Return a server that begins, and says no more until the client has gone."""
    headers = {"Content-Type": kind.content_type}

    def begins(connection: Connection) -> None:
        connection.read_request()
        connection.send(whole(200, chunks=[kind.first], headers=headers).removesuffix(LAST_CHUNK))
        connection.drain()

    with RawServer(begins) as server:
        yield server


def leave(opened: Open) -> None:
    with opened() as stream:
        next(stream)


def leave_the_loop(opened: Open) -> None:
    with opened() as stream:
        for _ in stream:
            break


def break_out(opened: Open) -> None:
    for _ in opened():
        break


def forget(opened: Open) -> None:
    stream = opened()
    next(stream)


def forget_an_iterator(opened: Open) -> None:
    next(iter(opened()))


def forget_unread(opened: Open) -> None:
    opened()


def fail(opened: Open) -> None:
    with contextlib.suppress(ZeroDivisionError):
        for _ in opened():
            1 / 0  # noqa: B018


def fail_inside(opened: Open) -> None:
    with contextlib.suppress(ZeroDivisionError), opened() as stream:
        for _ in stream:
            1 / 0  # noqa: B018


WAYS = [
    leave,
    leave_the_loop,
    break_out,
    forget,
    forget_an_iterator,
    forget_unread,
    fail,
    fail_inside,
]


@pytest.mark.parametrize("way", WAYS)
def test_a_stream_that_is_left_early_frees_its_connection(
    server: RawServer, kind: Kind, way: Callable[[Open], None]
) -> None:
    with client(server.host) as api:
        before = open_sockets()
        for _ in range(3):
            way(lambda: kind.opened(api))
            assert server.wait_for(lambda: server.open_connections == 0)
        assert open_sockets() == before


def test_another_thread_may_end_a_stream_that_waits(server: RawServer, kind: Kind) -> None:
    first_is_there = threading.Event()
    raised: list[Exception] = []

    def read() -> None:
        try:
            for _ in stream:
                first_is_there.set()
        except ApiException as error:
            raised.append(error)

    with client(server.host) as api:
        stream: Any = kind.opened(api)
        reader = threading.Thread(target=read)
        reader.start()
        first_is_there.wait()
        stream.close()
        reader.join()
    assert [type(error) for error in raised] == [ApiConnectionException]
    assert server.wait_for(lambda: server.open_connections == 0)


LEAVES = """
import calls, gc, sys
from openapiopenai import ApiClient, AudioApi, Configuration

gc.disable()
host, name = sys.argv[1:]
api = AudioApi(ApiClient(Configuration(host, access_token="sk-test")))

def opened():
    return getattr(calls, name)(api)

for _ in opened():
    break
next(opened())
opened()
try:
    for _ in opened():
        1 / 0
except ZeroDivisionError:
    pass
with opened() as stream:
    next(stream)
gc.collect()
print("left", flush=True)
sys.stdin.read(1)
kept = opened()
next(kept)
"""


def test_leaving_early_warns_of_nothing(server: RawServer, kind: Kind) -> None:
    script = ["-c", LEAVES, server.host, kind.opened.__name__]
    command = [sys.executable, "-X", "dev", "-W", "error", *script]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=-1
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"left\n"
        assert server.wait_for(lambda: server.open_connections == 0)
        assert server.requests_seen == 5
        _, told = child.communicate(b"!")  # and the last is still open when the process ends
    assert (told, child.returncode) == (b"", 0)
