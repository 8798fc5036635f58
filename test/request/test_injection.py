"""Nothing that a caller passes adds a header or a part to what is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from calls import WAV, client, transcribe
from hypothesis import example, given
from hypothesis import strategies as st
from wire import RecordingServer

from openapiopenai import ApiTypeError, ApiValueError, AudioApi
from openapiopenai._response.headers import retry_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire import Recorded

SIGNS = "\r\n\0\"'\\%;:/ \x7f\x85\u2028\u00fc\U0001f600"
HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.lists(
        st.sampled_from(
            [*SIGNS, "\r\n", "--", "Content-Type: text/x", "filename=x", 'name="file"']
        ),
        max_size=8,
    ).map("".join),
)
REFUSED = (ApiValueError, ApiTypeError)

#: What every transcription holds, whatever it is about.
PART_HEADERS = {"content-disposition"}
FILE_HEADERS = {"content-disposition", "content-type"}


@pytest.fixture(scope="module")
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as made:
        yield made


@pytest.fixture(scope="module")
def api(server: RecordingServer) -> Iterator[AudioApi]:
    with client(server.host, retries=False) as made:
        transcribe(made)
        yield made


def usual_headers(server: RecordingServer) -> set[str]:
    """Return the names of the headers of a call where nothing is unusual."""
    return set(server.requests[0].headers)


def sent_by(server: RecordingServer, **options: Any) -> Recorded | None:
    """Make a call, and check that it has exactly the usual headers.

    :return: what the server saw; None if the call was refused.
    """
    before = len(server.requests)
    try:
        with client(server.host, retries=False) as api:
            transcribe(api, **options)
    except REFUSED:
        assert len(server.requests) == before
        return None
    assert len(server.requests) == before + 1
    assert set(server.last.headers) == usual_headers(server)
    return server.last


def plainly(name: str) -> str:
    """Return a name without what a browser escapes, and a parser takes for an escape."""
    return unquote(name).replace("\\", "")


@pytest.mark.usefixtures("api")
@given(name=HOSTILE)
def test_a_file_name_is_one_name(server: RecordingServer, name: str) -> None:
    request = sent_by(server, file=(name, WAV))
    assert request
    file, model = request.form
    assert (file.name, model.name) == ("file", "model")
    assert (file.content, model.content) == (WAV, b"whisper-1")
    assert set(file.headers) == FILE_HEADERS
    base = name.replace("\\", "/").rpartition("/")[2]
    assert not base or plainly(file.filename or "") == plainly(base)


@pytest.mark.usefixtures("api")
@given(kind=HOSTILE)
def test_a_content_type_is_one_header(server: RecordingServer, kind: str) -> None:
    request = sent_by(server, file=("a.wav", WAV, kind))
    assert request
    assert [part.name for part in request.form] == ["file", "model"]
    assert set(request.form[0].headers) == FILE_HEADERS
    assert request.form[0].content == WAV


@pytest.mark.usefixtures("api")
@given(prompt=HOSTILE, keywords=st.lists(HOSTILE, max_size=3))
def test_texts_arrive_as_they_are(
    server: RecordingServer, prompt: str, keywords: list[str]
) -> None:
    request = sent_by(server, prompt=prompt, keywords=keywords)
    assert request
    texts = [(part.name, part.text) for part in request.form if part.name not in ("file", "model")]
    assert [text for name, text in texts if name == "keywords[]"] == keywords
    assert [text for name, text in texts if name != "keywords[]"] == [prompt]
    assert {name for part in request.form for name in part.headers} <= FILE_HEADERS


@pytest.mark.usefixtures("api")
@given(name=HOSTILE.filter(bool), value=HOSTILE)
def test_a_field_is_one_part(server: RecordingServer, name: str, value: str) -> None:
    request = sent_by(server, _extra_fields={name: value})
    if request and name not in ("file", "model"):
        file, model, own = request.form
        assert (file.name, model.name, own.text) == ("file", "model", value)
        assert set(own.headers) == PART_HEADERS
        assert own.filename is None
        assert plainly(own.name) == plainly(name)


@pytest.mark.usefixtures("api")
@given(name=HOSTILE, value=HOSTILE)
def test_a_header_is_one_header_or_refused(server: RecordingServer, name: str, value: str) -> None:
    before = len(server.requests)
    with client(server.host, retries=False) as api:
        try:
            transcribe(api, _headers={f"X-{name}": value})
        except REFUSED:
            assert len(server.requests) == before
            return
    own = set(server.last.headers) - usual_headers(server)
    assert own == {f"x-{name}".lower()}
    assert server.last.headers[f"X-{name}"] == value.strip(" \t")


@pytest.mark.usefixtures("api")
@given(token=HOSTILE)
def test_a_token_is_one_header_or_refused(server: RecordingServer, token: str) -> None:
    before = len(server.requests)
    with client(server.host, access_token=token, retries=False) as api:
        try:
            transcribe(api)
        except REFUSED:
            assert len(server.requests) == before
            return
    extra = usual_headers(server) - set(server.last.headers)
    assert extra <= {"authorization"}
    if not extra:
        assert server.last.headers["authorization"] == f"Bearer {token.strip()}"


@pytest.mark.usefixtures("api")
@given(text=HOSTILE.filter(bool), name=HOSTILE)
def test_a_text_to_speak_is_one_json_value(server: RecordingServer, text: str, name: str) -> None:
    with client(server.host, retries=False) as api:
        answer = api.create_speech_without_preload_content(
            {"model": "m", "voice": "v", "input": text}, _extra_fields={f"x{name}": text}
        )
        answer.read()
    expected = {"model": "m", "voice": "v", "input": text, f"x{name}": text}
    assert json.loads(server.last.body) == expected
    assert set(server.last.headers) == usual_headers(server)


@example("0\x1f")
@given(st.one_of(HOSTILE, st.from_regex(r"-?[0-9]{1,400}(\.[0-9]+)?"), st.datetimes().map(str)))
def test_no_wish_of_a_server_to_wait_is_an_error(wish: str) -> None:
    for name in ("retry-after", "retry-after-ms"):
        seconds = retry_after({name: wish})
        assert seconds is None or 0 <= seconds < float("inf")
