"""One client serves many threads, processes and copies, and lets go of what it holds."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV, client, speak, transcribe, trusting
from wire import Answer, RawServer, RecordingServer, open_sockets, replies, server_context, whole

import openapiopenai
from openapiopenai import (
    ApiClient,
    ApiException,
    ApiValueError,
    AudioApi,
    Configuration,
    TooManyRequestsException,
)
from openapiopenai._transport.pools import Pools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wire import Recorded

THREADS = 32
CALLS = 8  # of each thread
ROUNDS = 25  # of forks


def echo(request: Recorded) -> Answer:
    """Answer with the prompt, so that an answer of another call shows."""
    parts = {part.name: part.text for part in request.form if part.name == "prompt"}
    return Answer(body={"text": parts["prompt"]})


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def echoing(request: pytest.FixtureRequest) -> Iterator[RecordingServer]:
    with RecordingServer(tls=server_context() if request.param else None) as server:
        server.answer_with(echo)
        yield server


FIRST_CALLS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from openapiopenai import ApiClient, AudioApi, Configuration, CreateSpeechRequest

def first_call(api):
    CreateSpeechRequest(model="tts-1", input="hi", voice="alloy")
    result = api.create_transcription(b"RIFF", "whisper-1", response_format="verbose_json")
    values = result.actual_instance, result.segments[0], result.usage
    return [type(value).__name__ for value in values]

sys.setswitchinterval(1e-5)
with ApiClient(Configuration(sys.argv[1], access_token="sk-test")) as client:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(first_call, [AudioApi(client)] * 6))
assert all(each == made[0] for each in made), made
"""


def test_threads_that_make_the_first_call_at_once_get_values_of_one_type(
    recording: RecordingServer,
) -> None:
    segment = {"id": 0, "start": 0, "end": 1, "text": "hi"}
    usage = {"type": "duration", "seconds": 3}
    recording.answers_always(body={"text": "hi", "segments": [segment], "usage": usage})
    command = [sys.executable, "-c", FIRST_CALLS, recording.host]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


def asks(api: AudioApi, name: str, calls: int = CALLS) -> list[str]:
    """Return the prompts whose answer was another's."""
    prompts = [f"{name} {number}" for number in range(calls)]
    return [prompt for prompt in prompts if transcribe(api, prompt=prompt) != prompt]


def test_threads_share_a_client(echoing: RecordingServer) -> None:
    with client(echoing.host, **trusting()) as api, ThreadPoolExecutor(THREADS) as threads:
        mixed_up = list(threads.map(lambda number: asks(api, f"thread {number}"), range(THREADS)))
    assert mixed_up == [[]] * THREADS
    assert len(echoing.requests) == THREADS * CALLS
    assert echoing.connections <= THREADS


def test_threads_share_a_context_and_a_pool(echoing: RecordingServer) -> None:
    """All begin at once, when nothing has been made yet."""
    barrier = threading.Barrier(THREADS)

    def begin(number: int) -> list[str]:
        barrier.wait()
        return asks(api, str(number), 1)

    with client(echoing.host, **trusting()) as api, ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(begin, range(THREADS))) == [[]] * THREADS
        opened = echoing.connections
        assert asks(api, "over one of these", 1) == []
    assert echoing.connections == opened <= THREADS


# -- fork ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_reads_its_own_answers(echoing: RecordingServer) -> None:
    mixed_up = 0
    with client(echoing.host, timeout=10, **trusting()) as api:
        for number in range(ROUNDS):
            asks(api, f"warm {number}", 1)  # the connection is kept, and would be the child's too
            child = forked(lambda: len(asks(api, f"child {number}", 3)))  # noqa: B023
            mixed_up += len(asks(api, f"parent {number}", 3))
            mixed_up += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert mixed_up == 0
    assert len(echoing.requests) == ROUNDS * 7
    assert echoing.connections == 1 + ROUNDS  # one of the parent, one of each child


def forked(work: Callable[[], int]) -> int:
    """Do something in a child; what it gives is its exit code.

    :return: the number of the child.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads: on purpose
        child = os.fork()
    if child:
        return child
    code = 99
    try:
        code = work()
    finally:
        os._exit(code)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_closes_only_what_is_its_own(echoing: RecordingServer) -> None:
    def close() -> int:
        api.api_client.close()
        return len(asks(api, "child", 1))

    with client(echoing.host, timeout=10, **trusting()) as api:
        asks(api, "warm", 1)
        child = forked(close)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert asks(api, "parent", 1) == []
    assert echoing.connections == 2


# -- other processes ----------------------------------------------------------------------------


def test_clients_and_exceptions_travel_between_processes() -> None:
    def answer(request: Recorded) -> Answer:
        if any(part.name == "prompt" for part in request.form):
            return echo(request)
        told = {"error": {"message": "slow down", "code": "rate"}}
        return Answer(429, told, {"x-request-id": "r1", "Retry-After": "7"})

    spawning = multiprocessing.get_context("spawn")
    with (
        RecordingServer() as server,
        client(server.host, retries=False) as api,
        ProcessPoolExecutor(2, mp_context=spawning) as processes,
    ):
        server.answer_with(answer)
        asks(api, "warm", 1)
        prompts = [f"process {number}" for number in range(6)]
        asked = [processes.submit(transcribe, api, WAV, prompt=prompt) for prompt in prompts]
        assert [answer.result() for answer in asked] == prompts
        with pytest.raises(TooManyRequestsException, match="slow down") as failure:
            processes.submit(transcribe, api).result()
        with pytest.raises(ApiValueError, match="empty"):
            processes.submit(transcribe, api, b"").result()
    error = failure.value
    assert (error.status, error.code, error.request_id, error.retry_after) == (429, "rate", "r1", 7)


#: Everything that can be raised, made as the package makes it.
ERRORS = [
    *(
        getattr(openapiopenai, name)(418, "teapot", body='{"error": "x"}', headers={"a": "b"})
        for name in openapiopenai.__all__
        if name.endswith("Exception") and name != "OpenApiException"
    ),
    openapiopenai.ApiTypeError("wrong", ["a", 0], (str,), True),  # noqa: FBT003
    openapiopenai.ApiValueError("wrong", ["a", 0]),
    openapiopenai.ApiAttributeError("wrong"),
    openapiopenai.ApiKeyError("wrong", ("a",)),
    openapiopenai.OpenApiException("wrong"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "copied",
    [
        lambda error: pickle.loads(pickle.dumps(error)),
        lambda error: pickle.loads(pickle.dumps(error, 2)),
        copy.copy,
        copy.deepcopy,
    ],
    ids=["pickle", "pickle 2", "copy", "deepcopy"],
)
def test_exceptions_are_copied_whole(error: Exception, copied: Callable[[Any], Any]) -> None:
    again = copied(error)
    assert type(again) is type(error)
    assert (str(again), repr(again), vars(again)) == (str(error), repr(error), vars(error))
    assert type(error).__name__ in repr(again)
    told = "teapot" if isinstance(error, ApiException) else "wrong"
    assert told in str(again)


def test_a_repr_tells_what_happened() -> None:
    refusal = whole(418, {"error": {"message": "I am short"}}, {"x-request-id": "r1"})
    with (
        RawServer(replies(refusal)) as server,
        client(server.host) as api,
        pytest.raises(ApiException) as failure,
    ):
        speak(api)
    shown = repr(failure.value)
    assert shown == "ApiException(status=418, message='I am short', request_id='r1')"


# -- copies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda api: pickle.loads(pickle.dumps(api)), copy.copy],
    ids=["deepcopy", "pickle", "copy"],
)
def test_copies_have_connections_of_their_own(
    echoing: RecordingServer, copied: Callable[[Any], Any]
) -> None:
    with client(echoing.host, **trusting()) as api:
        api.api_client.set_default_header("X-Own", "1")
        assert asks(api, "first", 1) == []
        again = copied(api)
        if copied is copy.copy:
            assert again.api_client is api.api_client
            again = AudioApi(copy.deepcopy(api.api_client))
        with again.api_client:
            assert again.api_client is not api.api_client
            assert asks(again, "copy", 2) == []
        assert asks(api, "again", 1) == []
    assert echoing.connections == 2
    assert {request.headers["x-own"] for request in echoing.requests} == {"1"}


def test_a_copied_configuration_is_another(recording: RecordingServer) -> None:
    settings = Configuration(recording.host, access_token="sk-test", retries=7)
    again = copy.deepcopy(settings)
    again.access_token = "sk-other"
    again.host = "http://127.0.0.1:1"
    with ApiClient(settings) as made:
        transcribe(AudioApi(made))
    assert recording.last.headers["authorization"] == "Bearer sk-test"
    assert again.retries == pickle.loads(pickle.dumps(settings)).retries == 7


# -- life ---------------------------------------------------------------------------------------


def test_a_client_is_closed_by_with_and_twice(recording: RecordingServer) -> None:
    with client(recording.host) as api:
        transcribe(api)
        assert recording.open_connections == 1
    assert recording.wait_for(lambda: recording.open_connections == 0)
    api.api_client.close()
    api.api_client.close()


def test_a_closed_client_opens_again(recording: RecordingServer) -> None:
    with client(recording.host) as api:
        transcribe(api)
        api.api_client.close()
        assert transcribe(api) == "hello"
        assert recording.connections == 2


def test_closing_in_use_lets_the_call_end(recording: RecordingServer) -> None:
    gate = recording.gate()
    recording.answer(Answer(body={"text": "late"}, delay=gate))
    with client(recording.host) as api, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(transcribe, api)
        assert recording.wait_for(lambda: len(recording.requests) == 1)
        api.api_client.close()
        gate.set()
        assert waiting.result() == "late"
        assert recording.wait_for(lambda: recording.open_connections == 0)


def test_closing_at_any_moment_harms_no_call(echoing: RecordingServer) -> None:
    ended = threading.Event()

    def close() -> None:
        while not ended.wait(0.001):
            api.api_client.close()

    with client(echoing.host, retries=False, **trusting()) as api:
        closer = threading.Thread(target=close)
        closer.start()
        try:
            with ThreadPoolExecutor(8) as threads:
                mixed_up = list(threads.map(lambda number: asks(api, str(number), 6), range(8)))
        finally:
            ended.set()
            closer.join()
    assert mixed_up == [[]] * 8


def test_closing_between_two_steps_of_a_call_does_not_harm_it(
    recording: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client(recording.host, retries=False) as api:
        closings = [api.api_client.close]
        find = Pools.route

        def find_and_close(pools: Pools, url: Any) -> Any:
            found = find(pools, url)
            while closings:
                closings.pop()()
            return found

        monkeypatch.setattr(Pools, "route", find_and_close)
        assert transcribe(api) == "hello"
        assert closings == []


def test_a_stream_that_is_left_early_frees_its_connection(recording: RecordingServer) -> None:
    recording.answer(Answer(200, iter([b"a" * 1000] * 1000), {"Content-Type": "audio/mpeg"}))
    with client(recording.host) as api:
        with api.create_speech_streaming(SPEECH) as stream:
            next(stream)
        assert recording.wait_for(lambda: recording.open_connections == 0)
        assert transcribe(api) == "hello"


def test_what_is_left_behind_is_collected(recording: RecordingServer) -> None:
    gc.collect()
    before = open_sockets()
    for _ in range(5):
        api = AudioApi(ApiClient(Configuration(recording.host, access_token="sk-test")))
        transcribe(api)
        del api
    gc.collect()
    assert recording.wait_for(lambda: recording.open_connections == 0)
    assert open_sockets() == before


SCRIPT = """
import gc, sys
sys.path[:0] = [{root!r}, {test!r}]
from calls import client, transcribe, speak, SPEECH
from openapiopenai import *
with client({host!r}, retries=False) as api:
    print(transcribe(api))
    api.create_speech_streaming(SPEECH).close()
    api.create_speech_without_preload_content(SPEECH).close()
    try:
        api.api_client.configuration.host = "http://127.0.0.1:1"
        transcribe(api)
    except ApiConnectionException as error:
        print(type(error).__name__)
forgotten = AudioApi(ApiClient(Configuration({host!r}, access_token="sk-test")))
print(transcribe(forgotten))
del forgotten
gc.collect()
"""


def test_nothing_is_warned_of_in_development_mode(recording: RecordingServer) -> None:
    test = Path(__file__).parent
    package = Path(openapiopenai.__file__).parent.parent
    script = SCRIPT.format(root=str(package), test=str(test), host=recording.host)
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", script]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split() == ["hello", "ApiConnectionException", "hello"]


def test_an_upload_that_fails_leaves_no_file_open(recording: RecordingServer) -> None:
    path = Path(__file__)
    for failing in ("missing.wav", b"", str(path.parent)):
        with client(recording.host) as api, pytest.raises(ApiValueError):
            transcribe(api, failing)
    with client(recording.host, retries=False) as api:
        recording.answer(400)
        with pytest.raises(ApiException):
            transcribe(api, path)
    gc.collect()
    held = {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.exists()}
    assert str(path) not in held


def test_calls_do_not_wait_for_each_other(recording: RecordingServer) -> None:
    gate = recording.gate()
    recording.answer(Answer(body={"text": "late"}, delay=gate))
    with client(recording.host) as api, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(transcribe, api, WAV)
        assert recording.wait_for(lambda: len(recording.requests) == 1)
        started = time.monotonic()
        assert transcribe(api) == "hello"
        assert time.monotonic() - started < 2
        gate.set()
        assert waiting.result() == "late"
