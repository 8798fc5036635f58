"""Every shape of answer that servers have, through every kind of call, over a socket."""

from __future__ import annotations

import copy
import math
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from servers import ALL, Case
from servers.case import ABSENT, HTTP_INFO, PLAIN, STREAMING, look_up
from wire import Answer, RawServer, RecordingServer, Script, truncates, truncates_chunked, whole

from openapiopenai import (
    ApiClient,
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiResponse,
    AudioApi,
    Configuration,
    CreateTranscription200Response,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

WAV = ("a.wav", b"RIFF\x24\x00\x00\x00WAVE")
ARGUMENTS: dict[str, dict[str, Any]] = {
    "transcription": {"file": WAV, "model": "whisper-1"},
    "translation": {"file": WAV, "model": "whisper-1"},
    "speech": {"model": "tts-1", "input": "The kettle sings.", "voice": "alloy"},
}


def api_of(host: str) -> AudioApi:
    return AudioApi(ApiClient(Configuration(host=host, access_token="sk-test", retries=False)))


def call(api: AudioApi, case: Case, way: str) -> Any:
    suffix = "" if way == PLAIN else f"_{way}"
    arguments = {**ARGUMENTS[case.call], **case.options}
    method = getattr(api, f"create_{case.call}{suffix}")
    return method(arguments) if case.call == "speech" else method(**arguments)


def each(*, failing: bool) -> list[Any]:
    """Return the cases that fail, or those that do not."""
    chosen = (case for case in ALL if bool(case.raises) == failing)
    return [pytest.param(case, id=f"{case.call}: {case.name}") for case in chosen]


def ways(case: Case) -> list[str]:
    """Return the ways of calling in which a case can occur."""
    return [way for way in case.ways if case.call != "translation" or way != STREAMING]


@pytest.fixture
def server(recording: RecordingServer) -> RecordingServer:
    return recording


@pytest.fixture
def api(server: RecordingServer) -> Iterator[AudioApi]:
    api = api_of(server.host)
    with api.api_client:
        yield api


def answer(server: RecordingServer, case: Case) -> None:
    server.answers_always(Answer(case.status, case.content, case.sent_headers))


def check_attrs(value: Any, case: Case) -> None:
    for path, expected in case.attrs.items():
        found = look_up(value, path)
        if expected is None or expected is ABSENT:
            assert found is None or found is ABSENT, path
        else:
            assert found == expected, path
            assert isinstance(found, type(expected)) or isinstance(expected, (int, float)), path


def check_value(value: Any, case: Case) -> None:
    """Check what a whole answer has become, and that nothing about it fails later."""
    if case.audio is not None:
        assert value == case.audio
        assert type(value) is bytearray
        return
    assert value.text == str(value) == case.text
    if case.variant:
        assert type(value.actual_instance) is case.variant
    check_attrs(value.actual_instance, case)
    if case.back:
        assert value.to_dict() == case.body
    assert isinstance(value.to_str() + value.to_json() + repr(value), str)
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    check_types(value)


def check_types(value: Any) -> None:
    """Check that what is read through the result has the types that it promises."""
    assert isinstance(value.language, (str, type(None)))
    assert isinstance(value.duration, (int, float, type(None)))
    for segment in value.segments or ():
        assert isinstance(segment.start, (float, type(None)))
        assert isinstance(segment.text, (str, type(None)))
    is_transcript = isinstance(value, CreateTranscription200Response)  # a translation has none
    for word in (is_transcript and value.words) or ():
        assert isinstance(word.word, (str, type(None)))
        assert isinstance(word.end, (float, type(None)))


def check_error(error: ApiException, case: Case, *, whole: bool) -> None:
    """Check that an error tells all that there is to know, whatever is done with it."""
    assert type(error) is case.raises or case.raises is ApiException
    assert error.status == case.status
    assert case.message in str(error)
    assert error.headers is not None
    assert error.body is not None or not whole
    assert len(str(error)) < 3000
    assert f"{error!r}{error.message}".encode()
    check_attrs(error, case)
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.status, twin.body, str(twin)) == (error.status, error.body, str(error))
    assert str(copy.deepcopy(error)) == str(error)


@pytest.mark.parametrize("case", each(failing=False))
def test_an_answer_gives_the_same_value_in_every_way(
    server: RecordingServer, api: AudioApi, case: Case
) -> None:
    answer(server, case)
    for way in ways(case):
        CHECKS[way](call(api, case, way), case)


def check_response(response: ApiResponse[Any], case: Case) -> None:
    check_value(response.data, case)
    assert response.status_code == case.status
    assert response.raw_data == case.content
    assert response.headers.get("CONTENT-TYPE") == case.kind


def check_stream(stream: Any, case: Case) -> None:
    with stream:
        items = list(stream)
    if case.audio is not None:
        assert b"".join(items) == case.audio
        return
    assert stream.text == case.text
    if case.events is None:  # an answer that is not streamed after all
        assert [event.type for event in items] == ["transcript.text.done"]
        assert stream.done.text == case.text
        return
    assert tuple(event.type for event in items) == case.events
    check_attrs(stream, case)
    assert all(isinstance(event.to_json() + repr(event), str) for event in items)


CHECKS = {PLAIN: check_value, HTTP_INFO: check_response, STREAMING: check_stream}


@pytest.mark.parametrize("case", each(failing=True))
def test_what_is_no_value_raises_in_every_way(
    server: RecordingServer, api: AudioApi, case: Case
) -> None:
    answer(server, case)
    for way in ways(case):
        error = failure(api, case, way)
        # what of a stream was handed on is not in its error
        whole = way != STREAMING or case.kind is None or "event-stream" not in case.kind
        check_error(error, case, whole=whole)


def failure(api: AudioApi, case: Case, way: str) -> ApiException:
    """Make a call, read all of its answer, and give the error that this raises."""
    with pytest.raises(ApiException) as caught:
        read_whole(call(api, case, way))
    return caught.value


def read_whole(result: Any) -> None:
    """Read a stream to its end; anything else is whole already."""
    if hasattr(result, "close"):
        with result:
            list(result)


BROKEN_OFF: list[Script] = [
    truncates(b"ID3\x04", content_type="audio/mpeg"),
    truncates(b"", content_type="audio/mpeg"),
    truncates(b'{"text": "The', content_type="application/json"),
    truncates(b'data: {"choices"', content_type="text/event-stream"),
]


@pytest.mark.parametrize("way", [PLAIN, HTTP_INFO, STREAMING])
@pytest.mark.parametrize("kind", ["speech", "transcription"])
@pytest.mark.parametrize("script", BROKEN_OFF)
def test_an_answer_that_breaks_off_is_never_taken_for_a_whole_one(
    script: Script, kind: str, way: str
) -> None:
    case = Case("broken off", b"", call=kind)
    with RawServer(script) as server, api_of(server.host).api_client as client:
        assert isinstance(failure(AudioApi(client), case, way), ApiConnectionException)


@pytest.mark.parametrize("way", [PLAIN, STREAMING])
def test_chunks_without_an_end_are_never_taken_for_a_whole_answer(way: str) -> None:
    case = Case("broken off", b"", call="speech")
    with RawServer(truncates_chunked()) as server, api_of(server.host).api_client as client:
        assert isinstance(failure(AudioApi(client), case, way), ApiConnectionException)


@pytest.mark.parametrize("way", [PLAIN, HTTP_INFO, STREAMING])
@pytest.mark.parametrize("kind", ["speech", "transcription"])
@pytest.mark.parametrize("head", ["HTTP/1.1 099 No", "HTTP/1.1 abc No", "SIP/2.0 200 OK", "\0\0\0"])
def test_what_is_no_http_is_no_answer(kind: str, way: str, head: str) -> None:
    sent = head.encode() + b"\r\nContent-Length: 2\r\n\r\n{}"

    def script(connection: Any) -> None:
        connection.read_request()
        connection.send(sent)

    case = Case("no HTTP", b"", call=kind)
    with RawServer(script) as server, api_of(server.host).api_client as client:
        assert failure(AudioApi(client), case, way)


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_an_answer_before_the_answer_is_passed_over_or_refused(status: int) -> None:
    early = f"HTTP/1.1 {status} Wait\r\n\r\n".encode()

    def script(connection: Any) -> None:
        connection.read_request()
        connection.send(early + whole(body={"text": "Hi"}))

    with RawServer(script) as server, api_of(server.host).api_client as client:
        try:
            found = AudioApi(client).create_transcription(WAV, "whisper-1").text
        except ApiException as error:
            found = str(error.status)
    assert found in ("Hi", str(status))


@pytest.mark.parametrize(
    "encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "rot13", "x-gzip"]
)
@pytest.mark.parametrize("way", [PLAIN, STREAMING])
def test_a_compression_that_is_a_lie_raises_ours(
    server: RecordingServer, api: AudioApi, encoding: str, way: str
) -> None:
    server.answers_always(Answer(200, b"\x80\x81", {"Content-Encoding": encoding}))
    case = Case("compressed", b"")
    assert failure(api, case, way)


def test_an_error_in_a_stream_holds_what_came_before_it(
    server: RecordingServer, api: AudioApi
) -> None:
    body = 'data: {"type":"transcript.text.delta","delta":"The"}\n\ndata: {"error":"no more"}\n\n'
    server.answers_always(Answer(200, body, {"Content-Type": "text/event-stream"}))
    with api.create_transcription_streaming(WAV, "whisper-1") as stream:
        assert next(stream).delta == "The"
        with pytest.raises(ApiException, match="no more") as caught:
            next(stream)
    assert stream.text == "The"
    assert caught.value.body == '{"error":"no more"}'


def test_an_answer_that_cannot_be_read_tells_all_one_needs_to_see_why(
    server: RecordingServer, api: AudioApi
) -> None:
    headers = {"Content-Type": "application/json", "X-Request-Id": "req_7"}
    server.answers_always(Answer(200, '{"error": {"message": "no more"}}', headers))
    with pytest.raises(ApiDecodeException) as caught:
        api.create_transcription(WAV, "whisper-1")
    error = caught.value
    assert (error.status, error.request_id, error.message) == (200, "req_7", "no more")
    assert error.body == '{"error": {"message": "no more"}}'
    assert error.headers is not None
    assert error.headers["CONTENT-TYPE"] == "application/json"
    assert "no more" in str(error)
    assert "req_7" in str(error)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_json_does_not_know_do_no_harm(
    server: RecordingServer, api: AudioApi, value: str
) -> None:
    body = '{"text":"Hi","duration":@,"segments":[{"id":@,"seek":@,"tokens":[@],"speaker":@}]}'
    server.answers_always(
        Answer(200, body.replace("@", value), {"Content-Type": "application/json"})
    )
    result = api.create_transcription(WAV, "whisper-1", response_format="verbose_json")
    segment = (result.segments or [])[0]
    assert (segment.id, segment.seek, segment.tokens, segment.speaker) == (None,) * 4
    assert not math.isfinite(result.duration or 0)
    assert result.to_json()


AZURE = [
    (
        "/openai/v1?api-version=preview",
        "/openai/v1/audio/{}?api-version=preview",
    ),
    ("/openai/v1/", "/openai/v1/audio/{}"),
    (
        "/openai/deployments/my%20ear?api-version=2024-10-21",
        "/openai/deployments/my%20ear/audio/{}?api-version=2024-10-21",
    ),
    (
        "/openai/deployments/ear/?api-version=2024-10-21",
        "/openai/deployments/ear/audio/{}?api-version=2024-10-21",
    ),
]


@pytest.mark.parametrize(("base", "target"), AZURE)
def test_azure_is_asked_at_its_paths_with_its_version_and_its_key(
    server: RecordingServer, base: str, target: str
) -> None:
    configuration = Configuration(host=server.origin + base)
    with ApiClient(configuration, "api-key", "sk-test") as client:
        api = AudioApi(client)
        api.create_transcription(WAV, "whisper")
        api.create_translation(WAV, "whisper")
        server.answer(200, b"ID3", {"Content-Type": "audio/mpeg"})
        api.create_speech(ARGUMENTS["speech"])
    endpoints = ("transcriptions", "translations", "speech")
    assert [request.target for request in server.requests] == list(map(target.format, endpoints))
    for request in server.requests:
        assert request.headers.get_all("api-key") == ["sk-test"]
        assert "authorization" not in request.headers


def test_azure_takes_the_key_of_a_single_call_and_tokens_of_entra(server: RecordingServer) -> None:
    tokens = iter(["first", "second"])
    configuration = Configuration(
        host=f"{server.origin}/openai/deployments/ear?api-version=2024-10-21",
        access_token=lambda: next(tokens),
    )
    with ApiClient(configuration) as client:
        api = AudioApi(client)
        auth = {"in": "header", "key": "api-key", "value": "sk-test"}
        api.create_transcription(WAV, "whisper", _request_auth=auth)
        api.create_transcription(WAV, "whisper")
        api.create_transcription(WAV, "whisper")
    first, *others = (request.headers for request in server.requests)
    assert (first["api-key"], "authorization" in first) == ("sk-test", False)
    assert [headers["authorization"] for headers in others] == ["Bearer first", "Bearer second"]
    assert all("api-key" not in headers for headers in others)


def test_azure_names_a_call_in_a_header_of_its_own(server: RecordingServer) -> None:
    server.answer(200, {"text": "Hi"}, {"apim-request-id": "a-1"})
    server.answer(404, {"error": {"message": "no"}}, {"apim-request-id": "a-2"})
    api = api_of(server.host)
    with api.api_client:
        assert api.create_transcription_with_http_info(WAV, "whisper").request_id == "a-1"
        with pytest.raises(ApiException) as caught:
            api.create_transcription(WAV, "whisper")
    assert caught.value.request_id == "a-2"


@pytest.mark.parametrize(
    ("extra", "sent"),
    [
        ({"url": "https://example.org/a.mp3"}, [("url", "https://example.org/a.mp3")]),
        ({"file_url": "https://example.org/a"}, [("file_url", "https://example.org/a")]),
        ({"file": WAV, "hotwords": ["a", "b"]}, [("hotwords[]", "a"), ("hotwords[]", "b")]),
        ({"file": WAV, "diarize": False}, [("diarize", "false")]),
        ({"file": WAV, "sample_rate": 8000}, [("sample_rate", "8000")]),
        ({"file": WAV, "vad": {"onset": 0.5}}, [("vad[onset]", "0.5")]),
    ],
)
def test_fields_of_one_server_only_go_beside_or_instead_of_the_documented(
    server: RecordingServer, api: AudioApi, extra: dict[str, Any], sent: list[tuple[str, str]]
) -> None:
    file = extra.pop("file", None)
    api.create_transcription(file, "whisper-1", _extra_fields=extra)
    parts = [(part.name, part.text) for part in server.last.form if part.name != "file"]
    assert parts == [("model", "whisper-1"), *sent]
    assert ("file" in {part.name for part in server.last.form}) == (file is not None)


def test_a_server_without_keys_is_asked_without_one(server: RecordingServer) -> None:
    with ApiClient(Configuration(host=server.host)) as client:
        AudioApi(client).create_transcription(WAV, "whisper-1")
    assert "authorization" not in server.last.headers
