"""Values to what JSON knows and back, as the generated clients offer it on ``ApiClient``."""

from __future__ import annotations

import enum
import json
import sys
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from openapiopenai import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    AudioResponseFormat,
    Configuration,
    CreateSpeechRequest,
    CreateTranscription200Response,
    CreateTranscriptionResponseJson,
    TranscriptionWord,
    VadConfig,
    VoiceIdsOrCustomVoice,
)

NUMBER = UUID("12345678-1234-5678-1234-567812345678")


class Plain(enum.Enum):
    ONE = 1


@pytest.fixture(scope="module")
def client() -> ApiClient:
    return ApiClient(Configuration())


# -- to JSON --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (5, 5),
        (1.5, 1.5),
        ("text", "text"),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 12, 30, tzinfo=timezone.utc), "2024-02-29T12:30:00+00:00"),
        (time(12, 30), "12:30:00"),
        (Decimal("0.10"), "0.10"),
        (NUMBER, str(NUMBER)),
        (SecretStr("sk-test"), "sk-test"),
        (Plain.ONE, 1),
        (AudioResponseFormat.SRT, "srt"),
        ((1, [2, {"a": (3,)}]), [1, [2, {"a": [3]}]]),
        ({1: Plain.ONE}, {"1": 1}),
        (frozenset([1]), [1]),
        (VadConfig(type="server_vad", threshold=None), {"type": "server_vad", "threshold": None}),
        (VoiceIdsOrCustomVoice({"id": "v"}), {"id": "v"}),
        (
            CreateSpeechRequest(model="m", input="x", voice={"id": "v"}, further=Plain.ONE),
            {"model": "m", "input": "x", "voice": {"id": "v"}, "further": 1},
        ),
    ],
)
def test_values_become_what_json_knows(client: ApiClient, value: Any, plain: Any) -> None:
    given = client.sanitize_for_serialization(value)
    assert given == plain
    assert type(given) is type(plain)
    assert json.loads(json.dumps(given)) == plain


@pytest.mark.parametrize("value", [object(), b"bytes", [object()], {"a": lambda: None}])
def test_what_json_cannot_hold_is_refused_by_type(client: ApiClient, value: Any) -> None:
    with pytest.raises(ApiTypeError, match="JSON cannot hold a value of the type"):
        client.sanitize_for_serialization(value)


def test_what_contains_itself_is_refused_long_before_pythons_limit(client: ApiClient) -> None:
    endless: list[Any] = []
    endless.append({"again": endless})
    with pytest.raises(ApiValueError, match="contains itself") as failure:
        client.sanitize_for_serialization(endless)
    assert len(failure.traceback) < sys.getrecursionlimit() / 2


# -- from JSON ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted", "value"),
    [
        ("5", "int", 5),
        ("5", int, 5),
        ("1.5", "float", 1.5),
        ('"x"', "str", "x"),
        ("true", "bool", True),
        ('"abc"', "bytearray", bytearray(b"abc")),
        ('"abc"', bytes, b"abc"),
        ('"0.10"', "Decimal", Decimal("0.10")),
        ('"0.10"', "decimal", Decimal("0.10")),
        (f'"{NUMBER}"', "UUID", NUMBER),
        ('{"a": [1]}', "object", {"a": [1]}),
        ("null", "int", None),
        ("[1, 2]", "List[int]", [1, 2]),
        ("[[1], []]", "List[List[int]]", [[1], []]),
        ('{"a": "1"}', "Dict[str, int]", {"a": 1}),
        ('{"a": [{"word": "x"}]}', "Dict[str, List[TranscriptionWord]]", None),
        ('"srt"', "AudioResponseFormat", AudioResponseFormat.SRT),
        ('"srt"', AudioResponseFormat, AudioResponseFormat.SRT),
        ('"plain"', "CreateTranscription200Response", None),
    ],
)
def test_a_text_becomes_a_value_of_a_type(
    client: ApiClient, text: str, wanted: Any, value: Any
) -> None:
    given = client.deserialize(text, wanted)
    if value is None and text != "null":
        assert client.sanitize_for_serialization(given) == json.loads(text)
    else:
        assert given == value
        assert type(given) is type(value)


def test_models_are_named_or_given(client: ApiClient) -> None:
    for wanted in ("CreateTranscriptionResponseJson", CreateTranscriptionResponseJson):
        result = client.deserialize('{"text": "Hi"}', wanted)
        assert isinstance(result, CreateTranscriptionResponseJson)
        assert result.text == "Hi"
    words = client.deserialize('[{"word": "Hi"}]', "list[TranscriptionWord]", "application/json")
    assert words == [TranscriptionWord(word="Hi")]
    wrapped = client.deserialize('{"text": "Hi"}', CreateTranscription200Response)
    assert wrapped.text == "Hi"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-29T12:30:00Z", datetime(2024, 2, 29, 12, 30, tzinfo=timezone.utc)),
        ("2024-02-29T12:30:00.5+01:00", datetime(2024, 2, 29, 11, 30, 0, 500_000, timezone.utc)),
        ("20240229T123000Z", datetime(2024, 2, 29, 12, 30, tzinfo=timezone.utc)),
        ("2024-W09-4T12:30Z", datetime(2024, 2, 29, 12, 30, tzinfo=timezone.utc)),
    ],
)
def test_dates_are_read_in_every_form_of_iso_8601(
    client: ApiClient, text: str, moment: datetime
) -> None:
    for wanted in ("datetime", datetime):
        assert client.deserialize(json.dumps(text), wanted) == moment
    for kind in ("date", date):
        assert client.deserialize(json.dumps(text), kind) == moment.date()


@given(st.datetimes(timezones=st.sampled_from([timezone.utc, timezone(timedelta(hours=-7))])))
def test_a_moment_comes_back_as_it_went(client: ApiClient, moment: datetime) -> None:
    text = json.dumps(client.sanitize_for_serialization(moment))
    assert client.deserialize(text, "datetime") == moment


@pytest.mark.parametrize("content_type", ["text/plain", "application/octet-stream", "TEXT/VTT"])
def test_anything_but_json_stays_a_text(client: ApiClient, content_type: str) -> None:
    assert client.deserialize("5", "int", content_type) == "5"


@pytest.mark.parametrize("content_type", ["application/problem+json", "Application/JSON", None])
def test_every_kind_of_json_is_read(client: ApiClient, content_type: str | None) -> None:
    assert client.deserialize("5", "int", content_type) == 5


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{broken", "int"),
        ("[" * 100_000, "object"),
        ('"x"', "int"),
        ("[]", "int"),
        ('"x"', "Decimal"),
        ("5", "bytearray"),
        ("5", "datetime"),
        ('"soon"', "datetime"),
        ('"x"', "UUID"),
        ("[1]", "Dict[str, int]"),
        ('{"a": 1}', "List[int]"),
        ('"abc"', "List[str]"),
        ('"loud"', "AudioResponseFormat"),
        ("{}", "CreateTranscriptionResponseJson"),
        ("{}", "NoSuchModel"),
        ("{}", "ApiClient"),
        ("{}", object()),
    ],
)
def test_a_text_that_is_not_of_the_type_is_one_kind_of_error(
    client: ApiClient, text: str, wanted: Any
) -> None:
    with pytest.raises(ApiValueError) as caught:
        client.deserialize(text, wanted)
    assert repr(wanted) in str(caught.value)
    assert caught.value.__cause__ is not None
