"""The fixture of the speech tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.speech.speech_cast import Speech, begin
from tests.people import House


@pytest.fixture
def speech(house: House) -> Speech:
    """A conference in session."""
    return begin(house)


@pytest.fixture
def live(served: Any) -> Speech:
    """A conference in session, behind the server."""
    return begin(served.house)
