"""What is fuzzed: functions of any bytes, which fail by any exception that is not ours."""

from __future__ import annotations

import copy
import pickle
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fuzz.exchanges import Exchange
from pydantic import ValidationError

from openapiopenai import ApiException, CreateTranscription200Response, TranscriptTextDeltaEvent
from openapiopenai._response.events import END, documented_event, parse_event, parse_speech_event
from openapiopenai._response.json import UnreadableError
from openapiopenai._response.speech import read_speech
from openapiopenai._response.sse import EventParser
from openapiopenai._response.transcripts import transcription_reader, translation_reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openapiopenai._response.events import TranscriptionEvent
    from openapiopenai._response.sse import ServerSentEvent

FORMATS = (None, "json", "verbose_json", "diarized_json", "text", "srt")
KINDS = ("application/json", "text/plain", "text/event-stream", "audio/mpeg", "", "text/html")
CHARSETS = ("", "; charset=utf-16", "; charset=latin-1", "; charset=unicode_escape")

#: What a terminal obeys.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def check(outcome: Any) -> None:
    """Look at what came of an answer in every way that a caller may."""
    if isinstance(outcome, ApiException):
        assert str(outcome).encode()
        assert not _CONTROLS.search(str(outcome))
        assert len(str(outcome)) < 5000
        assert f"{outcome!r}{outcome.message}{outcome.retry_after}".encode()
        assert isinstance(outcome.code, (int, str, type(None)))
        assert isinstance(outcome.type, (str, type(None)))
        assert isinstance(outcome.param, (str, type(None)))
        assert str(pickle.loads(pickle.dumps(outcome))) == str(copy.copy(outcome))
    elif isinstance(outcome, CreateTranscription200Response):
        check_transcript(outcome)
    elif hasattr(outcome, "data"):
        check(outcome.data)


def check_transcript(result: CreateTranscription200Response) -> None:
    """Check that what is typed has its type, and that nothing about a result fails later."""
    assert isinstance(result.text, str)
    assert isinstance(result.language, (str, type(None)))
    assert isinstance(result.duration, (int, float, type(None)))
    assert isinstance(result.usage and result.usage.type, (str, type(None)))
    for word in result.words or ():
        assert isinstance(word.word, (str, type(None)))
        assert isinstance(word.start, (float, type(None)))
    for segment in result.segments or ():
        assert isinstance(segment.text, (str, type(None)))
        assert isinstance(segment.end, (float, type(None)))
        assert isinstance(segment.speaker, (int, str, type(None)))
    assert f"{result.to_json()}{result.to_str()}{result!r}{result}".encode()
    assert pickle.loads(pickle.dumps(result)).text == copy.deepcopy(result).text == result.text


def transcript_is_read(
    body: bytes, headers: Mapping[str, str], response_format: str | None, *, translated: bool
) -> None:
    """Read a transcript; what cannot be read raises UnreadableError, and nothing else."""
    reader: Any = translation_reader if translated else transcription_reader
    result = None
    with suppress(UnreadableError):
        result = reader(response_format)(body, headers)
    if isinstance(result, CreateTranscription200Response):
        check_transcript(result)
    elif result:
        assert isinstance(result.text + result.to_json() + result.to_str(), str)
        assert isinstance(result.language, (str, type(None)))


def speech_is_read(body: bytes, headers: Mapping[str, str]) -> None:
    """Read speech; there is some, or UnreadableError."""
    with suppress(UnreadableError):
        audio = read_speech(body, headers)
        assert type(audio) is bytearray
        assert audio


def stream_is_read(body: bytes) -> None:
    """Read a stream of events, of either kind."""
    for sent in EventParser().feed(body):
        with suppress(UnreadableError):
            assert isinstance(parse_speech_event(sent).audio, bytes)
        with suppress(UnreadableError):
            event = _typed(sent)
            assert f"{event!r}{event.to_json()}".encode()
            assert not isinstance(event, TranscriptTextDeltaEvent) or isinstance(event.delta, str)


def _typed(sent: ServerSentEvent) -> TranscriptionEvent:
    _, data = sent
    try:
        return documented_event()(data)
    except ValidationError:
        if data == END:
            raise UnreadableError("the end") from None
        return parse_event(sent)


def any_transcript(data: bytes) -> None:
    choice, body = data[0] if data else 0, data[1:]
    kind = KINDS[choice % len(KINDS)] + CHARSETS[choice // 7 % len(CHARSETS)]
    headers = {"content-type": kind}
    response_format = FORMATS[choice // 11 % len(FORMATS)]
    transcript_is_read(body, headers, response_format, translated=choice > 200)


def any_speech(data: bytes) -> None:
    choice, body = data[0] if data else 0, data[1:]
    speech_is_read(body, {"content-type": KINDS[choice % len(KINDS)]})


def any_error(data: bytes) -> None:
    check(ApiException(400, "Bad Request", body=data.decode("utf-8", "replace"), headers={}))


def any_cut(data: bytes) -> None:
    """Parse a stream whole and in pieces; the first byte says how long these are."""
    step, body = (data[0] % 16 + 1 if data else 1), data[1:]
    parser = EventParser()
    pieces = (body[start : start + step] for start in range(0, len(body), step))
    found = [event for piece in pieces for event in parser.feed(piece)]
    assert found == EventParser().feed(body)


def any_exchange(data: bytes) -> None:
    """Make two calls over a socket, the first of which any response is sent to."""
    check(Exchange(data).run())


TARGETS = (any_transcript, any_speech, stream_is_read, any_error, any_cut, any_exchange)
