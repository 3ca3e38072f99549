"""A house for the tests of conferences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import House, house_in


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A province in a temporary folder, with the cast."""
    yield from house_in(tmp_path)
