"""Recordings take turns at the workers, and whoever leaves frees them."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, closing
from typing import TYPE_CHECKING

import pytest
from local.caller import SENTENCES, heard

from openapiopenai.local import speech
from openapiopenai.local.codecs import decode, encode
from openapiopenai.local.pauses import RATE, Span, utterances
from openapiopenai.local.recognition import Recogniser, RecognitionError

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator


def spoken(*sentences: str) -> tuple[array[int], list[Span]]:
    """:return: a recording of these sentences, and where they are in it."""
    encoded = b"".join(encode(speech.speak(" ".join(sentences), "alloy"), speech.RATE, "mp3"))
    samples = decode(encoded, RATE, max_seconds=60)
    return samples, utterances(samples)


async def texts(recogniser: Recogniser, recording: tuple[array[int], list[Span]]) -> list[str]:
    return [utterance.text async for utterance in recogniser.recognise(*recording)]


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    """Give one with a single worker, which has worked before, and so has its thread."""
    with closing(Recogniser()) as recogniser:
        recogniser.wait_until_ready()
        asyncio.run(texts(recogniser, spoken(SENTENCES[-1])))
        yield recogniser


def test_utterances_come_in_order_with_their_times(recogniser: Recogniser) -> None:
    async def recognised() -> list[tuple[str, float, float]]:
        recording = spoken(*SENTENCES[-2:])
        return [(u.text, u.start, u.end) async for u in recogniser.recognise(*recording)]

    (first, start, middle), (second, later, end) = asyncio.run(recognised())
    assert [first, second] == [heard(sentence) for sentence in SENTENCES[-2:]]
    assert 0 <= start < middle < later < end


def test_what_was_heard_before_makes_no_difference(recogniser: Recogniser) -> None:
    async def probabilities() -> list[float]:
        recording = spoken(SENTENCES[-1])
        return [w.logprob async for u in recogniser.recognise(*recording) for w in u.words]

    before = asyncio.run(probabilities())
    asyncio.run(texts(recogniser, spoken(SENTENCES[0])))
    assert asyncio.run(probabilities()) == before


def test_a_short_recording_need_not_wait_for_the_end_of_a_long_one(recogniser: Recogniser) -> None:
    order: list[str] = []

    async def listen(name: str, recording: tuple[array[int], list[Span]]) -> None:
        await texts(recogniser, recording)
        order.append(name)

    async def both() -> None:
        long, short = spoken(*SENTENCES[-3:]), spoken(SENTENCES[-1])
        await asyncio.gather(listen("long", long), listen("short", short))

    asyncio.run(both())
    assert order == ["short", "long"]


def test_whoever_leaves_early_lets_the_others_have_the_workers(recogniser: Recogniser) -> None:
    async def leave() -> list[str]:
        async with aclosing(recogniser.recognise(*spoken(*SENTENCES))) as recognised:
            assert (await anext(recognised)).text == heard(SENTENCES[0])
        return await asyncio.wait_for(texts(recogniser, spoken(SENTENCES[-1])), 10)

    assert asyncio.run(leave()) == [heard(SENTENCES[-1])]


def test_no_utterances_need_no_worker(recogniser: Recogniser) -> None:
    samples, _ = spoken(SENTENCES[-1])
    assert asyncio.run(texts(recogniser, (samples, []))) == []


def test_a_sound_that_is_no_word_is_no_utterance(recogniser: Recogniser) -> None:
    samples, _ = spoken(SENTENCES[-1])
    start_of_the_first_sound = Span(0, 2)
    assert asyncio.run(texts(recogniser, (samples, [start_of_the_first_sound]))) == []


def test_closing_ends_what_is_under_way() -> None:
    recogniser = Recogniser()
    recogniser.wait_until_ready()

    async def close_meanwhile() -> None:
        listening = asyncio.create_task(texts(recogniser, spoken(*SENTENCES)))
        await asyncio.sleep(0)  # now its first utterance is with the worker
        await asyncio.to_thread(recogniser.close)
        with pytest.raises((RecognitionError, RuntimeError, asyncio.CancelledError)):
            await listening

    asyncio.run(close_meanwhile())


def test_closing_before_being_ready_is_harmless() -> None:
    Recogniser(2).close()
