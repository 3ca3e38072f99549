"""The schema and what the database refuses, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from server.domain.actors import Caller
from server.domain.deadlines import DeadlineKind, DeadlineReason
from server.domain.errors import UserError
from server.services import accounts, org, tokens
from server.services.context import Context
from server.storage import migrate as migrations
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.migrate import NEWEST, migrate, stored_revision
from server.storage.models import (
    Assignment,
    Attempt,
    AttendanceInterval,
    Base,
    Candidate,
    Conference,
    Deadline,
    Decision,
    Directive,
    FloorTurn,
    Gap,
    Job,
    RecordingAck,
    Seat,
    Segment,
    Track,
    TranscriptRun,
    Unit,
)
from server.storage.triggers import APPEND_ONLY, ENDED_ONCE, NO_UPDATE
from tests.people import ORIGIN, PASSWORD, START, WORKER_TOKEN, furnish
from tests.postgres import postgres

AGENT = {"by_agent": "test"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/giaoban.db"
    else:
        with postgres() as address:
            yield address


@pytest.fixture(scope="module")
def database(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Migrated and furnished, with one row in every table that keeps history."""
    with ThreadPoolExecutor(2) as pool:  # two programs that start at once
        done = list(pool.map(migrate, [url, url]))
    assert True in done
    db = Database(url)
    try:
        files = FileStore(tmp_path_factory.mktemp("files"))
        ctx = Context(db, files, Caller(agent="setup"), START)
        furnish(ctx)
        accounts.issue_reset(ctx, "tam")
        with db.write() as session:
            fill(session)
        yield db
    finally:
        db.close()


def fill(session: Session) -> None:
    """A conference with everything that is written once."""
    unit = session.scalars(sa.select(Unit).where(Unit.code == "32152")).one()
    conference = put(
        session,
        Conference,
        host_unit_id=unit.id,
        title="Giao ban",
        starts_at=START,
        planned_end_at=START,
        state="live",
        strategy="moderated",
        room_name="c-1",
    )
    seat = put(
        session,
        Seat,
        conference_id=conference.id,
        unit_id=unit.id,
        name="Đầm Dơi",
        kind="unit",
        sort=1,
    )
    put(session, RecordingAck, seat_id=seat.id, device_key="d", text_version="1", at=START)
    put(
        session,
        AttendanceInterval,
        seat_id=seat.id,
        identity="32152/1/d",
        participant_sid="PA_1",
        joined_at=START,
    )
    put(
        session,
        FloorTurn,
        conference_id=conference.id,
        seat_id=seat.id,
        exclusive=True,
        granted_at=START,
        start_ms=0,
        soft_s=240,
        hard_s=300,
        **AGENT,
    )
    track = put(
        session,
        Track,
        conference_id=conference.id,
        seat_id=seat.id,
        source="recorder",
        track_key="TR_1",
        codec="opus",
        start_ms=0,
    )
    put(session, Gap, conference_id=conference.id, start_ms=0, reason="network")
    job = put(
        session,
        Job,
        key="j",
        kind="transcribe",
        conference_id=conference.id,
        needs="model",
        payload={},
        state="leased",
        not_before_at=START,
        created_at=START,
    )
    put(session, Attempt, job_id=job.id, n=1, token_id=1, started_at=START)
    run = put(
        session,
        TranscriptRun,
        track_id=track.id,
        run=1,
        engine="e",
        model="m",
        model_sha256="0",
        params={},
        hotwords="",
        state="current",
        at=START,
    )
    put(
        session,
        Segment,
        run_id=run.id,
        clip_key="0-1",
        n=0,
        start_ms=0,
        end_ms=1,
        text="chào",
        words=[],
        confidence=1.0,
        avg_logprob=0.0,
        no_speech=0.0,
        compression=1.0,
    )
    candidate = put(
        session,
        Candidate,
        conference_id=conference.id,
        stable_key="k",
        lane="seat:1",
        state="open",
        proposal={},
        kind="task",
        title="t",
        task="t",
        deadline_kind="none",
        confidence=1.0,
        reasons=[],
        first_run=1,
        seen_run=1,
        start_ms=0,
    )
    put(
        session,
        Decision,
        candidate_id=candidate.id,
        action="edit",
        before={},
        after={},
        seconds=1,
        at=START,
        **AGENT,
    )
    directive = put(
        session,
        Directive,
        year=2025,
        title="t",
        text="t",
        source="oral",
        state="draft",
        deadline_kind="dated",
        due_on=date(2025, 10, 15),
    )
    assignment = put(
        session,
        Assignment,
        directive_id=directive.id,
        lead_unit_id=unit.id,
        state="new",
        deadline_kind=DeadlineKind.DATED,
    )
    put(
        session,
        Deadline,
        assignment_id=assignment.id,
        seq=1,
        deadline_kind="dated",
        due_on=date(2025, 10, 15),
        reason=DeadlineReason.ISSUED,
        asked_at=START,
        at=START,
        **AGENT,
    )


def put(session: Session, table: type[Any], /, **values: Any) -> Any:
    """Add a row; enums may be given by their value."""
    for name, value in values.items():
        column = table.__table__.c[name].type
        if isinstance(column, sa.Enum) and isinstance(value, str):
            assert column.enum_class is not None
            values[name] = column.enum_class(value)
    row = table(**values)
    session.add(row)
    session.flush()
    return row


def refused(database: Database, statement: sa.Executable) -> bool:
    """Whether the database refuses the statement as a change of history; another refusal is an
    error.
    """
    try:
        with database.write() as session:
            session.execute(statement)
    except sa.exc.DBAPIError as error:
        if "append-only" in str(error):
            return True
        raise
    return False


def test_the_newest_revision_is_the_last_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_migrating_again_changes_nothing(url: str, database: Database) -> None:
    assert stored_revision(database) == NEWEST
    assert migrate(url) is False


def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/empty.db")
    assert stored_revision(db) is None
    db.close()


def test_the_tables_are_those_of_the_models(database: Database) -> None:
    found = set(sa.inspect(database.engine).get_table_names()) - {"alembic_version"}
    assert found == set(Base.metadata.tables)


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_history_takes_neither_update_nor_delete(database: Database, name: str) -> None:
    table = Base.metadata.tables[name]
    column = table.c.get("data", table.c.get("at"))
    assert count(database, table) > 0
    assert refused(database, sa.update(table).values({column: column}))
    assert refused(database, sa.delete(table))


@pytest.mark.parametrize("name", NO_UPDATE)
def test_recognised_words_are_never_rewritten(database: Database, name: str) -> None:
    table = Base.metadata.tables[name]
    assert count(database, table) > 0
    assert refused(database, sa.update(table).values(text="khác"))


@pytest.mark.parametrize("name", ENDED_ONCE)
def test_an_interval_ends_once_and_stays(database: Database, name: str) -> None:
    table = Base.metadata.tables[name]
    end = table.c[ENDED_ONCE[name][0][0]]
    start = next(c for c in table.c if c.name.endswith(("_at", "_ms")) and c.name != end.name)
    with database.read() as session:
        key = session.scalar(sa.select(table.c.id).where(end.is_(None)).limit(1))
    assert key is not None
    here = sa.update(table).where(table.c.id == key)
    assert refused(database, here.values({start: later(start)}))
    assert not refused(database, here.values({end: later(end)}))
    assert refused(database, here.values({end: None}))
    assert refused(database, here.values({end: later(end)}))
    assert refused(database, sa.delete(table).where(table.c.id == key))


def later(column: sa.Column[Any]) -> Any:
    """A value for an instant or for milliseconds."""
    return START + timedelta(hours=1) if column.name.endswith("_at") else 60_000


def count(database: Database, table: sa.Table) -> int:
    """Rows of a table."""
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_failed_call_writes_nothing(database: Database) -> None:
    received = Base.metadata.tables["received"]
    row = sa.insert(received).values(
        scope="s", key="k", request_hash="h", status=200, response={}, at=START
    )

    def fails_after_writing() -> None:
        with database.write() as session:
            session.execute(row)
            raise LookupError

    with pytest.raises(LookupError):
        fails_after_writing()
    assert count(database, received) == 0


def test_people_and_programs_sign_in_on_both(database: Database, tmp_path: Path) -> None:
    ctx = Context(database, FileStore(tmp_path), Caller(agent="session"), START)
    signed_in = accounts.sign_in(ctx, "BICH", PASSWORD, ORIGIN)
    viewer = accounts.viewer_of_session(ctx, signed_in.token)
    assert viewer is not None
    assert viewer.unit == "xã Đầm Dơi"
    with pytest.raises(UserError, match="sign_in_failed"):
        accounts.sign_in(ctx, "bich", "wrong", ORIGIN)
    assert tokens.authenticate(ctx, WORKER_TOKEN, "worker") > 0
    assert len(org.list_units(ctx)) == 92
