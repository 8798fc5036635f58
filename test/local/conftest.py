"""What the tests of the local speech server share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from local.caller import SENTENCE, SENTENCES, Caller

if TYPE_CHECKING:
    from openapiopenai.local import LocalServer


@pytest.fixture(scope="session")
def caller(local_server: LocalServer) -> Caller:
    """A caller of the session's server."""
    return Caller(local_server)


@pytest.fixture(scope="session")
def sentence_mp3(caller: Caller) -> bytes:
    """A recording of the shortest sentence."""
    return caller.spoken(SENTENCE)


@pytest.fixture(scope="session")
def paused_mp3(caller: Caller) -> bytes:
    """A recording of three sentences, with a pause after each."""
    return caller.spoken(" ".join(SENTENCES[-3:]))
