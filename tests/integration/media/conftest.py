"""One engine for all tests here, and seats on the `livekit` SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.fakes.media_engine import MediaEngine
from tests.fakes.media_seat import Seats


@pytest.fixture(scope="session")
def engine() -> Iterator[MediaEngine]:
    """Tests use rooms of their own. Whatever they did to it, it must not have lost its temper."""
    with MediaEngine() as running:
        yield running
        assert "Traceback" not in running.log()


@pytest.fixture
async def seats(engine: MediaEngine) -> AsyncIterator[Seats]:
    """Joins seats and takes them out at the end."""
    async with Seats(engine) as joining:
        yield joining
