"""Column types that read the same from SQLite and PostgreSQL.

Instants are UTC with milliseconds: `timestamptz` on PostgreSQL, fixed-width text on SQLite
(`2025-10-15T16:59:59.999Z`), which sorts as it should. Enums are text with a CHECK made from the
Python enum.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime with whole milliseconds."""

    impl = sa.String(24)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.String(24))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
        if dialect.name == "postgresql":
            return value
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """JSON as text; the shape is owned by a dataclass of the domain or of the worker contract."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return (
            None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        )

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def enum_of(kind: type[Enum]) -> sa.Enum:
    """Text with a CHECK of the enum's values; rows give the enum member back."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=max(24, *(len(str(member.value)) for member in kind)),
        name=kind.__name__.lower(),
        values_callable=lambda members: [str(member.value) for member in members],
    )
