"""Settings: environment over `.env` over defaults; secrets made once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from server.settings import SettingError, load, read_env
from server.supervise.programs import environment_of
from server.web.middleware import media_public_url
from server.web.pages.sign_in import safe_target


def test_secrets_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = load({"GIAOBAN_HOME": str(tmp_path)})
    second = load({"GIAOBAN_HOME": str(tmp_path)})
    assert first.livekit_secret == second.livekit_secret
    assert len(first.livekit_secret) >= 32
    assert len({first.livekit_secret, first.worker_token, first.recorder_token}) == 3
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nGIAOBAN_WEB_PORT=9000\nGIAOBAN_DUTY_PHONE='0290 1'\n")
    home = {"GIAOBAN_HOME": str(tmp_path)}
    assert load(home).web_port == 9000
    assert load(home).duty_phone == "0290 1"
    assert load(home | {"GIAOBAN_WEB_PORT": "9001"}).web_port == 9001


def test_lines_of_the_file_reach_the_programs_that_read_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("GIAOBAN_CHUNK_S=60\nGIAOBAN_MEDIA_UPLINK_BPS=900000\n")
    monkeypatch.setenv("GIAOBAN_MEDIA_UPLINK_BPS", "800000")
    environ = environment_of(load({"GIAOBAN_HOME": str(tmp_path)}), "")
    assert environ["GIAOBAN_CHUNK_S"] == "60"
    assert environ["GIAOBAN_MEDIA_UPLINK_BPS"] == "800000"


@pytest.mark.parametrize(
    ("name", "value"),
    [("WEB_PORT", "x"), ("WEB_PORT", "0"), ("MEDIA_PORT", "70000"), ("LIVEKIT_SECRET", "short")],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"GIAOBAN_{name}"):
        load({"GIAOBAN_HOME": str(tmp_path), f"GIAOBAN_{name}": value})


def test_a_missing_file_is_empty(tmp_path: Path) -> None:
    assert read_env(tmp_path / ".env") == {}


def test_browsers_dial_the_host_they_know(tmp_path: Path) -> None:
    inner = "http://127.0.0.1:7880"
    assert media_public_url("", inner, "10.0.0.5", secure=False) == "ws://10.0.0.5:7880"
    assert media_public_url("", inner, "giaoban.vn", secure=True) == "wss://giaoban.vn:7880"
    assert media_public_url("wss://sfu.vn", inner, "x", secure=False) == "wss://sfu.vn"
    assert media_public_url("", "https://sfu.vn", "x", secure=False) == "wss://sfu.vn"


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/directives?tab=late", "/directives?tab=late"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/sign-in?next=/sign-in", "/"),
        ("/sign-out", "/"),
    ],
)
def test_only_a_path_of_ours_is_gone_on_to(target: str, safe: str) -> None:
    assert safe_target(target) == safe
