"""Settings: the environment's `GIAOBAN_*`, then `.env` in the home folder, then defaults.

Secrets are made on first start and kept in the home folder (mode 600). Only this module reads the
environment (the media engine and the worker's programs have their own, being programs of their
own).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MIN_SECRET = 32


class SettingError(ValueError):
    """A setting cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything an installation can set. See the README's table, one line each."""

    home: Path
    bind: str
    web_port: int
    media_port: int
    media_udp_port: int
    database_url: str
    livekit_url: str
    livekit_key: str
    livekit_secret: str
    livekit_public_url: str
    media_announce: str
    media_webhook: str
    web_url: str
    asr_model: str
    worker_token: str
    recorder_token: str
    duty_phone: str
    embedded_media: bool
    file: Mapping[str, str]
    """The lines of `.env`, also those that only the media engine, recorder or worker reads."""

    @property
    def files(self) -> Path:
        """Root of recordings and attachments."""
        return self.home / "files"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; makes the home folder and the secrets that are missing.

    Raises SettingError with what to do for a value that cannot be used.
    """
    environ = os.environ if environ is None else environ
    home = Path(environ.get("GIAOBAN_HOME", "var")).absolute()
    home.mkdir(parents=True, exist_ok=True)
    file = read_env(home / ".env")
    values = {**file, **environ}
    made = _secrets(home)

    def get(name: str, default: str = "") -> str:
        return values.get(f"GIAOBAN_{name}", "") or default

    def port(name: str, default: int) -> int:
        text = get(name, str(default))
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise SettingError(f"GIAOBAN_{name}={text!r} is no port: use a number from 1 to 65535")
        return int(text)

    bind = get("BIND", "127.0.0.1")
    host = "127.0.0.1" if bind in ("0.0.0.0", "::") else bind  # noqa: S104 - compared, not bound
    web_port, media_port = port("WEB_PORT", 8080), port("MEDIA_PORT", 7880)
    secret = get("LIVEKIT_SECRET", made["LIVEKIT_SECRET"])
    if len(secret) < MIN_SECRET:
        raise SettingError(f"GIAOBAN_LIVEKIT_SECRET is shorter than {MIN_SECRET} characters")
    web_url = get("WEB_URL", f"http://{host}:{web_port}")
    return Settings(
        home=home,
        bind=bind,
        web_port=web_port,
        media_port=media_port,
        media_udp_port=port("MEDIA_UDP_PORT", 7882),
        database_url=get("DATABASE_URL", f"sqlite:///{home / 'giaoban.db'}"),
        livekit_url=get("LIVEKIT_URL", f"http://{host}:{media_port}"),
        livekit_key=get("LIVEKIT_KEY", "giaoban"),
        livekit_secret=secret,
        livekit_public_url=get("LIVEKIT_PUBLIC_URL"),
        media_announce=get("MEDIA_ANNOUNCE"),
        media_webhook=get("MEDIA_WEBHOOK", f"{web_url}/livekit/webhook"),
        web_url=web_url,
        asr_model=get("ASR_MODEL"),
        worker_token=get("WORKER_TOKEN", made["WORKER_TOKEN"]),
        recorder_token=get("RECORDER_TOKEN", made["RECORDER_TOKEN"]),
        duty_phone=get("DUTY_PHONE"),
        embedded_media=not get("LIVEKIT_URL"),
        file=file,
    )


def read_env(path: Path) -> dict[str, str]:
    """`NAME=value` lines of a file; `#` starts a comment line. A missing file is empty."""
    if not path.is_file():
        return {}
    out = {}
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            out[name.strip()] = value.strip().strip("\"'")
    return out


def _secrets(home: Path) -> dict[str, str]:
    path = home / "secrets.env"
    known = read_env(path)
    missing = [n for n in ("LIVEKIT_SECRET", "WORKER_TOKEN", "RECORDER_TOKEN") if n not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(36) for name in missing}
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write("".join(f"{name}={value}\n" for name, value in known.items()))
    return known
