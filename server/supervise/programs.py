"""What runs, and with which environment: settings reach the programs by environment only."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from server.settings import Settings


@dataclass(frozen=True)
class Program:
    """One child: its name (also of its log file) and its arguments."""

    name: str
    argv: tuple[str, ...]


def programs_of(settings: Settings, asr_model: str) -> list[Program]:
    """The programs of this installation, in the order they start."""
    python = sys.executable
    programs = [Program("web", (python, "-m", "server", "web"))]
    if settings.embedded_media:
        programs.insert(0, Program("media", (python, "-m", "server.media")))
    programs += [
        Program("scheduler", (python, "-m", "server", "scheduler")),
        Program("recorder", (python, "-m", "transcription", "recorder")),
        Program("worker", (python, "-m", "transcription", "worker")),
    ]
    return programs


def environment_of(settings: Settings, asr_model: str) -> dict[str, str]:
    """The environment of every child: the lines of `.env`, ours over them, and the settings as they
    were understood.
    """
    environ = {**settings.file, **os.environ}
    environ |= {
        "GIAOBAN_HOME": str(settings.home),
        "GIAOBAN_BIND": settings.bind,
        "GIAOBAN_WEB_PORT": str(settings.web_port),
        "GIAOBAN_MEDIA_PORT": str(settings.media_port),
        "GIAOBAN_MEDIA_UDP_PORT": str(settings.media_udp_port),
        "GIAOBAN_DATABASE_URL": settings.database_url,
        "GIAOBAN_LIVEKIT_KEY": settings.livekit_key,
        "GIAOBAN_LIVEKIT_SECRET": settings.livekit_secret,
        "GIAOBAN_LIVEKIT_PUBLIC_URL": settings.livekit_public_url,
        "GIAOBAN_MEDIA_ANNOUNCE": settings.media_announce,
        "GIAOBAN_MEDIA_WEBHOOK": settings.media_webhook,
        "GIAOBAN_WEB_URL": settings.web_url,
        "GIAOBAN_WORKER_TOKEN": settings.worker_token,
        "GIAOBAN_RECORDER_TOKEN": settings.recorder_token,
        "GIAOBAN_ASR_MODEL": asr_model,
        "PYTHONUNBUFFERED": "1",
    }
    if not settings.embedded_media:
        environ["GIAOBAN_LIVEKIT_URL"] = settings.livekit_url
    return environ
