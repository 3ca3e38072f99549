"""The command line, `giaoban`: one command a program or an act of whoever runs the installation.

Nothing heavy is imported before it is known which command is wanted, so that every start is quick.
Exit status: 0 done, 1 something is wrong with the installation, 2 the command or a setting must be
mended. Messages are English and say what to do.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.domain.errors import GiaoBanError
    from server.services.context import Context
    from server.settings import Settings

Command = Callable[[list[str]], int]

PROBLEMS = {
    ("login", "taken"): "this login is taken",
    ("login", "characters"): "a login has 2 to 64 letters, digits and . _ - @",
    ("name", "empty"): "--name is empty",
    (
        "unit",
        "unknown",
    ): "no unit has this code (--unit); the codes are in transcription/data/*.csv",
    ("position", "held"): "somebody holds this position (--title); give another title",
    ("position", "other_role"): "this position (--title) exists with another role",
    ("units", "no_province"): "there is no unit of kind `province`; import departments first",
}


class CommandError(Exception):
    """What was asked for cannot be done; the message says what to mend."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for words in (tuple(arguments[:2]), tuple(arguments[:1])):
        if words in COMMANDS:
            return _run(COMMANDS[words][0], arguments[len(words) :])
    asked_for_help = arguments in (["--help"], ["-h"], ["help"])
    if arguments and not asked_for_help:
        print(f"giaoban: no command `{' '.join(arguments[:2])}`", file=sys.stderr)
    print(_usage(), file=sys.stdout if asked_for_help else sys.stderr)
    return 0 if asked_for_help else 2


def _run(command: Command, arguments: list[str]) -> int:
    from server.domain.errors import GiaoBanError
    from server.settings import SettingError

    try:
        return command(arguments)
    except (CommandError, SettingError) as error:
        print(f"giaoban: {error}", file=sys.stderr)
    except GiaoBanError as error:
        print(f"giaoban: {_sentence(error)}", file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 2


def _usage() -> str:
    width = max(len(" ".join(words)) for words in COMMANDS)
    lines = [f"  {' '.join(words):<{width}}  {what}" for words, (_, what) in COMMANDS.items()]
    return "\n".join(
        ["usage: giaoban COMMAND …", "", *lines, "", "giaoban COMMAND --help tells more."]
    )


def _sentence(error: GiaoBanError) -> str:
    if error.code == "invalid_field":
        key = (str(error.params.get("field")), str(error.params.get("problem")))
        return PROBLEMS.get(key, f"{key[0]}: {key[1]}")
    if error.code == "import_rows":
        rows = error.params["rows"]
        assert isinstance(rows, tuple)
        return "\n".join(["nothing was imported:", *(f"  {row}" for row in rows)])
    values = ", ".join(f"{name}={value}" for name, value in error.params.items())
    return f"{error.code} ({values})" if values else error.code


# Commands of programs: thin.


def _serve(arguments: list[str]) -> int:
    from server.supervise.serve import main as serve

    return serve(arguments)


def _web(arguments: list[str]) -> int:
    _parser("web", "The web server alone; `giaoban serve` runs everything.").parse_args(arguments)
    from aiohttp import web

    from server.web.app import make_app

    settings = _settings()
    _require_newest(settings)
    _log_to_stderr()
    # No access log: paths of one-time links are secrets. /metrics counts requests by route.
    try:
        web.run_app(
            make_app(settings),
            host=settings.bind,
            port=settings.web_port,
            access_log=None,
            print=None,
            shutdown_timeout=5.0,
        )
    except OSError as error:
        where = f"{settings.bind}:{settings.web_port}"
        raise CommandError(f"cannot listen on {where}: {error.strerror}") from error
    return 0


def _scheduler(arguments: list[str]) -> int:
    _parser("scheduler", "What is due by the clock, done in rounds.").parse_args(arguments)
    from server.scheduler.rounds import run

    settings = _settings()
    _require_newest(settings)
    _log_to_stderr()
    run(settings)
    return 0


def _demo(arguments: list[str]) -> int:
    demo: Command = importlib.import_module("server.demo.play").main
    return demo(arguments)


def _exec(*module: str) -> Command:
    """Become another program of ours, with the settings as they are understood here."""

    def command(arguments: list[str]) -> int:
        from server.supervise.programs import environment_of

        settings = _settings()
        environ = environment_of(settings, settings.asr_model)
        sys.stdout.flush()
        os.execve(  # noqa: S606 - our own interpreter and module
            sys.executable, [sys.executable, "-m", *module, *arguments], environ
        )

    return command


# Commands of the operator.


def _migrate(arguments: list[str]) -> int:
    text = "Bring the database to the newest revision; harmless when it is there."
    _parser("migrate", text).parse_args(arguments)
    from server.storage.migrate import NEWEST, migrate

    done = migrate(_settings().database_url)
    print(f"database: {'brought to' if done else 'already at'} revision {NEWEST}")
    return 0


def _user_add(arguments: list[str]) -> int:
    from server.domain.offices import PositionRole

    parser = _parser("user add", "Make an account with a post; prints its one-time link.")
    parser.add_argument("login", metavar="LOGIN")
    parser.add_argument("--name", required=True, help="the person's name")
    parser.add_argument("--unit", required=True, metavar="CODE", help="for example VPUB or 32152")
    parser.add_argument(
        "--role",
        required=True,
        choices=[role.value for role in PositionRole],
        metavar="ROLE",
        help=", ".join(role.value for role in PositionRole),
    )
    parser.add_argument("--title", default="", help="the position; default: the role's usual one")
    options = parser.parse_args(arguments)
    from server.services import org

    with _installation() as (settings, ctx):
        made = org.add_user(
            ctx,
            options.login,
            name=options.name,
            unit_code=options.unit,
            role=PositionRole(options.role),
            title=options.title,
        )
        print(f"{made.login}: {options.name}, {made.title}")
        print(f"One-time link, good for 7 days: {settings.web_url}{made.link}")
    return 0


def _user_reset(arguments: list[str]) -> int:
    parser = _parser(
        "user reset", "A new way in for somebody who lost the password: a link, and its code."
    )
    parser.add_argument("login", metavar="LOGIN")
    options = parser.parse_args(arguments)
    from server.domain.errors import UserError
    from server.services import accounts

    with _installation() as (settings, ctx):
        try:
            link = accounts.issue_reset(ctx, options.login)
        except UserError as error:
            if error.code == "not_found":
                raise CommandError(f"no account has the login {options.login!r}") from error
            raise
        print(f"One-time link: {settings.web_url}{link}")
        print(f"or at {settings.web_url}/reset the code {link.removeprefix('/link/')}")
    return 0


def _units_import(arguments: list[str]) -> int:
    parser = _parser(
        "units import",
        "Bring units to what CSV files say; the columns are those of transcription/data/*.csv."
        " All files or nothing; departments with the province's own unit come first.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    texts = [(path.name, _read(path)) for path in options.files]
    from server.services import org

    with _installation() as (_settings_, ctx):
        done = org.import_unit_files(ctx, texts)
    print(f"units: {done.made} made, {done.changed} changed, {done.same} as they were")
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def _doctor(arguments: list[str]) -> int:
    text = "Say what is wrong with this installation and how to mend it."
    _parser("doctor", text).parse_args(arguments)
    from server.clock import utc_now
    from server.doctor import examine

    findings = examine(_settings(), utc_now())
    for finding in findings:
        print(finding)
    return 1 if any(finding.trouble for finding in findings) else 0


# What commands share.


def _parser(name: str, text: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"giaoban {name}", description=text)


def _settings() -> Settings:
    from server import settings

    return settings.load()


def _require_newest(settings: Settings) -> None:
    from server.storage.engine import Database
    from server.storage.migrate import NEWEST, stored_revision

    database = Database(settings.database_url)
    try:
        found = stored_revision(database)
    finally:
        database.close()
    if found != NEWEST:
        raise CommandError(
            f"the database is at revision {found or 'none'}, this program needs {NEWEST}:"
            " run `giaoban migrate`"
        )


@contextmanager
def _installation() -> Iterator[tuple[Settings, Context]]:
    """The settings, and a context of whoever runs the installation."""
    from server.clock import utc_now
    from server.domain.actors import Caller
    from server.services.context import Context
    from server.storage.engine import Database
    from server.storage.files import FileStore

    settings = _settings()
    _require_newest(settings)
    database = Database(settings.database_url)
    try:
        yield (
            settings,
            Context(database, FileStore(settings.files), Caller(agent="setup"), utc_now()),
        )
    finally:
        database.close()


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


COMMANDS: dict[tuple[str, ...], tuple[Command, str]] = {
    ("serve",): (_serve, "run everything on this machine (--demo, --check)"),
    ("web",): (_web, "the web server alone"),
    ("media",): (_exec("server.media"), "the media engine alone"),
    ("worker",): (_exec("transcription", "worker"), "a worker: transcribes and extracts"),
    ("recorder",): (_exec("transcription", "recorder"), "the recorder"),
    ("scheduler",): (_scheduler, "what is due by the clock"),
    ("demo",): (_demo, "play the demo conference in a running installation"),
    ("migrate",): (_migrate, "bring the database to the newest revision"),
    ("user", "add"): (_user_add, "LOGIN --name … --unit CODE --role ROLE: an account with a post"),
    ("user", "reset"): (_user_reset, "LOGIN: a one-time link and code for a lost password"),
    ("units", "import"): (_units_import, "FILE…: units from CSV files"),
    ("asr", "install"): (
        _exec("transcription", "asr", "install"),
        "[MODEL] [--from FOLDER]: get a speech model",
    ),
    ("asr", "check"): (_exec("transcription", "asr", "check"), "whether the speech model is sound"),
    ("doctor",): (_doctor, "what is wrong with this installation, and how to mend it"),
}
