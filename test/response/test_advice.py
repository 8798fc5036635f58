"""An error says what to do about it, where the server itself cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from calls import client, transcribe

from openapiopenai import ApiException, NotFoundException, TooManyRequestsException

if TYPE_CHECKING:
    from wire import RecordingServer

    from openapiopenai import AudioApi


def error_of(api: AudioApi) -> str:
    with pytest.raises(ApiException) as failure:
        transcribe(api)
    return str(failure.value).splitlines()[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_names_the_host_to_set(recording: RecordingServer, status: int) -> None:
    location = "https://other.test/v2/audio/transcriptions"
    recording.answer(status, b"", {"Location": location})
    with client(recording.host) as api:
        message = error_of(api)
    assert "set host to https://other.test/v2)" in message


def test_a_host_without_a_path_is_told_of_the_usual_one(recording: RecordingServer) -> None:
    recording.answer(404, {"detail": "Not Found"})
    root = recording.host.removesuffix("/v1")
    with client(root) as api, pytest.raises(NotFoundException, match=f"host='{root}/v1'"):
        transcribe(api)


def test_a_host_with_a_path_is_not(recording: RecordingServer) -> None:
    recording.answer(404, {"detail": "Not Found"})
    with client(recording.host) as api:
        assert "/v1" not in error_of(api)


@pytest.mark.parametrize(("settings", "is_withheld"), [({}, True), ({"access_token": "x"}, False)])
def test_a_key_that_is_for_another_server_is_said_to_be_withheld(
    recording: RecordingServer,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, Any],
    is_withheld: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-secret")
    recording.answer(401, {"error": "who are you?"})
    with client(recording.host, **{"access_token": None, **settings}) as api:
        message = error_of(api)
    assert ("OPENAI_API_KEY was not sent" in message) == is_withheld
    assert "sk-test-secret" not in message


def test_a_long_wait_is_left_to_the_caller_and_named(recording: RecordingServer) -> None:
    recording.answer(429, {"error": "slow down"}, {"Retry-After": "3600"})
    with client(recording.host) as api:
        waits: list[float] = []
        api.api_client.rest_client.sleep = waits.append
        with pytest.raises(
            TooManyRequestsException, match="3600 s; it was not waited for"
        ) as failure:
            transcribe(api)
    assert (waits, failure.value.retry_after) == ([], 3600)
