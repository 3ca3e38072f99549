"""Settings of worker and recorder: the environment's `GIAOBAN_*`, with defaults.

`giaoban serve` hands its own environment down; on a machine of its own the operator sets it. A
wrong value is a `SettingError` that names the variable. No file is read here.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEMO = "demo"
"""Value of GIAOBAN_ASR_MODEL that means the model carried in this package."""
DEMO_MODEL = Path(__file__).parent / "models" / "demo" / "model"
MEGABYTE = 1024 * 1024


class SettingError(ValueError):
    """An environment variable is missing or wrong; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where web is, and who we are there. `name` is shown to the operator."""

    url: str
    token: str
    name: str


@dataclass(frozen=True, slots=True)
class RecorderSettings:
    """`chunk_s`: longest sound of one chunk. `disk_floor`: bytes that must stay free."""

    link: LinkSettings
    spool: Path
    chunk_s: int
    disk_floor: int


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """`model`: where one lies, or will when it is installed. `threads` 0: the engine decides."""

    link: LinkSettings
    model: Path
    threads: int
    device: str


def recorder_settings(environ: Mapping[str, str]) -> RecorderSettings:
    """GIAOBAN_WEB_URL, GIAOBAN_RECORDER_TOKEN, GIAOBAN_HOME, GIAOBAN_CHUNK_S (300),
    GIAOBAN_SPOOL_FLOOR_MB (500)."""
    return RecorderSettings(
        _link(environ, "GIAOBAN_RECORDER_TOKEN"),
        _home(environ) / "spool",
        _whole(environ, "GIAOBAN_CHUNK_S", 300, 1, 300),
        _whole(environ, "GIAOBAN_SPOOL_FLOOR_MB", 500, 0, 10**7) * MEGABYTE,
    )


def worker_settings(environ: Mapping[str, str]) -> WorkerSettings:
    """GIAOBAN_WEB_URL, GIAOBAN_WORKER_TOKEN, GIAOBAN_ASR_MODEL (the installed one in
    GIAOBAN_HOME), GIAOBAN_WORKER_NAME (the host's name), GIAOBAN_ASR_THREADS (0),
    GIAOBAN_ASR_DEVICE (auto, cpu, cuda)."""
    device = environ.get("GIAOBAN_ASR_DEVICE") or "auto"
    if device not in ("auto", "cpu", "cuda"):
        raise SettingError(f"GIAOBAN_ASR_DEVICE={device!r}: use auto, cpu or cuda")
    return WorkerSettings(
        _link(environ, "GIAOBAN_WORKER_TOKEN"),
        model_path(environ.get("GIAOBAN_ASR_MODEL", ""), environ),
        _whole(environ, "GIAOBAN_ASR_THREADS", 0, 0, 256),
        device,
    )


def model_path(value: str, environ: Mapping[str, str]) -> Path:
    """A model folder as it is set: a path, `demo`, or empty: the one that was installed."""
    if not value:
        return models_folder(environ) / "current"
    return DEMO_MODEL if value == DEMO else Path(value).expanduser().absolute()


def models_folder(environ: Mapping[str, str]) -> Path:
    """Where `asr install` puts models."""
    return _home(environ) / "models"


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("GIAOBAN_HOME") or "var").absolute()


def _link(environ: Mapping[str, str], token_name: str) -> LinkSettings:
    url = (environ.get("GIAOBAN_WEB_URL") or "http://127.0.0.1:8080").rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise SettingError(f"GIAOBAN_WEB_URL={url!r} must begin with http:// or https://")
    token = environ.get(token_name, "")
    if not token:
        raise SettingError(
            f"{token_name} is not set: `giaoban serve` makes one in its home folder; copy it here"
        )
    return LinkSettings(url, token, environ.get("GIAOBAN_WORKER_NAME") or socket.gethostname())


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise SettingError(f"{name}={text!r}: use a whole number from {low} to {high}")
    return int(text)
