"""The fixture of the speech tests."""

from __future__ import annotations

import pytest

from tests.integration.speech.speech_cast import Speech, begin
from tests.people import House


@pytest.fixture
def speech(house: House) -> Speech:
    """A conference in session."""
    return begin(house)
