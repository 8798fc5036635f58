"""Fields beyond the documented ones: names in brackets, and numbers of other libraries."""

from __future__ import annotations

import numbers
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from calls import SPEECH, WAV, client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire import RecordingServer

    from openapiopenai import AudioApi


@pytest.fixture
def api(recording: RecordingServer) -> Iterator[AudioApi]:
    with client(recording.host) as api:
        yield api


def sent(recording: RecordingServer, api: AudioApi, **fields: Any) -> list[tuple[str, str]]:
    api.create_transcription(WAV, "w", _extra_fields=fields)
    return [(part.name, part.text) for part in recording.last.form[2:]]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"a[]": ["x", "y"]}, [("a[]", "x"), ("a[]", "y")]),
        ({"a[]": "x"}, [("a[]", "x")]),
        ({"a": ["x"]}, [("a[]", "x")]),
        ({"a[b]": ["x"]}, [("a[b][]", "x")]),
        ({"a[]": []}, []),
    ],
)
def test_a_name_that_ends_in_brackets_stays_as_it_is(
    recording: RecordingServer, api: AudioApi, fields: Any, expected: list[tuple[str, str]]
) -> None:
    assert sent(recording, api, **fields) == expected


class Scalar:
    """A number as NumPy has it: of no type of Python's, with ``shape`` and ``item``."""

    shape = ()

    def __init__(self, value: Any) -> None:
        self._value = value

    def item(self) -> Any:
        return self._value


class Whole:
    """An integer of another library, registered as the numeric tower asks for."""

    def __int__(self) -> int:
        return 7


numbers.Integral.register(Whole)

NUMBERS = [
    (Scalar(0.5), "0.5", 0.5),
    (Scalar(3), "3", 3),
    (Scalar(value=True), "true", True),
    (Whole(), "7", 7),
    (Fraction(1, 4), "0.25", 0.25),
]


@pytest.mark.parametrize(("number", "text", "plain"), NUMBERS)
def test_numbers_of_other_libraries_are_numbers(
    recording: RecordingServer, api: AudioApi, number: Any, text: str, plain: object
) -> None:
    assert sent(recording, api, x=number, y=[number]) == [("x", text), ("y[]", text)]
    recording.answers_always(body=b"ID3 audio", headers={"Content-Type": "audio/mpeg"})
    api.create_speech({**SPEECH, "further": number}, _extra_fields={"x": [number]})
    assert recording.last.json == {**SPEECH, "further": plain, "x": [plain]}


def test_an_array_is_no_number(api: AudioApi) -> None:
    array = Scalar(3)
    array.shape = (1,)  # type: ignore[assignment] # as an array of one has it
    with pytest.raises(TypeError, match="the field 'x' is Scalar, which a form cannot hold"):
        api.create_transcription(WAV, "w", _extra_fields={"x": array})
