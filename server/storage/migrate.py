"""Bringing a database to the newest revision, quickly when it is there already.

Alembic takes a third of a second to import, so it is asked only when the stored revision is not
the newest one. Two programs that start at once migrate once: SQLite by `BEGIN IMMEDIATE`,
PostgreSQL by an advisory lock; the second one finds the work done.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from server.storage.engine import Database

NEWEST = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_KEY = 7_404_817_880  # any number that nobody else locks in this database


def migrate(db_url: str) -> bool:
    """Bring the database at `db_url` to the newest revision; True when something was done."""
    database = Database(db_url)
    try:
        if stored_revision(database) == NEWEST:
            return False
        _upgrade(database)
        return True
    finally:
        database.close()


def stored_revision(database: Database) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with database.read() as session:
        connection = session.connection()
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.exec_driver_sql(
            "SELECT version_num FROM alembic_version"
        ).scalar()
        return found


def _upgrade(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = database.engine.execution_options(giaoban_write=True)
    with engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
