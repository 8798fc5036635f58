"""Fixtures of the tests of the transport."""

from __future__ import annotations

import pytest
from calls import WAYS


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """How the server is reached."""
    way: str = request.param
    return way
