"""Web's link as a fake, for worker and recorder alike."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.web_link import WebLink


@pytest.fixture
async def link() -> AsyncIterator[WebLink]:
    """Web's side of the worker link on real sockets, nothing in it yet."""
    async with WebLink() as link:
        yield link
