"""Settings come from the environment, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from transcription.settings import (
    DEMO_MODEL,
    SettingError,
    recorder_settings,
    worker_settings,
)

TOKENS = {"GIAOBAN_WORKER_TOKEN": "w", "GIAOBAN_RECORDER_TOKEN": "r"}


def test_defaults() -> None:
    recorder = recorder_settings(TOKENS)
    assert recorder.link.url == "http://127.0.0.1:8080"
    assert recorder.link.token == "r"
    assert recorder.chunk_s == 300
    assert recorder.spool == Path("var").absolute() / "spool"
    worker = worker_settings(TOKENS)
    assert worker.link.token == "w"
    assert worker.model == Path("var").absolute() / "models" / "current"


def test_what_is_set_is_used() -> None:
    given = {
        **TOKENS,
        "GIAOBAN_WEB_URL": "https://hop.camau.gov.vn/",
        "GIAOBAN_HOME": "/srv/giaoban",
        "GIAOBAN_CHUNK_S": "60",
        "GIAOBAN_ASR_MODEL": "demo",
    }
    assert recorder_settings(given).spool == Path("/srv/giaoban/spool")
    assert recorder_settings(given).chunk_s == 60
    assert worker_settings(given).link.url == "https://hop.camau.gov.vn"
    assert worker_settings(given).model == DEMO_MODEL
    assert worker_settings({**given, "GIAOBAN_ASR_MODEL": ""}).model == Path(
        "/srv/giaoban/models/current"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIAOBAN_WEB_URL", "hop.camau.gov.vn"),
        ("GIAOBAN_CHUNK_S", "301"),
        ("GIAOBAN_CHUNK_S", "five"),
        ("GIAOBAN_RECORDER_TOKEN", ""),
        ("GIAOBAN_SPOOL_FLOOR_MB", "-1"),
    ],
)
def test_a_wrong_recorder_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        recorder_settings({**TOKENS, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("GIAOBAN_WORKER_TOKEN", ""), ("GIAOBAN_ASR_DEVICE", "tpu"), ("GIAOBAN_ASR_THREADS", "-2")],
)
def test_a_wrong_worker_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        worker_settings({**TOKENS, name: value})
