"""What is wrong with this installation, and how to mend it.

Each check says one line. `ok` and `note` need nothing; `trouble` comes with the remedy. Checks only
look: nothing is made, mended or sent.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from server.domain.actors import Caller
from server.services.context import Context
from server.services.health import Installation, look_at_installation
from server.settings import Settings
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.migrate import NEWEST, stored_revision

GET_A_MODEL = (
    "run `giaoban asr install` (3 GB from the internet), or `giaoban asr install --from FOLDER`"
    " with a faster-whisper folder brought on a disk"
)
FREE_FLOOR = 2 * 1024**3  # a day of conferences with 64 seats
SEEN_WITHIN = timedelta(minutes=5)
TIMEOUT_S = 2.0
CHECK_S = 30.0


@dataclass(frozen=True)
class Finding:
    """One line: `level` ok, note or trouble."""

    level: str
    what: str
    mend: str = ""

    @property
    def trouble(self) -> bool:
        """Whether somebody must act."""
        return self.level == "trouble"

    def __str__(self) -> str:
        tail = f"\n{'':9}→ {self.mend}" if self.mend else ""
        return f"{self.level:<8} {self.what}{tail}"


def ok(what: str) -> Finding:
    """Nothing to do."""
    return Finding("ok", what)


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Every check, in the order one would mend things."""
    findings = [check_secrets(settings.home / "secrets.env"), check_disk(settings)]
    database = Database(settings.database_url)
    try:
        revision = check_database(database)
        findings.append(revision)
        if revision.trouble:
            return findings
        ctx = Context(database, FileStore(settings.files), Caller(agent="operator"), now)
        installation = look_at_installation(ctx)
    finally:
        database.close()
    findings += check_first_steps(installation)
    web = check_web(settings.web_url)
    findings += [web, check_media(settings)]
    findings += check_programs(installation, now, web_runs=web.level == "ok")
    findings.append(check_model(settings, installation.waiting_for_model))
    return findings


def check_secrets(path: Path) -> Finding:
    """Nobody else on the machine may read the secrets."""
    if not path.is_file():
        return ok("secrets: given by the environment")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Finding(
            "trouble", f"{path} can be read by others (mode {mode:o})", f"chmod 600 {path}"
        )
    return ok(f"secrets: {path}, mode {mode:o}")


def check_disk(settings: Settings) -> Finding:
    """Room for recordings."""
    free = FileStore(settings.files).free_bytes()
    words = f"{free / 1024**3:.1f} GiB free at {settings.files}"
    if free < FREE_FLOOR:
        return Finding(
            "trouble", f"disk: only {words}", "free space, or move GIAOBAN_HOME to a larger disk"
        )
    return ok(f"disk: {words}")


def check_database(database: Database) -> Finding:
    """It answers and is at the newest revision."""
    name = database.url.render_as_string(hide_password=True)
    try:
        revision = stored_revision(database)
    except Exception as error:
        return Finding(
            "trouble",
            f"database {name} does not answer: {type(error).__name__}",
            "start it, or mend GIAOBAN_DATABASE_URL",
        )
    if revision != NEWEST:
        return Finding(
            "trouble",
            f"database {name} is at revision {revision or 'none'}, not {NEWEST}",
            "run `giaoban migrate`",
        )
    return ok(f"database: {name}, revision {revision}")


def check_first_steps(installation: Installation) -> Iterator[Finding]:
    """Units are there, and somebody can administer."""
    if installation.units == 0:
        yield Finding(
            "trouble", "no units", "run `giaoban units import FILE…`, or start `giaoban serve` once"
        )
    else:
        yield ok(f"units: {installation.units}")
    if installation.administrators == 0:
        yield Finding(
            "trouble",
            "no administrator can sign in",
            "open the link that `giaoban serve` prints, or run `giaoban user reset admin`",
        )
    else:
        yield ok(f"administrators who can sign in: {installation.administrators}")


def check_web(url: str) -> Finding:
    """Web answers where the settings say it is."""
    status = http_status(f"{url}/healthz")
    if status == 200:
        return ok(f"web: {url}")
    if status is None:
        return Finding("note", f"web does not run at {url}; `giaoban serve` starts it")
    return Finding(
        "trouble",
        f"{url} answers {status}: something else is there",
        "mend GIAOBAN_WEB_URL or GIAOBAN_WEB_PORT",
    )


def check_media(settings: Settings) -> Finding:
    """The media server answers."""
    url = settings.livekit_url.replace("ws", "http", 1)
    url = settings.livekit_url if settings.livekit_url.startswith("http") else url
    status = http_status(f"{url}/readyz" if settings.embedded_media else url)
    if status is not None and status < 500:
        return ok(f"media: {settings.livekit_url}")
    if settings.embedded_media:
        return Finding(
            "note", f"media does not run at {settings.livekit_url}; `giaoban serve` starts it"
        )
    return Finding(
        "trouble",
        f"media: {settings.livekit_url} does not answer",
        "start that LiveKit server, or mend GIAOBAN_LIVEKIT_URL",
    )


def http_status(url: str) -> int | None:
    """The status of a GET; None when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - a setting
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return None


def check_programs(
    installation: Installation, now: datetime, *, web_runs: bool
) -> Iterator[Finding]:
    """Recorder and worker were there in the last minutes."""
    for scope in ("recorder", "worker"):
        at = installation.last_seen.get(scope)
        if at is not None and now - at <= SEEN_WITHIN:
            yield ok(f"{scope}: seen {int((now - at).total_seconds())} s ago")
        elif not web_runs:
            yield Finding("note", f"{scope}: cannot be seen while web does not run")
        else:
            seen = f"last seen {at:%Y-%m-%d %H:%M} UTC" if at else "never seen"
            yield Finding(
                "trouble",
                f"{scope}: {seen}",
                f"start `giaoban {scope}`; its token must be this home's"
                f" GIAOBAN_{scope.upper()}_TOKEN",
            )


def check_model(settings: Settings, waiting: int) -> Finding:
    """A speech model is there and whole; without one, recordings wait.

    The worker's own check is asked, in a process of its own: the server imports no engine.
    """
    jobs = f"{waiting} recording job{'s' if waiting != 1 else ''} waiting"
    try:
        asked = subprocess.run(
            [sys.executable, "-m", "transcription", "asr", "check", "--files"],
            env={
                **os.environ,
                "GIAOBAN_HOME": str(settings.home),
                "GIAOBAN_ASR_MODEL": settings.asr_model,
            },
            capture_output=True,
            text=True,
            timeout=CHECK_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        what = f"the speech model's check gave no answer in {CHECK_S:g} s; {jobs}"
        return Finding("trouble", what, "look at the disk that the models lie on")
    if asked.returncode == 0:
        return ok(f"speech model: {asked.stdout.strip()}; {jobs}")
    what = asked.stderr.strip().removeprefix("giaoban: ")
    chosen = settings.asr_model or (settings.home / "models" / "current").exists()
    level = "trouble" if waiting or chosen else "note"
    return Finding(level, f"{what}; {jobs}", GET_A_MODEL)
