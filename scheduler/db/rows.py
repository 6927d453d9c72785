"""Rows as plain JSON and back, for the audit trail and for undo."""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import inspect

from config.webaddress import usable
from scheduler.db.store import Session
from scheduler.db.tables.base import Base
from scheduler.db.tables.types import Address
from scheduler.domain.model.audit import SECRETS

STAMP_COLUMNS = frozenset(
    {"version", "sequence", "public_modified", "moved_from", "updated", "updated_by", "created"}
)
"""Columns about when a row changed, not about its content. Undo leaves them alone."""
OBSERVED_COLUMNS = frozenset(
    {
        *("outcome", "outcome_reason", "aired_start", "aired_end", "thumbnail"),
        *("recorded_length", "recorded_ok", "recorded_note", "recorded_at"),
    }
)
"""Columns that record what happened on air, which no undo can change."""


def snapshot(row: Base) -> dict[str, Any]:
    """Return what the row says now, as JSON values by column name. A secret appears as a short
    hash.
    """
    return {
        attribute.key: _said(attribute.key, getattr(row, attribute.key))
        for attribute in inspect(type(row)).column_attrs
        if attribute.key not in STAMP_COLUMNS and attribute.key not in OBSERVED_COLUMNS
    }


def restore(row: Base, values: dict[str, Any]) -> None:
    """Set the row back to what `snapshot` returned. Unknown columns and secrets are skipped."""
    for attribute in inspect(type(row)).column_attrs:
        if attribute.key in values and attribute.key not in SECRETS:
            column = attribute.columns[0].type
            value = _decode(values[attribute.key], column.python_type)
            # An older version may have recorded an address that today's rule refuses.
            setattr(row, attribute.key, usable(value) if isinstance(column, Address) else value)


def find_row(session: Session, table: str, key: list[str]) -> Base | None:
    """Return the row of `table` with this primary key, locked for change; None if it is gone."""
    for mapper in Base.registry.mappers:
        if getattr(mapper.class_, "__tablename__", "") == table:
            row = session.get(mapper.class_, tuple(key), with_for_update=True)
            return row if isinstance(row, Base) else None
    return None


def table_of(row: Base) -> str:
    """Return the name of the row's table."""
    return str(row.__tablename__)


def key_of(row: Base) -> list[str]:
    """Return the primary key of the row, as text."""
    mapper = inspect(type(row))
    return [str(getattr(row, mapper.get_property_by_column(c).key)) for c in mapper.primary_key]


def _said(name: str, value: Any) -> Any:
    if name in SECRETS:
        return hashlib.sha256(str(value).encode()).hexdigest()[:8]
    return _encode(value)


def _encode(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    return value


def _decode(value: Any, kind: type) -> Any:
    if value is None:
        return None
    if kind in (datetime, date, time):
        return kind.fromisoformat(value)
    if kind is timedelta:
        return timedelta(microseconds=value)
    return value
