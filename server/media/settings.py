"""Settings of the engine, read once from the environment.

A wrong setting stops the start with one sentence that names the variable.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

SECRET_CHARACTERS = 32


class SettingsError(ValueError):
    """An environment variable is missing or wrong; the text is for the operator."""


@dataclass(frozen=True)
class Announced:
    """An address that candidates carry; port 0 means the engine's own UDP port."""

    host: str
    port: int


@dataclass(frozen=True)
class Settings:
    """Times in seconds, rates in bits per second. Port 0 takes any free port."""

    key: str
    secret: str
    bind: str = "127.0.0.1"
    http_port: int = 7880
    udp_port: int = 7882
    announce: tuple[Announced, ...] = ()
    webhook_url: str | None = None
    uplink_bps: int = 2_500_000
    resume_seconds: float = 15.0
    empty_seconds: float = 5.0
    peer_timeout_seconds: float = 30.0


def settings_from_env(env: Mapping[str, str]) -> Settings:
    """Settings from `GIAOBAN_*` variables; raises SettingsError."""
    key = _required(env, "GIAOBAN_LIVEKIT_KEY")
    secret = _required(env, "GIAOBAN_LIVEKIT_SECRET")
    if len(secret) < SECRET_CHARACTERS:
        raise SettingsError(
            f"GIAOBAN_LIVEKIT_SECRET has {len(secret)} characters; it needs {SECRET_CHARACTERS}"
        )
    bind = _ip(env.get("GIAOBAN_BIND") or Settings.bind, "GIAOBAN_BIND")
    return Settings(
        key=key,
        secret=secret,
        bind=bind,
        http_port=_port(env, "GIAOBAN_MEDIA_PORT", Settings.http_port),
        udp_port=_port(env, "GIAOBAN_MEDIA_UDP_PORT", Settings.udp_port),
        announce=_announced(env.get("GIAOBAN_MEDIA_ANNOUNCE", "")),
        webhook_url=_webhook(env),
        uplink_bps=int(_number(env, "GIAOBAN_MEDIA_UPLINK_BPS", Settings.uplink_bps)),
        resume_seconds=_number(env, "GIAOBAN_MEDIA_RESUME_SECONDS", Settings.resume_seconds),
        empty_seconds=_number(env, "GIAOBAN_MEDIA_EMPTY_SECONDS", Settings.empty_seconds),
        peer_timeout_seconds=_number(
            env, "GIAOBAN_MEDIA_PEER_TIMEOUT_SECONDS", Settings.peer_timeout_seconds
        ),
    )


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise SettingsError(f"{name} is not a number: {text!r}") from None
    if not 0 < value < 1e12:
        raise SettingsError(f"{name} must be greater than 0: {text!r}")
    return value


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    return _port_number(text, name) if text else default


def _port_number(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise SettingsError(f"{name} is not a port: {text!r}")
    return int(text)


def _ip(text: str, name: str) -> str:
    if text == "localhost":
        return "127.0.0.1"
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        raise SettingsError(f"{name} is not an IPv4 address: {text!r}") from None
    return text


def _announced(text: str) -> tuple[Announced, ...]:
    found = []
    for part in (p.strip() for p in text.split(",")):
        if part:
            host, _, port = part.partition(":")
            name = "GIAOBAN_MEDIA_ANNOUNCE"
            found.append(Announced(_ip(host, name), _port_number(port, name) if port else 0))
    return tuple(found)


def _webhook(env: Mapping[str, str]) -> str | None:
    url = env.get("GIAOBAN_MEDIA_WEBHOOK", "").strip()
    if not url and env.get("GIAOBAN_WEB_URL", "").strip():
        url = env["GIAOBAN_WEB_URL"].strip().rstrip("/") + "/livekit/webhook"
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(f"GIAOBAN_MEDIA_WEBHOOK is not an http address: {url!r}")
    return url or None
