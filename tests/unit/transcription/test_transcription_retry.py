"""When a request is made again, and what is final."""

from __future__ import annotations

import pytest

from transcription.contract.refusal import Refusal
from transcription.server_link.retry import (
    LeaseLost,
    backoff_s,
    may_pass,
    refusal_of_close,
    refused,
)


def test_waits_double_up_to_a_minute() -> None:
    assert [backoff_s(n) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert backoff_s(10_000) == 60


@pytest.mark.parametrize("status", [500, 502, 503, 507, 408, 429])
def test_may_pass(status: int) -> None:
    assert may_pass(status)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
def test_is_final(status: int) -> None:
    assert not may_pass(status)


def test_a_lost_lease_is_told_apart() -> None:
    assert isinstance(refused(409, Refusal("lease_lost", ""), "PUT x"), LeaseLost)
    assert not isinstance(refused(409, Refusal("offset_mismatch", "", 3), "PUT x"), LeaseLost)


def test_only_version_and_token_close_for_good() -> None:
    assert refusal_of_close(4400) is not None
    assert refusal_of_close(4401) is not None
    assert refusal_of_close(1006) is None
    assert refusal_of_close(1001) is None
