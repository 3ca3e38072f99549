"""What the database itself refuses: changing history.

One helper for both databases, because a rule that only the program holds is lost with the first
hand-written UPDATE. Append-only tables (A) refuse UPDATE and DELETE; tables of intervals (A1)
refuse DELETE, and let their end columns be set once; a segment is never rewritten. This module
makes statements only; migrations run them.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

APPEND_ONLY = ("change", "audit", "decision", "deadline", "recording_ack")
NO_UPDATE = ("segment",)
# table → (columns that end a row and are set once, columns that may change while it is open)
ENDED_ONCE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tenure": (("to_at",), ()),
    "one_time_link": (("used_at",), ()),
    "attendance_interval": (("left_at", "end_reason"), ()),
    "floor_turn": (("end_ms", "end_reason"), ("away_since_at",)),
    "gap": (("end_ms",), ("detail",)),
    "attempt": (("ended_at", "outcome", "detail"), ()),
}


def create_triggers(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Create every trigger on SQLite or PostgreSQL; the tables exist already."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.exec_driver_sql(
            "CREATE FUNCTION giaoban_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION '%% of %% is refused: append-only', TG_OP, TG_TABLE_NAME;"
            " END $$"
        )
    statements = _postgres if postgres else _sqlite
    for name, table, event, condition in _refusals(metadata, postgres):
        for statement in statements(name, table, event, condition):
            connection.exec_driver_sql(statement)


def _refusals(metadata: sa.MetaData, postgres: bool) -> Iterator[tuple[str, str, str, str | None]]:
    """(trigger name, table, UPDATE or DELETE, condition or None for always)."""
    for table in APPEND_ONLY:
        yield f"tr_{table}_update", table, "UPDATE", None
        yield f"tr_{table}_delete", table, "DELETE", None
    for table in NO_UPDATE:
        yield f"tr_{table}_update", table, "UPDATE", None
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    for table, (ends, open_columns) in ENDED_ONCE.items():
        fixed = [
            column.name
            for column in metadata.tables[table].columns
            if column.name not in ends and column.name not in open_columns
        ]
        ended = f"OLD.{ends[0]} IS NOT NULL"
        moved = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in fixed)
        yield f"tr_{table}_update", table, "UPDATE", f"{ended} OR {moved}"
        yield f"tr_{table}_delete", table, "DELETE", None


def _sqlite(name: str, table: str, event: str, condition: str | None) -> Iterator[str]:
    when = f" WHEN {condition}" if condition else ""
    yield (
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}"{when} BEGIN'
        f" SELECT RAISE(ABORT, '{event} of {table} is refused: append-only'); END"
    )


def _postgres(name: str, table: str, event: str, condition: str | None) -> Iterator[str]:
    when = f" WHEN ({condition})" if condition else ""
    yield (
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW{when}'
        " EXECUTE FUNCTION giaoban_refuse()"
    )
    if event == "DELETE":
        yield (
            f'CREATE TRIGGER {name}_all BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT'
            " EXECUTE FUNCTION giaoban_refuse()"
        )
