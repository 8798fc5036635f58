"""vcrpy records and replays every kind of call, whether its client is fresh or has made calls."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV, client, piped, trusting
from vcr import VCR
from vcr.errors import CannotOverwriteExistingCassetteException
from wire import Answer, RecordingServer, server_context

from openapiopenai import ApiException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from vcr.cassette import Cassette
    from wire import Recorded

    from openapiopenai import AudioApi

#: More than a block of what is read from a file at a time, each block different.
LONG = WAV + b"".join(number.to_bytes(4, "big") for number in range(200_000))
AUDIO = bytes(range(256)) * 300
EVENTS = """\
data: {"type": "transcript.text.delta", "delta": "good "}

data: {"type": "transcript.text.done", "text": "good day"}

"""


def respond(request: Recorded) -> Answer:
    """Answer as the endpoint does, and a stream with events."""
    if request.path.endswith("/speech"):
        return Answer(body=AUDIO, headers={"Content-Type": "audio/mpeg"})
    if "stream" in {part.name for part in request.form}:
        return Answer(body=EVENTS, headers={"Content-Type": "text/event-stream"})
    return Answer(body={"text": "hello"})


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def server(request: pytest.FixtureRequest) -> Iterator[RecordingServer]:
    with RecordingServer(tls=server_context() if request.param else None) as made:
        made.answer_with(respond)
        yield made


@pytest.fixture(params=[False, True], ids=["fresh", "warm"])
def api(request: pytest.FixtureRequest, server: RecordingServer) -> Iterator[AudioApi]:
    """A client; a warm one has a connection to the server open."""
    with client(server.host, retries=False, **trusting()) as made:
        if request.param:
            made.create_transcription(WAV, "whisper-1")
            server.requests.clear()
        yield made


@pytest.fixture
def recorder(tmp_path: Path) -> Callable[..., Any]:
    """``recorder(record_mode)`` opens the cassette of the test, without the key in it."""

    def use(record_mode: str, **options: Any) -> Any:
        settings = {"filter_headers": ["authorization"], "record_mode": record_mode, **options}
        return VCR(**settings).use_cassette(str(tmp_path / "cassette.yaml"))

    return use


def transcribe(api: AudioApi, file: Any) -> str:
    return api.create_transcription(file, "whisper-1").text


def path_of(folder: Path) -> Path:
    path = folder / "long.wav"
    path.write_bytes(LONG)
    return path


def with_http_info(api: AudioApi, _: Path) -> tuple[int, str, str | None]:
    response = api.create_transcription_with_http_info(WAV, "whisper-1")
    return response.status_code, response.data.text, response.headers.get("Content-Type")


def without_preload_content(api: AudioApi, _: Path) -> tuple[int, bytes]:
    response = api.create_speech_without_preload_content(SPEECH)
    body = response.read()
    response.release_conn()
    return response.status, body


def streamed_speech(api: AudioApi, _: Path) -> bytes:
    with api.create_speech_streaming(SPEECH) as stream:
        return b"".join(stream)


def saved_speech(api: AudioApi, folder: Path) -> bytes:
    with api.create_speech_streaming(SPEECH) as stream:
        stream.save(folder / "speech.mp3")
    return (folder / "speech.mp3").read_bytes()


def streamed_transcription(api: AudioApi, _: Path) -> tuple[list[str | None], str]:
    with api.create_transcription_streaming(WAV, "whisper-1") as stream:
        return [event.type for event in stream], stream.text


def upload_of_an_open_file(api: AudioApi, folder: Path) -> str:
    with path_of(folder).open("rb") as file:
        return transcribe(api, file)


def upload_of_a_pipe(api: AudioApi, _: Path) -> str:
    with piped(LONG) as pipe:
        return transcribe(api, ("long.wav", pipe))


CALLS: dict[str, Callable[[AudioApi, Path], Any]] = {
    "speech": lambda api, _: bytes(api.create_speech(SPEECH)),
    "transcription": lambda api, _: transcribe(api, WAV),
    "translation": lambda api, _: api.create_translation(WAV, "whisper-1").text,
    "with http info": with_http_info,
    "without preload content": without_preload_content,
    "streamed speech": streamed_speech,
    "saved speech": saved_speech,
    "streamed transcription": streamed_transcription,
}
UPLOADS: dict[str, Callable[[AudioApi, Path], Any]] = {
    "bytes": lambda api, _: transcribe(api, LONG),
    "path": lambda api, folder: transcribe(api, path_of(folder)),
    "open file": upload_of_an_open_file,
    "pipe": upload_of_a_pipe,
}


@pytest.mark.parametrize("name", [*CALLS, *UPLOADS])
def test_a_call_is_recorded_and_replayed(
    server: RecordingServer,
    api: AudioApi,
    recorder: Callable[..., Any],
    tmp_path: Path,
    name: str,
) -> None:
    call = {**CALLS, **UPLOADS}[name]
    with recorder("once") as cassette:
        recorded = call(api, tmp_path)
        assert len(cassette) == len(server.requests) == 1
    with recorder("none") as cassette:
        assert call(api, tmp_path) == recorded
        assert cassette.play_count == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize("decode", [False, True])
def test_a_compressed_response_is_recorded_and_replayed(
    server: RecordingServer, api: AudioApi, recorder: Callable[..., Any], *, decode: bool
) -> None:
    body = gzip.compress(json.dumps({"text": "hello"}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server.answer_with(lambda _: Answer(body=body, headers=headers))
    for mode in ("once", "none"):
        with recorder(mode, decode_compressed_response=decode) as cassette:
            assert transcribe(api, WAV) == "hello"
            assert cassette.play_count == (mode == "none")


def test_a_cassette_of_one_client_serves_another(
    server: RecordingServer, api: AudioApi, recorder: Callable[..., Any], tmp_path: Path
) -> None:
    with recorder("once"):
        transcribe(api, path_of(tmp_path))
    with recorder("none"), client(server.host, **trusting()) as other:
        assert transcribe(other, path_of(tmp_path)) == "hello"
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", UPLOADS)
def test_the_server_and_the_cassette_have_the_same_body(
    server: RecordingServer,
    api: AudioApi,
    recorder: Callable[..., Any],
    tmp_path: Path,
    name: str,
) -> None:
    with recorder("once"):
        UPLOADS[name](api, tmp_path)
    assert server.last.form[0].content == LONG
    with recorder("none") as cassette:
        assert body_of(cassette) == server.last.body


def body_of(cassette: Cassette) -> bytes:
    """Return the body of the only request on a cassette."""
    (request,) = cassette.requests
    body: bytes = request.body if isinstance(request.body, bytes) else b"".join(request.body)
    return body


def test_a_key_is_on_the_cassette_unless_the_filter_removes_it(
    api: AudioApi, recorder: Callable[..., Any], tmp_path: Path
) -> None:
    with recorder("all"):
        transcribe(api, WAV)
    assert "sk-test" not in (tmp_path / "cassette.yaml").read_text()
    with recorder("all", filter_headers=[]):
        transcribe(api, WAV)
    assert "sk-test" in (tmp_path / "cassette.yaml").read_text()


def test_an_error_and_the_attempts_before_a_success_are_replayed(
    server: RecordingServer, recorder: Callable[..., Any]
) -> None:
    server.answer(503, {"error": {"message": "busy"}}, {"Retry-After": "0"})
    with client(server.host, **trusting()) as api:
        with recorder("once") as cassette:
            assert transcribe(api, WAV) == "hello"
            assert [response["status"]["code"] for response in cassette.responses] == [503, 200]
        with recorder("none") as cassette:
            assert transcribe(api, WAV) == "hello"
            assert cassette.play_count == 2
    assert len(server.requests) == 2


def test_a_call_that_is_not_on_the_cassette_does_not_reach_the_server(
    server: RecordingServer, api: AudioApi, recorder: Callable[..., Any]
) -> None:
    with recorder("none"), pytest.raises(ApiException, match="CannotOverwrite") as caught:
        transcribe(api, WAV)
    assert isinstance(caught.value.__cause__, CannotOverwriteExistingCassetteException)
    assert server.requests == []


def test_after_a_cassette_calls_reach_the_server_again(
    server: RecordingServer, api: AudioApi, recorder: Callable[..., Any]
) -> None:
    with recorder("once"):
        transcribe(api, WAV)
    assert transcribe(api, WAV) == "hello"
    assert len(server.requests) == 2


FIRST_CALL = """
import sys
import openapiopenai, vcr

host, cassette = sys.argv[1:]
configuration = openapiopenai.Configuration(host=host, access_token="sk-test")
with openapiopenai.ApiClient(configuration) as client:
    audio = openapiopenai.AudioApi(client)
    for _ in "record", "replay":
        with vcr.use_cassette(cassette):
            print(audio.create_transcription(b"RIFF", "whisper-1").text)
    print(audio.create_transcription(b"RIFF", "whisper-1").text)
"""


def test_the_first_call_of_a_process_may_be_recorded(
    recording: RecordingServer, tmp_path: Path
) -> None:
    """The package loads its modules at the first call, while those of urllib3 are patched."""
    command = [sys.executable, "-c", FIRST_CALL, recording.host, str(tmp_path / "cassette.yaml")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert printed.split() == ["hello"] * 3
    assert len(recording.requests) == 2
