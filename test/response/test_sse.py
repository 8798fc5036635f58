"""Server-sent events, by the rules of the WHATWG HTML standard, section 9.2.6."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openapiopenai._response.sse import EventParser, EventTooLargeError, ServerSentEvent


def events_of(stream: bytes, *cuts: int) -> list[ServerSentEvent]:
    """Parse a stream that comes in pieces, cut at these places."""
    parser = EventParser()
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(edges)]
    return [event for piece in pieces for event in parser.feed(piece)]


class Sent(NamedTuple):
    """An event as the standard has it: texts."""

    event: str
    data: str


def by_the_book(stream: bytes) -> list[Sent]:
    """Parse a stream as the standard words it, step by step and character by character."""
    text = stream.decode("utf-8-sig", "replace")
    lines, line, skip = [], "", False
    for character in text:
        if skip and character == "\n":
            skip = False
            continue
        skip = character == "\r"
        if character in "\r\n":
            lines.append(line)
            line = ""
        else:
            line += character
    # what is left is no line: an event that the end of the stream cuts is discarded
    return _dispatched(lines)


def _dispatched(lines: list[str]) -> list[Sent]:
    events, data, kind = [], "", ""
    for line in lines:
        if not line:
            if data:
                events.append(Sent(kind or "message", data.removesuffix("\n")))
            data, kind = "", ""
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data += value + "\n"
        elif name == "event":
            kind = value
    return events


def as_texts(events: list[ServerSentEvent]) -> list[Sent]:
    return [Sent(event, data.decode("utf-8", "replace")) for event, data in events]


RULES = {
    "an event is lines of fields and an empty line": (b"data: a\n\n", [("message", b"a")]),
    "lines may end with CR": (b"data: a\r\rdata: b\r\r", [("message", b"a"), ("message", b"b")]),
    "lines may end with CRLF": (b"data: a\r\n\r\n", [("message", b"a")]),
    "lines may end as they like": (
        b"data: a\r\n\rdata: b\n\r\n",
        [("message", b"a"), ("message", b"b")],
    ),
    "data of several lines is joined with LF": (
        b"data: a\ndata: b\r\ndata\n\n",
        [("message", b"a\nb\n")],
    ),
    "one space after the colon is left out": (
        b"data:  a\n\ndata:b\n\n",
        [("message", b" a"), ("message", b"b")],
    ),
    "a comment is passed over": (b": hi\n\n:\ndata: a\n: b\n\n", [("message", b"a")]),
    "an event has a name": (b"event: x\ndata: a\n\ndata: b\n\n", [("x", b"a"), ("message", b"b")]),
    "the last name counts": (b"event: x\nevent: y\ndata: a\n\n", [("y", b"a")]),
    "an empty name is none": (b"event:\ndata: a\n\n", [("message", b"a")]),
    "an event without data is none": (b"event: x\n\ndata: a\n\n", [("message", b"a")]),
    "empty data is data": (b"data\n\ndata:\n\n", [("message", b""), ("message", b"")]),
    "unknown fields are passed over": (
        b"retry: 9\nid: 1\nfoo: b\n data: c\nDATA: d\ndata: a\n\n",
        [("message", b"a")],
    ),
    "a mark at the start is left out": (b"\xef\xbb\xbfdata: a\n\n", [("message", b"a")]),
    "a mark elsewhere is a character": (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", [("message", b"a")]),
    "only one mark is left out": (b"\xef\xbb\xbf\xef\xbb\xbfdata: b\n\n", []),
    "what has no end is no event": (b"data: a\n\ndata: b\n", [("message", b"a")]),
    "U+2028, FF and NEL end no line": (
        "data: a\u2028b\x0c\x0b\x85\n\n".encode(),
        [("message", "a\u2028b\x0c\x0b\x85".encode())],
    ),
    "many empty lines are one": (
        b"\n\n\ndata: a\n\n\n\n\ndata: b\n\n\n",
        [("message", b"a"), ("message", b"b")],
    ),
    "a colon in the data is data": (b"data: a: b\n\n", [("message", b"a: b")]),
    "nothing is nothing": (b"", []),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_stream_is_read_by_the_rules_of_the_standard(rule: str) -> None:
    stream, expected = RULES[rule]
    found = events_of(stream)
    assert found == expected
    assert as_texts(found) == by_the_book(stream)


@pytest.mark.parametrize("rule", RULES)
def test_an_event_is_the_same_byte_by_byte(rule: str) -> None:
    stream = RULES[rule][0]
    assert events_of(stream, *range(len(stream))) == events_of(stream)


def test_an_event_comes_with_the_byte_that_ends_it() -> None:
    parser = EventParser()
    assert parser.feed(b"data: a\r\n") == []
    assert parser.feed(b"\r") == [("message", b"a")]
    assert parser.feed(b"\ndata: b\n\n") == [("message", b"b")]


def test_a_character_that_is_cut_in_two_is_whole_again() -> None:
    stream = "data: \U0001f600\n\n".encode()
    assert events_of(stream, 8)[0][1].decode() == "\U0001f600"


LINES = st.sampled_from(
    b"data: x|data:y|data|data: |event: e|event|id: 7|id|id: \0|: note|retry: 1|other: z|||data: "
    b"\xe2\x80\xa8|data: \xf0\x9f|data: \xff|\xef\xbb\xbf|\0| data: w".split(b"|")
)
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b"\r\n\r\n"])
STREAMS = st.lists(st.tuples(LINES, ENDS), max_size=12).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
) | st.lists(st.sampled_from([b"data: x", b"data: y\n"])).map(b"\n\n".join)


@given(STREAMS | st.binary(max_size=40), st.lists(st.integers(0, 90), max_size=6))
@example(b"\xef\xbb\xbf\n\ndata: x\n\n", [1])
@example(b"data: x\r\n\r\n", [8, 9, 10])
def test_however_a_stream_is_cut_its_events_are_those_of_the_standard(
    stream: bytes, cuts: list[int]
) -> None:
    assert as_texts(events_of(stream, *cuts)) == by_the_book(stream)


@given(STREAMS, st.lists(st.integers(0, 90), max_size=6))
def test_however_a_stream_is_cut_its_events_are_the_same(stream: bytes, cuts: list[int]) -> None:
    assert events_of(stream, *cuts) == events_of(stream)


@pytest.mark.parametrize("piece", [b"data: 123456", b"x" * 13, b"data: 1\n" * 2])
def test_an_event_without_an_end_is_refused_at_its_limit(piece: bytes) -> None:
    parser = EventParser(max_size=12)
    with pytest.raises(EventTooLargeError, match="12 bytes"):
        list(map(parser.feed, [piece] * 3))


def test_an_event_of_more_than_its_limit_is_refused_though_it_ends_at_once() -> None:
    with pytest.raises(EventTooLargeError):
        EventParser(max_size=12).feed(b"data: 1\n\ndata: 1234567\n\ndata: 1\n\n")


def test_many_events_together_may_have_more_than_one_may() -> None:
    parser = EventParser(max_size=12)
    assert len(parser.feed(b"data: 123456\n\n" * 50)) == 50
    assert [len(parser.feed(b"data: 12345\n\n")) for _ in range(50)] == [1] * 50
