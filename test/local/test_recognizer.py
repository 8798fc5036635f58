"""Recordings take turns at the workers, and whoever leaves frees them."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, closing
from typing import TYPE_CHECKING

import pytest
from local.caller import SENTENCES, heard

from openapiopenai.local import synthesizer
from openapiopenai.local.codecs import decode, encode
from openapiopenai.local.recognizer import RecognitionError, Recognizer
from openapiopenai.local.vad import RATE, Span, detect_speech

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator


def spoken(*sentences: str) -> tuple[array[int], list[Span]]:
    """Return a recording of these sentences, and where they are in it."""
    encoded = b"".join(
        encode(synthesizer.synthesize(" ".join(sentences), "alloy"), synthesizer.RATE, "mp3")
    )
    samples = decode(encoded, RATE, max_seconds=60)
    return samples, detect_speech(samples)


async def texts(recognizer: Recognizer, recording: tuple[array[int], list[Span]]) -> list[str]:
    return [utterance.text async for utterance in recognizer.recognize(*recording)]


@pytest.fixture(scope="module")
def recognizer() -> Iterator[Recognizer]:
    """A recognizer with a single worker, whose thread has started."""
    with closing(Recognizer()) as recognizer:
        recognizer.wait_until_ready()
        asyncio.run(texts(recognizer, spoken(SENTENCES[-1])))
        yield recognizer


def test_utterances_come_in_order_with_their_times(recognizer: Recognizer) -> None:
    async def recognized() -> list[tuple[str, float, float]]:
        recording = spoken(*SENTENCES[-2:])
        return [(u.text, u.start, u.end) async for u in recognizer.recognize(*recording)]

    (first, start, middle), (second, later, end) = asyncio.run(recognized())
    assert [first, second] == [heard(sentence) for sentence in SENTENCES[-2:]]
    assert 0 <= start < middle < later < end


def test_earlier_recordings_make_no_difference(recognizer: Recognizer) -> None:
    async def probabilities() -> list[float]:
        recording = spoken(SENTENCES[-1])
        return [w.logprob async for u in recognizer.recognize(*recording) for w in u.words]

    before = asyncio.run(probabilities())
    asyncio.run(texts(recognizer, spoken(SENTENCES[0])))
    assert asyncio.run(probabilities()) == before


def test_a_short_recording_does_not_wait_for_a_long_one(recognizer: Recognizer) -> None:
    order: list[str] = []

    async def listen(name: str, recording: tuple[array[int], list[Span]]) -> None:
        await texts(recognizer, recording)
        order.append(name)

    async def both() -> None:
        long, short = spoken(*SENTENCES[-3:]), spoken(SENTENCES[-1])
        await asyncio.gather(listen("long", long), listen("short", short))

    asyncio.run(both())
    assert order == ["short", "long"]


def test_stopping_early_frees_the_workers(recognizer: Recognizer) -> None:
    async def leave() -> list[str]:
        async with aclosing(recognizer.recognize(*spoken(*SENTENCES))) as recognized:
            assert (await anext(recognized)).text == heard(SENTENCES[0])
        return await asyncio.wait_for(texts(recognizer, spoken(SENTENCES[-1])), 10)

    assert asyncio.run(leave()) == [heard(SENTENCES[-1])]


def test_no_utterances_need_no_worker(recognizer: Recognizer) -> None:
    samples, _ = spoken(SENTENCES[-1])
    assert asyncio.run(texts(recognizer, (samples, []))) == []


def test_a_sound_without_words_is_not_an_utterance(recognizer: Recognizer) -> None:
    samples, _ = spoken(SENTENCES[-1])
    start_of_the_first_sound = Span(0, 2)
    assert asyncio.run(texts(recognizer, (samples, [start_of_the_first_sound]))) == []


def test_closing_stops_recognition_in_progress() -> None:
    recognizer = Recognizer()
    recognizer.wait_until_ready()

    async def close_meanwhile() -> None:
        listening = asyncio.create_task(texts(recognizer, spoken(*SENTENCES)))
        await asyncio.sleep(0)  # now its first utterance is with the worker
        await asyncio.to_thread(recognizer.close)
        with pytest.raises((RecognitionError, RuntimeError, asyncio.CancelledError)):
            await listening

    asyncio.run(close_meanwhile())


def test_closing_before_being_ready_is_harmless() -> None:
    Recognizer(2).close()
